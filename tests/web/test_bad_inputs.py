"""Every row of `tests.bad_inputs` against a running service: the right answer, nothing leaked, and the next article is served."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.bad_inputs import OK, ROWS, Row
from tests.servers import Server, colophon
from tests.web.conftest import ARTICLE


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with colophon(tmp_path_factory.mktemp("bad"), workers=1, read_deadline=6, write_deadline=6, fetch_deadline=3) as running:
        yield running


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_bad_input(server: Server, row: Row) -> None:
    answer = server.post("/v1/convert", file=row.file, to=row.to, **row.fields)
    if answer.status == 200:
        code = OK
    else:
        problem = json.loads(answer.data)
        assert answer.headers["Content-Type"] == "application/problem+json"
        code = problem["code"]
    assert code in row.expected, answer.data[:300]
    assert b"root:x:0" not in answer.data
    good = server.post("/v1/convert", file=("good.md", ARTICLE.encode()), to="epub")
    assert good.status == 200


def test_enough_rows() -> None:
    names = [row.name for row in ROWS]
    assert len(names) == len(set(names)) >= 80
