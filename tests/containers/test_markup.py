"""XML of strangers is looked at before an engine parses it, and chapters that are none are written anew."""

from __future__ import annotations

import pytest
from lxml import etree

from service.containers import markup
from service.model.errors import ColophonError, InvalidDocument, TooComplex

OPF = (
    '<package xmlns="http://www.idpf.org/2007/opf"><manifest>'
    '<item id="a" href="a%20b.dat" media-type="application/xhtml+xml"/></manifest><spine>{}</spine></package>'
)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"<a>" * 300 + b"</a>" * 300, TooComplex),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', InvalidDocument),
        (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', InvalidDocument),
        (b'<!DOCTYPE a [<!ENTITY % b SYSTEM "http://127.0.0.1/">%b;]><a/>', InvalidDocument),
        (b"<a><b></a>", InvalidDocument),
        (b"\xff\xfe\xff<a/>", InvalidDocument),
        (b'<?xml version="1.0" encoding="MTF-8"?><a/>', InvalidDocument),
    ],
)
def test_refused(data: bytes, error: type[ColophonError]) -> None:
    with pytest.raises(error):
        markup.refuse_bombs({"word/document.xml": data})


def test_sound_documents_pass() -> None:
    nested = b"<a>" * 150 + b"</a>" * 150
    markup.refuse_bombs({"word/document.xml": nested, "word/media/a.png": b"\x89PNG", "a.xml": b""})


def test_chapters_left_open_are_closed_wherever_the_manifest_puts_them() -> None:
    parts = {
        "OPS/p.opf": OPF.format("").encode(),
        "OPS/a b.dat": b"<ul><li>" * 20 + b"x",
        "OPS/c.xhtml": b"<html><p>y</p></html>",
    }
    sound = markup.chapters(parts, 1_000)
    assert etree.fromstring(sound["OPS/a b.dat"]).xpath("string()") == "x"
    assert sound["OPS/c.xhtml"] is parts["OPS/c.xhtml"]


def test_chapters_in_another_encoding_are_written_in_utf_8() -> None:
    page = '<?xml version="1.0" encoding="gb2312"?><html><p>灯塔</p></html>'.encode("gb2312")
    sound = markup.chapters({"a.xhtml": page}, 1_000)
    assert "灯塔" in sound["a.xhtml"].decode()


def test_xhtml_with_a_doctype_and_named_entities_is_left_alone() -> None:
    page = b'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "x.dtd"><html><p>a&nbsp;b</p></html>'
    parts = {"a.xhtml": page}
    assert markup.chapters(parts, 1_000) is parts


@pytest.mark.parametrize(
    "parts",
    [
        {"a.xhtml": b"<div>" * 300},
        {"p.opf": OPF.format('<itemref idref="a"/>' * 200).encode(), "a b.dat": b"<p>text</p>"},
        {"p.opf": OPF.format("<itemref/>" * 10_001).encode()},
    ],
    ids=["nested", "repeated", "spine"],
)
def test_bombs(parts: dict[str, bytes]) -> None:
    with pytest.raises(TooComplex):
        markup.chapters(parts, 1_000)
