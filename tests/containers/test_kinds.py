"""The kind of document in an archive, independent of the zip program."""

from __future__ import annotations

import io
import zipfile

import pytest

from service.containers import kinds
from service.engines import Engines
from service.inspect import inspect
from service.model.document import Conversion
from tests.readers import office


@pytest.mark.parametrize(("target", "kind"), [("docx", "docx"), ("odt", "odt"), ("epub3", "epub")])
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_rezipped_packages_are_known(target: str, kind: str, method: int, engines: Engines, conversion: office.Recipe) -> None:
    data = office.rezipped(office.strangers(target), method=method)
    assert kinds.kind(data) == kind
    recipe: Conversion = conversion("epub")
    document = office.read(data, "bin", engines, recipe)  # the name says nothing
    assert (document.reader, document.metadata.title) == (kind, office.META["title"])
    if kind != "odt":
        assert inspect(data)["format"] == kind


def test_other_archives_are_none() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("word/article.md", "# About words\n")
        archive.writestr("mimetype/readme.md", "application/epub+zip\n")
    assert kinds.kind(packed.getvalue()) == ""
    assert kinds.kind(b"PK\x03\x04 cut off") == ""
    assert kinds.kind(b"text") == ""


def test_spreadsheets_are_no_text() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<x/>")
        archive.writestr("META-INF/manifest.xml", "<x/>")
    assert kinds.kind(packed.getvalue()) == ""
