"""Keys over HTTP: what is open, what is not, and that it is settled before the body is read."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.jobs.keys.records import Limits
from service.jobs.keys.store import KeyStore
from service.model.settings import Settings
from service.web import authentication, endpoint
from service.web.application import create_app
from service.web.services import of
from tests.web.conftest import ARTICLE

Ask = Callable[..., TestResponse]
OPEN = ["/", "/healthz", "/readyz", "/version", "/openapi.yaml", "/problems", "/problems/unauthorized", "/v1/messages"]


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    app = create_app(Settings(data_dir=str(tmp_path_factory.mktemp("guarded")), workers=1, keys="required"))
    yield app.test_client()
    of(app).stop()


@pytest.fixture(scope="module")
def keys(guarded: FlaskClient) -> KeyStore:
    return of(guarded.application).keys


def made(keys: KeyStore, *scopes: str, **limits: int) -> dict[str, str]:
    """The header of a new key."""
    return {"Authorization": f"Bearer {keys.create('test', scopes, Limits(**limits))[1]}"}


def upload(**fields: Any) -> dict[str, Any]:
    return {"file": (io.BytesIO(ARTICLE.encode()), "a.md"), **fields}


@pytest.mark.parametrize("path", OPEN)
def test_open_to_anybody(guarded: FlaskClient, path: str) -> None:
    assert guarded.get(path).status_code in (200, 503)  # not ready is an answer too
    assert guarded.get(path, headers={"X-API-Key": "nonsense"}).status_code in (200, 503)


def test_every_other_route_asks_for_a_key(guarded: FlaskClient) -> None:
    asked = 0
    for rule in guarded.application.url_map.iter_rules():
        if endpoint.of_app(guarded.application)[rule.endpoint].scopes is endpoint.ANYBODY:
            assert rule.rule in OPEN or rule.rule.split("/")[1] in ("docs", "static", "problems")
            continue
        path = rule.rule.replace("<", "").replace(">", "")
        for method in sorted(rule.methods or ()):
            answer = guarded.open(path, method=method)
            assert answer.status_code == 401, (method, path)
            assert answer.headers["WWW-Authenticate"] == 'Bearer realm="colophon"'
            asked += 1
    assert asked > 30


def test_a_route_without_a_row_is_closed(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=str(tmp_path), workers=1, keys="required"))
    app.add_url_rule("/v1/secrets", "secrets", lambda: "a secret")
    assert app.test_client().get("/v1/secrets").status_code == 401


def test_what_is_no_route_is_no_secret(guarded: FlaskClient) -> None:
    assert guarded.get("/nothing").status_code == 404
    assert guarded.put("/v1/jobs").status_code == 405


@pytest.mark.parametrize("header", ["Authorization", "X-API-Key"])
def test_either_header(guarded: FlaskClient, keys: KeyStore, header: str) -> None:
    text = keys.create("test", ("convert",), Limits())[1]
    sent = {header: f"bearer {text}" if header == "Authorization" else text}
    assert guarded.get("/v1/formats", headers=sent).status_code == 200


def test_a_proxys_basic_does_not_hide_the_key(guarded: FlaskClient, keys: KeyStore) -> None:
    text = keys.create("test", ("convert",), Limits())[1]
    sent = {"Authorization": "Basic eDp5", "X-API-Key": text}
    assert guarded.get("/v1/formats", headers=sent).status_code == 200


@pytest.mark.parametrize("text", ["x", "colophon_" + "0" * 12 + "_" + "0" * 64, "é" * 20, "a b", "colophon_\x00_"])
def test_a_wrong_key(guarded: FlaskClient, text: str) -> None:
    answer = guarded.get("/v1/formats", headers={"X-API-Key": text})
    assert (answer.status_code, answer.get_json()["code"]) == (401, "unauthorized")
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
    assert text not in answer.get_data(as_text=True) or len(text) == 1


def test_a_scope_too_few(guarded: FlaskClient, keys: KeyStore) -> None:
    convert, jobs, admin = (made(keys, scope) for scope in ("convert", "jobs", "admin"))
    for path, sent in (("/v1/jobs", convert), ("/metrics", convert), ("/metrics", jobs), ("/v1/artifacts/0/a", admin)):
        answer = guarded.get(path, headers=sent)
        assert (answer.status_code, answer.get_json()["code"]) == (403, "forbidden")
        assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]
    assert guarded.get("/metrics", headers=admin).status_code == 200
    assert guarded.get("/v1/jobs", headers=jobs).status_code == guarded.get("/v1/jobs", headers=admin).status_code == 200
    assert guarded.post("/v1/jobs", headers=admin, data=upload(to="docx")).status_code == 403
    assert guarded.post("/v1/convert", headers=jobs, data=upload(to="docx")).status_code == 403


def test_metrics_alone(guarded: FlaskClient, keys: KeyStore) -> None:
    """The key of Prometheus can only read metrics."""
    sent = made(keys, "metrics")
    assert guarded.get("/metrics", headers=sent).status_code == 200
    for method, path in (("GET", "jobs"), ("DELETE", "jobs/job_0"), ("POST", "convert"), ("GET", "artifacts/0/a")):
        assert guarded.open(f"/v1/{path}", method=method, headers=sent).status_code == 403
    refused = guarded.get("/metrics", headers=made(keys, "convert", "jobs"))
    assert 'scope="metrics"' in refused.headers["WWW-Authenticate"]
    assert refused.get_json()["detail"] == "The API key does not have the scope `metrics` or `admin`."


def test_a_conversion_that_becomes_a_job_needs_both(guarded: FlaskClient, keys: KeyStore) -> None:
    later = {"Prefer": "respond-async"}
    assert guarded.post("/v1/convert", headers=made(keys, "convert") | later, data=upload(to="docx")).status_code == 403
    assert guarded.post("/v1/convert", headers=made(keys, "convert", "jobs") | later, data=upload(to="docx")).status_code == 202


def test_a_conversion_with_a_key(guarded: FlaskClient, keys: KeyStore) -> None:
    answer = guarded.post("/v1/convert", headers=made(keys, "convert"), data=upload(to="docx"))
    assert (answer.status_code, answer.data[:2]) == (200, b"PK")


class Untouchable:
    """A body that must not be read."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"the body was touched: {name}")


@pytest.mark.parametrize("scopes", [None, ("jobs",)])
def test_it_is_settled_before_the_body_is_read(guarded: FlaskClient, keys: KeyStore, scopes: tuple[str, ...] | None) -> None:
    sent = {} if scopes is None else made(keys, *scopes)
    answer = guarded.post("/v1/convert", headers=sent, environ_overrides={"wsgi.input": Untouchable(), "CONTENT_LENGTH": "1000"})
    assert answer.status_code == (401 if scopes is None else 403)


def test_a_revoked_key_is_refused_at_once(guarded: FlaskClient, keys: KeyStore) -> None:
    key, text = keys.create("test", ("convert",), Limits())
    assert guarded.get("/v1/formats", headers={"X-API-Key": text}).status_code == 200
    keys.revoke(key.id)
    assert guarded.get("/v1/formats", headers={"X-API-Key": text}).status_code == 401


GUESS = "colophon_" + "0" * 12 + "_" + "0" * 64


def guess(client: FlaskClient, address: str, text: str = GUESS, **headers: str) -> TestResponse:
    return client.get("/v1/formats", headers={"X-API-Key": text, **headers}, environ_base={"REMOTE_ADDR": address})


@pytest.fixture
def patient(tmp_path: Path) -> Iterator[FlaskClient]:
    """Of a service that takes two wrong keys a minute, behind one proxy."""
    app = create_app(Settings(data_dir=str(tmp_path), workers=1, keys="required", wrong_keys=2, proxies=1))
    yield app.test_client()
    of(app).stop()


@pytest.mark.logs("it warns of the address")
def test_guessing_is_slowed_down(patient: FlaskClient) -> None:
    found = [guess(patient, "192.0.2.7") for _ in range(3)]
    assert [answer.status_code for answer in found] == [401, 401, 429]
    problem = found[2].get_json()
    assert (problem["code"], problem["limit"], problem["retryable"]) == ("too-many-wrong-keys", 2, False)
    assert 0 < int(found[2].headers["Retry-After"]) == problem["retry_after"] <= 60
    assert guess(patient, "192.0.2.8").status_code == 401
    assert patient.get("/v1/formats", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 401, "none is no guess"


@pytest.mark.logs("it warns of the address")
def test_a_right_key_passes_where_others_guess(patient: FlaskClient) -> None:
    text = of(patient.application).keys.create("test", ("admin",), Limits())[1]
    found = [guess(patient, "192.0.2.7", each).status_code for each in (GUESS, GUESS, GUESS, text, GUESS, text)]
    assert found == [401, 401, 429, 200, 429, 200]
    metrics = patient.get("/metrics", headers={"X-API-Key": text}).get_data(as_text=True)
    assert 'colophon_wrong_keys_total{answer="limited"}' in metrics


@pytest.mark.logs("it warns of the address")
def test_an_address_is_a_network_of_ipv6_and_what_the_proxy_says(patient: FlaskClient) -> None:
    found = [guess(patient, f"2001:db8:1:2:{host}::1").status_code for host in range(3)]
    found.append(guess(patient, "2001:db8:1:3::1").status_code)
    assert found == [401, 401, 429, 401]
    reported = ("10.0.0.1, 192.0.2.7", "10.0.0.2, 192.0.2.7", "10.0.0.3, 192.0.2.7", "192.0.2.7, 192.0.2.8")
    found = [guess(patient, "127.0.0.1", **{"X-Forwarded-For": each}).status_code for each in reported]
    assert found == [401, 401, 429, 401]


def test_where_none_is_asked_for_none_is_looked_at(client: FlaskClient) -> None:
    assert client.get("/v1/formats", headers={"X-API-Key": "nonsense"}).status_code == 200
    assert client.get("/v1/jobs").status_code == 200


def test_the_key_of_a_request_is_in_the_log(guarded: FlaskClient, keys: KeyStore, monkeypatch: pytest.MonkeyPatch) -> None:
    reported: dict[str, str] = {}
    monkeypatch.setattr(authentication.logs, "bind", reported.update)
    key, text = keys.create("test", ("convert",), Limits())
    guarded.get("/v1/formats", headers={"X-API-Key": text})
    assert reported["key"] == key.id
