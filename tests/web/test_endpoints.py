"""The row of an endpoint is true for its calls: scopes, cost, parameters, body, and the answers that it names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from schemas.options import properties
from service.jobs.keys.records import Limits
from service.model.settings import Settings
from service.web import ENDPOINTS, authentication, endpoint
from service.web.application import create_app
from service.web.endpoint import ADMIN, ANYBODY, CONVERSION, CONVERT, FREE, JOB, JOBS, METRICS, REQUEST, Endpoint
from service.web.openapi import CONVERTER, TAGS
from service.web.services import of
from tests.web.conftest import Send

ROWS = [row for module in ENDPOINTS for row in endpoint.of_module(module)]
GUARDED = [row for row in ROWS if row.scopes is not ANYBODY]
Call = Callable[..., TestResponse]


def named(row: Endpoint) -> str:
    return f"{row.method} {row.path}"


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    app = create_app(Settings(data_dir=str(tmp_path_factory.mktemp("endpoints")), workers=1, keys="required"))
    yield app.test_client()
    of(app).stop()


@pytest.fixture(scope="module")
def call(guarded: FlaskClient) -> Call:
    """`call(row, scopes, requests=3)`: the answer to a key of these scopes and limits; the ids in the path are of nothing."""

    def ask(row: Endpoint, scopes: tuple[str, ...], query: Mapping[str, str] | None = None, **limits: int) -> TestResponse:
        _, text = of(guarded.application).keys.create("test", scopes, Limits(**limits))
        return guarded.open(
            CONVERTER.sub("0", row.path), method=row.method, query_string=query, headers={"X-API-Key": text}, buffered=True
        )

    return ask


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_row(row: Endpoint) -> None:
    assert row.cost in (FREE, REQUEST, CONVERSION, JOB) and row.tag in TAGS
    assert row.scopes is ANYBODY or set(row.scopes) <= {*CONVERT, *JOBS, *METRICS, *ADMIN}
    assert row.cost == FREE or row.scopes is not ANYBODY
    assert row.cost not in (CONVERSION, JOB) or {"convert", "jobs"} & set(row.scopes or ())
    assert any(status < 300 for status in row.answers)


def test_names_and_routes_are_unique() -> None:
    assert len({row.name for row in ROWS}) == len({named(row) for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", [row for row in GUARDED if row.scopes], ids=named)
def test_the_scopes_of_the_row_decide(row: Endpoint, call: Call) -> None:
    others = tuple({*CONVERT, *JOBS, *METRICS, *ADMIN} - set(row.scopes or ()))
    assert call(row, others).status_code == 403
    for scope in row.scopes or ():
        assert call(row, (scope,)).status_code not in (401, 403)


@pytest.mark.parametrize("row", GUARDED, ids=named)
def test_the_cost_of_the_row_is_counted(row: Endpoint, call: Call) -> None:
    answer = call(row, row.scopes or ("convert",), requests=3)
    assert ("RateLimit" in answer.headers) == (row.cost != FREE)
    assert row.cost == FREE or answer.headers["RateLimit"].startswith('"requests";r=2')


@pytest.mark.parametrize("row", [row for row in ROWS if row.cost not in (CONVERSION, JOB)], ids=named)
def test_a_row_without_the_cost_cannot_convert(row: Endpoint, guarded: FlaskClient) -> None:
    with guarded.application.test_request_context(CONVERTER.sub("0", row.path), method=row.method):
        with pytest.raises(AssertionError, match=row.name), authentication.spending():
            pass
        with pytest.raises(AssertionError, match=row.name), authentication.queueing():
            pass


@pytest.mark.parametrize("row", [row for row in ROWS if row.query], ids=named)
def test_the_parameters_of_the_row_are_checked(row: Endpoint, call: Call) -> None:
    assert row.query
    wrong = {name: value for name, each in properties(row.query).items() if (value := outside(each)) is not None}
    for query in ({"no_such_parameter": "1"}, *({name: value} for name, value in wrong.items())):
        answer = call(row, row.scopes or (), query)
        assert answer.status_code == 422
        assert [each["pointer"] for each in answer.get_json()["errors"]] == [f"/{name}" for name in query]


def outside(property: Mapping[str, Any]) -> str | None:
    """A value that the schema does not allow; None if it allows any text."""
    if "maximum" in property:
        return str(property["maximum"] + 1)
    if "maxLength" in property:
        return "x" * (property["maxLength"] + 1)
    return "no such value" if property["type"] != "string" or "enum" in property or "pattern" in property else None


@pytest.mark.parametrize("row", [row for row in ROWS if row.body], ids=named)
def test_the_body_of_the_row_is_checked(row: Endpoint, send: Send, client: FlaskClient) -> None:
    fields = {"to": "pdf"} if row.body and "to" in row.body.form else {}
    answer = send(row.path, **fields, no_such_field="1")
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.get_json()["errors"]] == ["/no_such_field"]
    assert client.post(row.path).status_code == 400


@pytest.mark.parametrize("row", [row for row in ROWS if row.method == "GET"], ids=named)
def test_the_answer_is_one_of_the_row(row: Endpoint, client: FlaskClient) -> None:
    answer = client.get(CONVERTER.sub("0", row.path), buffered=True)
    if answer.status_code in row.answers:
        assert answer.mimetype in row.answers[answer.status_code]
    else:
        assert answer.status_code in row.problems
        assert answer.mimetype == "application/problem+json"
