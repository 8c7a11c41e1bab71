"""Every refusal of a reader names a line of the upload, or says the part of a package."""

from __future__ import annotations

import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.document import Source
from service.model.errors import Place, Refused
from service.pipeline import steps
from service.readers import READERS
from service.readers.shared import refusals
from tests.readers import markups, office, ooxml

DEEP = 1_500  # levels of nesting
MANY = 41_000  # more cells than a table may have
BINARY = b"\x01\x02\x03\x04\x05\x06\x0e\x0f\x10" * 20
DAMAGED = b"PK\x03\x04" + b"\x00" * 60


def tags(name: str, top: str, lead: str = "") -> str:
    return f"<{top}>\n\n{lead}" + f"<{name}>" * DEEP + "x" + f"</{name}>" * DEEP + f"</{top}>"


# Reader → inputs that it refuses.
BROKEN: dict[str, tuple[str | bytes, ...]] = {
    "markdown": ("", " \n \n", ">" * DEEP + " x", "- " * DEEP + "x", BINARY, b"abc\n\0\n", b"\xff\xfe\xfd\n\x81"),
    "html": ("", "<p></p>", "<div>" * DEEP + "x", BINARY, "<p>a</p>\n\0"),
    "text": ("", "\n\n", BINARY, b"a\nb\0"),
    "csv": ("", "\n\n", "a,b\n" * MANY, 'a\n"' + "x" * 200_000, BINARY),
    "rst": ("", "".join(" " * n + "x\n\n" for n in range(1, 90)), BINARY),
    "org": ("", "*" * 600 + " x", "#+MACRO: a {{{b}}}\n{{{a}}}", "|" * 2_000, BINARY),
    "latex": ("", "\\begin{document}\n" + "{" * DEEP + "x" + "}" * DEEP, "a\n\\begin{itemize}\n\\item x\n\\end{quote}", BINARY),
    "mediawiki": ("", "a\n\n" + "*" * 600 + " x", "a\n\n{|\n" * 200, BINARY),
    "asciidoc": ("", "a\n\n" + "[" * 900, "".join(" " * n + "x\n\n" for n in range(1, 90)), BINARY),
    "typst": ("", "a\n\n#let f(", "a\n#while true {}", "(" * 900, BINARY),
    "djot": ("", "a\n\n" + ">" * 900 + " x", "a\n\n" + "[" * 9_000, BINARY),
    "opml": ("", "<opml><body/></opml>", "<opml>\n<body><outline text='a'", "<opml><body>" + "<outline text='a'>" * 900, BINARY),
    "mail": ("", "MIME-Version: 1.0\nTo: a@b.example\n\n", "Subject: a\nContent-Type: text/html\n\n" + "<div>" * DEEP + "x",
             "Content-Type: multipart/mixed; boundary=a\n\n--a\n" * 200, "Content-Type: text/plain\n\n" + "> " * 9 + "a\0b"),
    "enex": ("", "<en-export/>", "<en-export>\n<note><content><![CDATA[<en-note/>]]></content></note></en-export>",
             "<en-export>\n<note>",
             "<en-export>\n<note><content><![CDATA[" + "<div>" * DEEP + "x]]></content></note></en-export>"),
    "textile": ("", "a\n\n" + "*" * 5_000 + " x", BINARY),
    "jats": ("<article>\n<b>", "<article>\n&x;</article>",
             "<!DOCTYPE article [\n<!ENTITY a 'b'>]>\n<article/>", tags("sec", "article")),
    "docbook": ("<book>\n<b>", "<article>\n&x;</article>", tags("section", "article"),
                "<!DOCTYPE book [\n<!ENTITY a 'b'>]>\n<book/>"),
    "fb2": ("<FictionBook>\n<b>", tags("section", "FictionBook"), "<FictionBook>\n<body>" + "<section>" * 150 + "<p>x</p>"
            + "</section>" * 150 + "</body></FictionBook>"),
    "rtf": ("{\\rtf1 {\n", "{\\rtf1}", "{\\rtf1\n" + "{" * 1_200 + "x" + "}" * 1_201, "{\\rtf1 " + "{" * 999),
    "ipynb": ("", "{", "[]", "[\n1]", '"x"', "null", '{"nbformat": 4,\n"cells": []}', '{"nbformat": 4}', '{"a": 1,\n"a": 2}',
              '{"a":\nNaN}', b'{"a": "\xff"}', "[" * 100 + "]" * 100, '{"a": "\\ud800"}',
              '{"nbformat": 4, "cells": [' + ",".join(["{}"] * 5_001) + "]}"),
    "docx": (DAMAGED, ooxml.packed(("a.txt", b"x")), office.word("<w:p>"), office.word("<w:p>" * 300 + "</w:p>" * 300)),
    "odt": (DAMAGED, office.open_text("<text:p>"),
            office.open_text("", {"meta.xml": b"<a>"}), office.open_text("", {"content.xml": b"<a/>"})),
    "epub": (DAMAGED, ooxml.packed(("a.txt", b"x")), office.book("<p>x</p>", metadata="<a>"),
             office.book("", files={"OPS/page0.xhtml": b"<!DOCTYPE html [<!ENTITY a 'b'>]><html><body>&a;</body></html>"})),
    "pptx": (DAMAGED, ooxml.packed(("a.txt", b"x")), ooxml.presentation("<a:p>")),
    "xlsx": (DAMAGED, ooxml.packed(("a.txt", b"x")), ooxml.workbook({"A": "<row>"}),
             ooxml.workbook({"A": "<sheetData>" + "<row><c><v>1</v></c></row>" * MANY + "</sheetData>"})),
}  # fmt: skip
PACKAGES = frozenset({"docx", "odt", "epub", "pptx", "xlsx"})
CASES = [(name, number) for name, inputs in BROKEN.items() for number in range(len(inputs))]


def test_every_reader_has_broken_inputs() -> None:
    assert BROKEN.keys() == READERS.keys()


@pytest.mark.parametrize(("name", "number"), CASES)
def test_a_refusal_names_its_place(name: str, number: int, engines: Engines, conversion: markups.Recipe) -> None:
    given = BROKEN[name][number]
    data = given.encode() if isinstance(given, str) else given
    try:
        steps.read(Source("a", data), conversion("epub", reader=name), engines)
    except Refused as error:
        assert error.status == 422
        assert error.places, error.detail
        place = error.places[0]
        assert place.detail
        if name not in PACKAGES:
            assert place.line is not None, error.detail
            assert 1 <= place.line <= data.count(b"\n") + 1, place
    else:
        pytest.fail("the input was read")


@pytest.mark.parametrize(
    ("data", "passage", "line"),
    [(b"one\ntwo\nthree", "two", 2), (b"one\none two\ntwo", "one two", 2), (b"one", "", 1), (b"one", "gone", 1)],
)
def test_the_line_of_a_passage(data: bytes, passage: str, line: int) -> None:
    with pytest.raises(Refused) as caught, refusals.placed(Source("a", data)):
        raise Refused("It does not fit.", extra={"passage": passage})
    assert caught.value.places[0].line == line


def test_a_place_is_kept() -> None:
    with pytest.raises(Refused) as caught, refusals.placed(Source("a", b"x")):
        raise Refused(places=[Place("there", line=7)])
    assert caught.value.places[0].line == 7


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        ("= Title\n\n= Part\n\n== One\n\nText.", [(1, "Part"), (2, "One")]),
        ("= Title\n\nText.\n\n[discrete]  \n=== Aside\n\nMore.", [(2, "Aside")]),
        ("= Title\n\n== One\n\n----\n= code\n----\n\nText.", [(1, "One")]),
    ],
)
def test_asciidoc_with_parts(text: str, headings: list[tuple[int, str]], engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(text, "a.adoc", engines, conversion("epub"))
    found = [(node["c"][0], pandoc_ast.text(node["c"][2])) for node in pandoc_ast.query(document.blocks, {"Header"})]
    assert document.metadata.title == "Title"
    assert [name for _, name in found] == [name for _, name in headings]
