"""Anyone who floods waits behind those who do not: by key, else by address, over a real server."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import urllib3

from service.jobs.keys.records import Limits
from service.model.settings import SPARE_THREADS, Settings
from service.web import authentication
from service.web.application import create_app
from service.web.services import of
from tests.servers import Server, colophon
from tests.waiting import wait_for
from tests.web.conftest import ARTICLE

LONG = ("long.md", ("Some words. " * 12_000).encode())
FLOOD, MAY_WAIT = 12, 3


@pytest.mark.parametrize(
    ("address", "caller"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", ""),
    ],
)
def test_a_caller_is_an_address_or_a_network(tmp_path: Path, address: str, caller: str) -> None:
    app = create_app(Settings(data_dir=str(tmp_path)))
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert authentication.caller() == caller


def test_a_caller_is_a_key_where_there_is_one(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=str(tmp_path), keys="required"))
    key, text = of(app).keys.create("test", ("convert",), Limits())
    with app.test_request_context("/v1/formats", headers={"X-API-Key": text}, environ_base={"REMOTE_ADDR": "192.0.2.7"}):
        assert app.preprocess_request() is None
        assert authentication.caller() == key.id


@pytest.mark.parametrize(
    ("proxies", "caller"), [(0, "192.0.2.1"), (1, "203.0.113.9"), (2, "198.51.100.4")], ids=["none", "one", "two"]
)
def test_a_proxy_is_believed_where_it_is_said_to_be_there(tmp_path: Path, proxies: int, caller: str) -> None:
    app, seen = create_app(Settings(data_dir=str(tmp_path), proxies=proxies)), list[str]()
    app.before_request(lambda: seen.append(authentication.caller()))
    said = {"X-Forwarded-For": "10.9.9.9, 198.51.100.4, 203.0.113.9", "X-Forwarded-Proto": "gopher"}
    app.test_client().get("/healthz", headers=said, environ_base={"REMOTE_ADDR": "192.0.2.1"})
    assert seen == [caller]


def test_who_is_refused_early_may_use_the_connection_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """gunicorn closes it if much of the body is left, while the caller sends the next request."""
    app, body = create_app(Settings(data_dir=str(tmp_path), workers=1)), io.BytesIO(b"x" * 300_000)
    try:
        monkeypatch.setattr(of(app).workers.scheduler.quick, "refuses", lambda _: True)
        answer = app.test_client().post(
            "/v1/convert", input_stream=body, content_length=300_000, content_type="multipart/form-data"
        )
    finally:
        of(app).stop(0)
    assert (answer.status_code, answer.json and answer.json["code"]) == (503, "queue-full")
    assert body.tell() == 300_000


def test_threads_are_enough_for_all_that_may_wait() -> None:
    assert Settings(workers=3, waiting=10).threads == 10 + 2 * 3 + SPARE_THREADS
    assert Settings(threads=5).threads == 5


def test_a_flood_is_refused_and_others_get_in(tmp_path: Path) -> None:
    """One worker, three may wait: twelve connections of one host, and an article from another."""
    with (
        colophon(tmp_path, workers=1, waiting=MAY_WAIT, slow_after="off", cache="off") as server,
        urllib3.PoolManager(maxsize=FLOOD, source_address=("127.0.9.1", 0)) as many,
        urllib3.PoolManager(source_address=("127.0.9.2", 0)) as other,
        ThreadPoolExecutor(FLOOD) as threads,
    ):
        flood = [threads.submit(_sent, replace(server, http=many), LONG) for _ in range(FLOOD)]
        wait_for(lambda: server.get("/v1/capacity").json()["waiting"] == MAY_WAIT)
        quiet = _sent(replace(server, http=other), ("a.md", ARTICLE.encode()))
        left = sum(not each.done() for each in flood)
        answers = [each.result(60) for each in flood]
    assert quiet.status == 200
    assert left >= 1  # it did not wait for all that came before it
    assert {answer.status for answer in answers} == {200, 503}
    refused = [answer for answer in answers if answer.status == 503]
    assert len(refused) >= FLOOD - MAY_WAIT - 2
    assert all(answer.json()["code"] == "queue-full" and int(answer.headers["Retry-After"]) >= 1 for answer in refused)


def _sent(server: Server, file: tuple[str, bytes]) -> urllib3.BaseHTTPResponse:
    return server.post("/v1/convert", file=file, to="pdf")
