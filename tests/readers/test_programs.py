"""Files that LibreOffice and calibre make: text, structure, pictures and metadata come through, by content alone."""

from __future__ import annotations

import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.document import Document
from tests.readers import markups, programs


def check(document: Document, reader: str) -> None:
    assert document.reader == reader
    for part in ("First", "Plain text with a link: 灯塔, Маяк, φάρος.", "one", "two", "1", "2"):
        assert part in markups.said(document), part
    kinds = {node["t"] for node in pandoc_ast.query(document.blocks)}
    assert {"Emph", "Link", "Image"} <= kinds and ("Table" in kinds or reader == "fb2")  # calibre's FictionBook has no tables
    pictures = [node["c"][2][0] for node in pandoc_ast.query(document.blocks) if node["t"] == "Image"]
    assert all(document.assets[name].data for name in pictures)
    assert document.metadata.title == "Lamps at sea"


@pytest.mark.parametrize("suffix", ["odt", "docx", "rtf"])
def test_libreoffice(engines: Engines, conversion: markups.Recipe, suffix: str) -> None:
    data = programs.libreoffice(suffix) if suffix != "odt" else programs.libreoffice("docx", "odt")
    document = markups.read(data, "a", engines, conversion("pdf"))
    check(document, suffix)
    assert [author.name for author in document.metadata.authors] == ["Ada Vogt"]


@pytest.mark.parametrize("suffix", ["epub", "fb2"])
def test_calibre(engines: Engines, conversion: markups.Recipe, suffix: str) -> None:
    document = markups.read(programs.calibre(suffix), "a", engines, conversion("pdf"))
    check(document, suffix)
    metadata = document.metadata
    assert [author.name for author in metadata.authors] == ["Ada Vogt"]
    assert metadata.date.startswith("2024")
    assert (metadata.publisher, metadata.lang) == ("North Bank", "en")
    assert metadata.series is not None and (metadata.series.name, float(metadata.series.index or 3)) == ("Nights", 3.0)
