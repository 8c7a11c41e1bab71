"""Signed PDFs over HTTP: on request or always, without a key, with a key that cannot be used; as a job too."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.model.settings import Settings
from service.network import time_stamps
from service.web.application import create_app
from service.web.services import of
from tests import signatures
from tests.web.conftest import Send

TEXT = b"---\ntitle: Lamps\nlang: en\n---\n\nWords.\n"


@pytest.fixture(scope="module")
def ready(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings with a key, which sign where a request does not say otherwise."""
    folder, root = tmp_path_factory.mktemp("web"), signatures.identity("Pier root")
    path = signatures.as_pkcs12(folder / "k.p12", signatures.identity("Pier master", root), root)
    return replace(settings, data_dir=str(folder), workers=1, sign="on", sign_key=str(path), sign_password=signatures.PASSWORD)


@pytest.fixture(scope="module")
def signing(ready: Settings) -> Iterator[FlaskClient]:
    app = create_app(ready)
    yield app.test_client()
    of(app).stop()


def convert(client: FlaskClient, path: str = "/v1/convert", **fields: Any) -> TestResponse:
    return client.post(path, data={"file": (io.BytesIO(TEXT), "a.md"), "to": "pdf", **fields})


def ended(client: FlaskClient, job: str) -> Any:
    while (found := client.get(f"/v1/jobs/{job}?wait=60").get_json())["state"] in ("queued", "running"):
        pass
    return found


def signatures_of(client: FlaskClient, data: bytes) -> Any:
    report = client.post("/v1/inspect", data={"file": (io.BytesIO(data), "a.pdf")}).get_json()
    checked = client.post("/v1/check", data={"file": (io.BytesIO(data), "a.pdf")}).get_json()
    assert checked["facts"]["signatures"] == report["facts"]["signatures"] and checked["passed"]
    return report["facts"]["signatures"]


def test_as_the_service_is_set_up(signing: FlaskClient) -> None:
    made, again = convert(signing), convert(signing)
    (found,) = signatures_of(signing, made.data)
    assert found["valid"] and found["whole_document"] and "Pier master" in found["signer"]
    assert made.data != again.data
    plain, same = convert(signing, sign="off"), convert(signing, sign="off")
    assert plain.data == same.data and signatures_of(signing, plain.data) == []
    assert made.data.startswith(plain.data)


def test_the_report_has_a_notice(signing: FlaskClient) -> None:
    answer = signing.post(
        "/v1/convert", data={"file": (io.BytesIO(TEXT), "a.md"), "to": "pdf"}, headers={"Accept": "application/json"}
    )
    assert "signed" in [each["code"] for each in answer.get_json()["artifact"]["notices"]]


def test_a_preview_is_not_signed(signing: FlaskClient) -> None:
    answer = signing.post("/v1/preview", data={"file": (io.BytesIO(TEXT), "a.md")})
    assert answer.status_code == 200 and answer.content_type == "image/png"


def test_a_job(signing: FlaskClient) -> None:
    job = convert(signing, "/v1/jobs").get_json()
    done = ended(signing, job["id"])
    data = signing.get(done["artifacts"][0]["url"]).data
    assert signatures_of(signing, data)[0]["valid"]


def test_no_setting_of_the_key_is_shown(signing: FlaskClient, ready: Settings) -> None:
    for path in ("/v1/options", "/readyz", "/version", "/metrics", "/openapi.yaml"):
        text = signing.get(path).get_data(as_text=True)
        assert ready.sign_key not in text and signatures.PASSWORD not in text


@pytest.mark.parametrize("path", ["/v1/convert", "/v1/jobs"])
def test_a_service_without_a_key(path: str, send: Send) -> None:
    answer = send(path, to="pdf", sign="on")
    problem = answer.get_json()
    assert (answer.status_code, problem["code"]) == (422, "validation-error")
    assert problem["errors"][0]["pointer"] == "/sign" and "COLOPHON_SIGN_KEY" in problem["errors"][0]["detail"]


@pytest.mark.logs("the cause of a key that cannot be used")
def test_a_wrong_password(ready: Settings, tmp_path: Path) -> None:
    app = create_app(replace(ready, data_dir=str(tmp_path), sign_password="lamp"))
    try:
        answer = convert(app.test_client())
        job = convert(app.test_client(), "/v1/jobs").get_json()
        done = ended(app.test_client(), job["id"])
    finally:
        of(app).stop()
    problem = answer.get_json()
    assert (answer.status_code, problem["code"], problem["retryable"]) == (503, "signing-unavailable", False)
    assert "password" in problem["detail"] and str(tmp_path) not in answer.get_data(as_text=True)
    assert (done["state"], done["items"][0]["problem"]["code"]) == ("failed", "signing-unavailable")


def test_an_authority_that_does_not_answer(ready: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time_stamps, "PAUSE", 0.01)
    app = create_app(
        replace(ready, data_dir=str(tmp_path), sign_timestamp_url="http://127.0.0.1:9/", fetch_allow="127.0.0.1", attempts=1)
    )
    try:
        answer = convert(app.test_client())
        job = convert(app.test_client(), "/v1/jobs").get_json()
        done = ended(app.test_client(), job["id"])
    finally:
        of(app).stop()
    problem = answer.get_json()
    assert (answer.status_code, problem["code"], problem["retryable"]) == (503, "time-stamp-unavailable", True)
    assert answer.headers["Retry-After"]
    assert (done["state"], done["items"][0]["problem"]["code"]) == ("failed", "time-stamp-unavailable")
