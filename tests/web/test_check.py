"""POST /v1/check: the report, SARIF, and what is refused."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from service.web.openapi import specification
from tests.inspect import made_files
from tests.web.conftest import Send

BROKEN = made_files.broken(made_files.book(), made_files.EPUB_BREAKS["image-alt"])
ACCEPTS = pytest.mark.parametrize("accept", ["", "application/json", "*/*"])


@ACCEPTS
def test_a_report(send: Send, accept: str) -> None:
    response = send("/v1/check", file=("lamps.epub", BROKEN), headers={"Accept": accept} if accept else {})
    assert response.status_code == 200 and response.mimetype == "application/json"
    report = response.json
    assert report["name"] == "lamps.epub" and report["counts"] == {"error": 0, "warning": 1, "info": 0}
    finding = report["findings"][0]
    assert finding["rule"] == "epub/image-alt" and finding["place"] == "EPUB/one.xhtml, line 7"
    known = specification()["components"]["schemas"]
    assert set(report) == set(known["CheckReport"]["properties"]) and set(finding) == set(known["Finding"]["properties"])


def test_sarif(send: Send) -> None:
    response = send("/v1/check", file=("lämps.epub", BROKEN), headers={"Accept": "application/sarif+json"})
    assert response.mimetype == "application/sarif+json"
    log = response.get_json(force=True)
    run = log["runs"][0]
    result = run["results"][0]
    assert log["version"] == "2.1.0" and run["tool"]["driver"]["name"] == "colophon"
    assert result["level"] == "warning" and run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "epub/image-alt"
    place = result["locations"][0]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "l%C3%A4mps.epub"
    assert place["logicalLocations"][0]["fullyQualifiedName"] == "EPUB/one.xhtml, line 7"


def test_the_body_itself(client: FlaskClient) -> None:
    response = client.post("/v1/check", data=BROKEN, content_type="application/epub+zip")
    assert response.status_code == 200 and response.json["format"] == "epub"


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"text", 415, "unsupported-media-type"), (b"PK\x03\x04" + bytes(50), 422, "invalid-document"),
        (b"%PDF-1.7 nothing", 422, "invalid-document"),
    ],
)  # fmt: skip
def test_what_cannot_be_opened_is_a_problem(send: Send, data: bytes, status: int, code: str) -> None:
    response = send("/v1/check", file=("a.bin", data))
    assert (response.status_code, response.json["code"]) == (status, code)


def test_other_fields_and_types_are_refused(send: Send) -> None:
    assert send("/v1/check", file=("a.epub", BROKEN), toc="true").status_code == 422
    assert send("/v1/check", file=("a.epub", BROKEN), headers={"Accept": "image/png"}).status_code == 406
