"""On loopback without keys a page of another site gets nothing: neither by a name of its own, nor by a form."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from service.jobs.keys.policy import anywhere
from service.model.settings import Settings
from service.web.application import create_app
from service.web.services import of


def app_of(folder: Path, **settings: object) -> Iterator[FlaskClient]:
    app = create_app(Settings(data_dir=str(folder), workers=1, **settings))
    yield app.test_client()
    of(app).stop(0)


@pytest.fixture
def local(tmp_path: Path) -> Iterator[FlaskClient]:
    yield from app_of(tmp_path, public_url="https://articles.example/colophon")


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:8110", "LOCALHOST.", "127.0.0.1:8110", "127.3.2.1", "[::1]:8110", "articles.example",
     "articles.example:443"],
)  # fmt: skip
def test_names_of_this_machine(local: FlaskClient, host: str) -> None:
    assert local.get("/v1/formats", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example:8110", "localhost.evil.example", "127.0.0.1.evil.example", "192.168.1.7", "[::2]", "[::1", "a@b",
     "localhost@evil.example:1"],
)  # fmt: skip
@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/v1/jobs"), ("DELETE", "/v1/jobs/job_1"), ("GET", "/"), ("POST", "/v1/convert")]
)
def test_other_names_are_misdirected(local: FlaskClient, host: str, method: str, path: str) -> None:
    answer = local.open(path, method=method, headers={"Host": host, "Origin": f"http://{host}"})
    assert (answer.status_code, answer.json and answer.json["code"]) == (421, "misdirected-request")
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "sent",
    [
        {"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": "http://[::1"},
        {"Origin": "https://articles.example.evil.example", "Sec-Fetch-Site": "same-origin"},
    ],
)  # fmt: skip
@pytest.mark.parametrize(("method", "path"), [("POST", "/v1/jobs"), ("POST", "/v1/convert"), ("DELETE", "/v1/jobs/job_1")])
def test_pages_of_other_sites_change_nothing(local: FlaskClient, method: str, path: str, sent: dict[str, str]) -> None:
    answer = local.open(path, method=method, headers=sent)
    assert (answer.status_code, answer.json and answer.json["code"]) == (403, "cross-site-request")


@pytest.mark.parametrize(
    "sent",
    [
        {"Origin": "http://localhost:8080"}, {"Origin": "https://articles.example"}, {"Sec-Fetch-Site": "same-origin"}, {},
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
    ],
)  # fmt: skip
def test_our_own_page_and_programs_may(local: FlaskClient, sent: dict[str, str]) -> None:
    assert local.delete("/v1/jobs/job_1", headers=sent).status_code == 404
    assert local.get("/v1/formats", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200  # a link that leads here


@pytest.mark.parametrize(
    "settings", [{"keys": "required"}, {"host": "0.0.0.0", "keys": "off"}, {"host": "0.0.0.0", "open": True}]
)
def test_elsewhere_names_are_the_operators(tmp_path: Path, settings: dict[str, object]) -> None:
    for client in app_of(tmp_path, **settings):
        assert client.get("/healthz", headers={"Host": "colophon.example"}).status_code == 200


def test_under_another_server_it_is_not_known_where_it_listens(tmp_path: Path) -> None:
    assert anywhere(Settings(keys="off")).host == "0.0.0.0"
    app = create_app(anywhere(Settings(data_dir=str(tmp_path), keys="off")))
    assert app.test_client().get("/healthz", headers={"Host": "colophon.example"}).status_code == 200
