"""One article in, artifacts out: names, validators, digests; and the metadata found by tools that are not ours."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from flask.testing import FlaskClient
from lxml import etree
from urllib3 import encode_multipart_formdata
from werkzeug.test import TestResponse

from service import inspect
from tests.web.conftest import ARTICLE, Send

OPF = {"opf": "http://www.idpf.org/2007/opf", "dc": "http://purl.org/dc/elements/1.1/"}
FIELDS = ("湖边的灯塔：一份记录", "https://lake.example/notes/7?lang=zh", "湖畔笔记", "2025-03-09", "2025-10-06T19:16:36.499828")


def exif(tmp_path: Path, data: bytes, suffix: str) -> dict[str, Any]:
    path = tmp_path / f"file{suffix}"
    path.write_bytes(data)
    done = subprocess.run(["exiftool", "-json", "-charset", "utf8", path], capture_output=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)[0]
    return found


def test_pdf_bears_all_keys(send: Send, tmp_path: Path) -> None:
    answer = send("/v1/convert", to="pdf")
    assert answer.status_code == 200
    assert answer.content_type == "application/pdf"
    found = exif(tmp_path, answer.data, ".pdf")
    text = json.dumps(found, ensure_ascii=False)
    assert found["Title"] == FIELDS[0]
    assert found["Language"] == "zh-Hans"
    assert all(field in text for field in FIELDS)
    pages = subprocess.run(["pdftotext", tmp_path / "file.pdf", "-"], capture_output=True, check=True).stdout.decode()
    assert "最后一句话在这里。" in pages
    assert "来源： 湖畔笔记" in pages


def test_epub_bears_all_keys(send: Send) -> None:
    answer = send("/v1/convert", to="epub")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        package = archive.read("EPUB/content.opf").decode()
        text = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".xhtml"))
    tree = etree.fromstring(package.encode())
    assert tree.findtext(".//dc:title", namespaces=OPF) == FIELDS[0]
    assert tree.findtext(".//dc:language", namespaces=OPF) == "zh-Hans"
    assert {each.text for each in tree.findall(".//dc:source", OPF)} == {FIELDS[1], FIELDS[2]}
    assert all(field.replace("&", "&amp;") in package for field in FIELDS)
    assert "最后一句话在这里。" in text


def test_docx_bears_all_keys(send: Send) -> None:
    answer = send("/v1/convert", to="docx")
    document = docx.Document(io.BytesIO(answer.data))
    assert document.core_properties.title == FIELDS[0]
    assert document.core_properties.language == "zh-Hans"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        custom = archive.read("docProps/custom.xml").decode()
    assert all(field in custom for field in FIELDS[1:])
    assert 'name="layout"' in custom
    assert document.paragraphs[-1].text == "最后一句话在这里。"


def test_name_arrives_whole(send: Send) -> None:
    header = send("/v1/convert", file=("灯塔 (1).md", ARTICLE), to="docx").headers["Content-Disposition"]
    assert header.startswith('attachment; filename="')
    assert header.isascii()
    assert "filename*=UTF-8''%E7%81%AF%E5%A1%94%20%281%29.docx" in header


@pytest.mark.parametrize("name", ["../../etc/passwd.md", "..\\..\\x.md", "\u202egpj.md", ".md", "CON.md"])
def test_hostile_name_is_a_label_only(send: Send, name: str) -> None:
    answer = send("/v1/convert", file=(name, ARTICLE), to="markdown")
    assert answer.status_code == 200
    header = answer.headers["Content-Disposition"]
    assert not {"/", "\\", "\r", "\n", "\u202e"} & set(header.removeprefix("attachment; "))
    assert "X-Evil" not in answer.headers


def test_digests_and_validators(send: Send) -> None:
    answer = send("/v1/convert", to="epub")
    sha256 = hashlib.sha256(answer.data)
    assert answer.headers["ETag"] == f'"{sha256.hexdigest()}"'
    assert answer.headers["Repr-Digest"] == f"sha-256=:{base64.b64encode(sha256.digest()).decode()}:"
    again = send("/v1/convert", to="epub", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_several_formats_come_as_a_zip(send: Send) -> None:
    answer = send("/v1/convert", to=["pdf", "epub,docx"])
    assert answer.content_type == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.namelist() == ["manifest.json", "灯塔.pdf", "灯塔.epub", "灯塔.docx"]
        manifest = json.loads(archive.read("manifest.json"))
        for each in manifest["artifacts"]:
            assert hashlib.sha256(archive.read(each["name"])).hexdigest() == each["sha256"]
    assert manifest["metadata"]["custom"] == {"layout": "plain"}


def test_report_links_to_the_artifact(send: Send, client: FlaskClient) -> None:
    answer = send("/v1/convert", to="pdf", headers={"Accept": "application/json"})
    report = answer.get_json()
    assert report["metadata"]["source_url"] == FIELDS[1]
    assert report["artifact"]["report"]["fields"]["title"]["places"] == ["xmp:dc:title", "info:Title"]
    assert {each["code"] for each in report["notices"]} == {"lang-detected", "title-heading-removed", "link-resolved"}
    fetched = client.get(report["artifact"]["url"])
    assert hashlib.sha256(fetched.data).hexdigest() == report["artifact"]["sha256"]
    part = client.get(report["artifact"]["url"], headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.data) == (206, b"%PDF")


def test_notices_are_counted(send: Send) -> None:
    assert send("/v1/convert", to="docx").headers["Colophon-Notices"] == "3"


def test_options_come_as_fields_or_as_one_object(send: Send) -> None:
    fields = send("/v1/convert", to="html", toc="true", **{"toc-depth": "2"})
    whole = send("/v1/convert", to="html", options='{"toc": true, "toc_depth": 2}')
    assert fields.data == whole.data


def test_metadata_of_the_request_wins(send: Send) -> None:
    answer = send("/v1/validate", metadata='{"title": "另一个题目", "tags": ["灯塔"]}')
    assert answer.get_json()["metadata"]["title"] == "另一个题目"
    assert answer.get_json()["metadata"]["keywords"] == ["灯塔"]


def test_image_of_the_upload_is_bound(send: Send) -> None:
    picture = (Path(__file__).parents[2] / "examples" / "images" / "colophon.png").read_bytes()
    article = ARTICLE + "\n![图](pictures/a.png)\n"
    asset = ("pictures/a.png", picture)
    answer = send("/v1/convert", file=article, to="epub", asset=asset)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert picture in [archive.read(name) for name in archive.namelist()]


def test_bundle_brings_its_images(send: Send) -> None:
    picture = (Path(__file__).parents[2] / "examples" / "images" / "colophon.png").read_bytes()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("notes/article.md", ARTICLE + "\n![图](a.png)\n")
        archive.writestr("notes/a.png", picture)
    answer = send("/v1/convert", file=("notes.zip", buffer.getvalue()), to="docx")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert any(archive.read(name) == picture for name in archive.namelist() if name.startswith("word/media/"))


def test_same_request_gives_the_same_bytes(send: Send) -> None:
    for to in ("pdf", "epub", "docx"):
        assert send("/v1/convert", to=to).headers["ETag"] == send("/v1/convert", to=to).headers["ETag"]


def test_cover_of_the_upload(send: Send) -> None:
    picture = (Path(__file__).parents[2] / "examples" / "images" / "colophon.png").read_bytes()
    article = ARTICLE.replace("layout: plain", "cover: front.png")
    answer = send("/v1/convert", file=article, to="epub", asset=("front.png", picture))
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.read("EPUB/media/cover.png") == picture
        assert b'properties="cover-image"' in archive.read("EPUB/content.opf")
    missing = send("/v1/convert", file=article, to="epub", headers={"Accept": "application/json"}).get_json()
    assert "image-missing" in {each["code"] for each in missing["artifact"]["notices"]}


@pytest.mark.parametrize("field", ["options", "metadata"])
def test_what_a_form_leaves_empty_is_not_given(send: Send, field: str) -> None:
    answer = send("/v1/convert", to="html", **{field: ""})
    assert answer.data == send("/v1/convert", to="html").data


def test_several_files_are_one_book(client: FlaskClient) -> None:
    def posted(*names: str, **fields: str) -> TestResponse:
        parts: list[tuple[str, Any]] = [("file", (name, f"---\ntitle: {name}\n---\n\nx".encode())) for name in names]
        body, content_type = encode_multipart_formdata([*parts, *fields.items()])
        return client.post("/v1/convert", data=body, content_type=content_type)

    answer = posted("b.md", "a.md", to="epub", combine="true")
    assert answer.status_code == 200
    record = inspect.inspect(answer.data)["record"]
    assert [each["metadata"]["title"] for each in record["chapters"]] == ["b.md", "a.md"]
    for refused in (posted("b.md", "a.zip", to="epub", combine="true"), posted("b.md", "a.md", to="epub")):
        assert refused.status_code == 422 and refused.get_json()["code"] == "validation-error"
