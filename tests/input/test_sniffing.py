"""The reader of a source, and refusals."""

from __future__ import annotations

import pytest

from service.input import sniffing
from service.model.document import Source
from service.model.errors import UnsupportedFormat
from service.model.formats import INPUT_FORMATS
from service.readers import READERS


@pytest.mark.parametrize(
    ("name", "data", "media_type", "declared", "expected"),
    [
        ("a.md", b"# a", "", "auto", "markdown"),
        ("A.MD", b"# a", "", "", "markdown"),
        ("a.md", b"# a", "text/html", "auto", "markdown"),  # the name is nearer to the author than the type
        ("a", b"# a", "", "auto", "markdown"),
        ("", b"# a", "", "auto", "markdown"),
        ("", b"", "", "auto", "markdown"),  # the reader says that it is empty
        ("a", b"<p>x", "text/html; charset=utf-8", "auto", "html"),
        ("a", b"x", "application/octet-stream", "auto", "markdown"),
        ("a.md", b"<!DOCTYPE html><p>x", "", "auto", "html"),
        ("a.md", b"<!DOCTYPE html><p>x", "", "markdown", "markdown"),  # declared wins
        ("a.md", b"# a", "", "md", "markdown"),
        ("a.md", b"# a", "", ".TXT", "text"),
        ("a.md", b"# a", "", "gfm", "markdown"),
        ("a.md", b"# a", "", "text/html", "html"),
        ("a.bin", b"PK\x03\x04..word/document.xml", "", "auto", "docx"),
        ("v1.2 of 3", b"x", "", "auto", "markdown"),  # a dot is not a suffix
        ("../x.y/a", b"x", "", "auto", "markdown"),
        ("C:\\x.y\\a.html", b"<p>x", "", "auto", "html"),
        ("标题。", "正文".encode("utf-16"), "", "auto", "markdown"),
    ],
)
def test_reader(name: str, data: bytes, media_type: str, declared: str, expected: str) -> None:
    assert sniffing.reader_of(Source(name, data, media_type), declared, READERS) == expected


@pytest.mark.parametrize(
    ("name", "data", "declared", "reason"),
    [
        ("a.md", b"%PDF-1.7\n", "auto", "a PDF"),
        ("a.md", b"%PDF-1.7\n", "markdown", "a PDF"),
        ("a", b"\x89PNG\r\n\x1a\n", "auto", "a PNG image"),
        ("a.docx", b"MZ\x90\x00", "auto", "a program"),
        ("a.docx", b"PK\x03\x04..mimetype", "auto", "a zip archive"),
        ("a.md", b"PK\x03\x04", "auto", "a zip archive"),
        ("a.key", b"x\n=", "auto", ".key"),
        ("a.xls", b"\0\0", "auto", ".xls"),
        ("a.md", b"x", "pages", "'pages'"),
        ("a.md", b"x", "/tmp/x.lua", "x.lua"),
        ("a.md", b"x", "markdown+raw_tex", "raw_tex"),
    ],
)
def test_refused(name: str, data: bytes, declared: str, reason: str) -> None:
    with pytest.raises(UnsupportedFormat) as caught:
        sniffing.reader_of(Source(name, data), declared, READERS)
    assert reason in caught.value.detail
    assert "html (.html, .htm, .xhtml)" in caught.value.detail
    assert caught.value.extra["readable"] == list(INPUT_FORMATS)
