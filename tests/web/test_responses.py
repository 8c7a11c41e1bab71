"""Names and types from files and addresses never break a header."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from service.web.jobs import serializers
from service.web.responses import content_disposition, media_type_of
from tests.web.conftest import Send

HEADER = re.compile(r"""attachment; filename="[A-Za-z0-9 ._-]+"(; filename\*=UTF-8''[A-Za-z0-9%._~-]*)?""")


@given(st.text())
def test_any_name_is_one_header(name: str) -> None:
    assert HEADER.fullmatch(content_disposition(name))


@pytest.mark.parametrize(
    ("name", "fallback"),
    [
        ("a.pdf", "a.pdf"), ("灯塔.epub", "article.epub"), ("x.中", "x"),
        ('x.pdf";x="', "x.pdf__x__"), ("a.b\r\nX: y", "a.b__X_ y"),
        ("x." + "b" * 300, "x." + "b" * 300), ("", "article"), (".", "article"), ("é.docx", "e.docx"),
    ],
)  # fmt: skip
def test_the_name_for_old_clients(name: str, fallback: str) -> None:
    assert f'filename="{fallback}"' in content_disposition(name)


@pytest.mark.parametrize(
    "said", ["text/中", "text/html\nX: y", "", "a/" + "b" * 20_000, "text", "text/html; charset=x", 'a/"b"', "/"]
)
def test_what_is_no_media_type_is_bytes(said: str) -> None:
    assert media_type_of(said) == "application/octet-stream"


def test_media_types_stay() -> None:
    assert media_type_of("Application/EPUB+zip") == "application/epub+zip"


@pytest.mark.parametrize(
    "name", ["x.%E4%B8%AD", "a.%22%3B%20filename%3D%22b.exe", "x%00.exe", "%E2%80%AEfdp.exe", "x." + "b" * 300]
)
def test_a_link_of_a_report_with_another_name(send: Send, client: FlaskClient, name: str) -> None:
    report = send("/v1/convert", to="markdown", headers={"Accept": "application/json"}).json
    assert report
    answer = client.get(f"/v1/artifacts/{report['artifact']['sha256']}/{name}")
    assert answer.status_code == 200
    assert HEADER.fullmatch(answer.headers["Content-Disposition"])


@pytest.mark.parametrize("said", ["text/&#228;", "text/html&#10;X-Y: 1", "text/html"])
def test_the_source_in_an_epub_names_its_type(send: Send, said: str) -> None:
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(send("/v1/convert", to="epub").data)) as given_, zipfile.ZipFile(changed, "w") as made:
        for entry in given_.infolist():
            data = given_.read(entry)
            if entry.filename.endswith(".opf"):
                link = re.search(rb"<link[^>]*colophon:source[^>]*>", data)
                assert link
                data = data.replace(link[0], re.sub(rb'media-type="[^"]*"', f'media-type="{said}"'.encode(), link[0]))
            made.writestr(entry, data)
    answer = send("/v1/inspect", file=("a.epub", changed.getvalue()), part="source")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] in ("application/octet-stream", "text/html; charset=utf-8")
    assert "X-Y" not in answer.headers
    assert HEADER.fullmatch(answer.headers["Content-Disposition"])


def test_reports_link_to_the_public_address(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serializers, "base", lambda: "https://articles.example/colophon")
    report = send("/v1/convert", to="markdown", headers={"Accept": "application/json"}).json
    assert report and report["artifact"]["url"].startswith("https://articles.example/colophon/v1/artifacts/")
