"""Textile: marks that stay open, what it has of its own, and what is refused."""

from __future__ import annotations

import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.errors import TooComplex
from tests.readers import markups

ARTICLE = """\
---
title: Low tide
---

h2. Sand

A *bold* _low_ "link":https://tides.example @a_b*c@ note[1] and -gone-.

fn1. The note.

* one
** two

|_. a|_. b|
|1|2|

bc. x_y *z
"""


def test_its_own_marks(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(ARTICLE, "a.textile", engines, conversion("pdf"))
    assert document.metadata.title == "Low tide"
    kinds = {node["t"] for node in pandoc_ast.query(document.blocks)}
    assert kinds >= {"Strong", "Emph", "Link", "Code", "Note", "Strikeout", "BulletList", "Table", "CodeBlock"}
    assert [node["c"][1] for node in pandoc_ast.query(document.blocks, {"Code", "CodeBlock"})] == ["a_b*c", "x_y *z"]
    assert "text-missing" not in markups.codes(document)


@pytest.mark.parametrize(
    "text", ["*a " * 300, "_a " * 300, "*_-a " * 300, '"_' * 100, "^a ~b ??c " * 100, "a * b _ c", "3*4*5_6"]
)
def test_marks_left_open_are_text(engines: Engines, conversion: markups.Recipe, text: str) -> None:
    said = markups.said(markups.read(text, "a.textile", engines, conversion("pdf")))
    assert "".join(said.split()) == "".join(text.split())


@pytest.mark.parametrize("text", ["a < b ", "<a ", "<!-- ", "<pre>x\n\n", '<a href="', '<a x=">" ', "p<.<", "<!DOCTYPE "])
def test_angles_that_begin_no_tag_are_text(engines: Engines, conversion: markups.Recipe, text: str) -> None:
    """pandoc looks for the end of each in all that follows: 1,500 took 3 s, and 1,400 `<pre>` half a minute."""
    document = markups.read(text * 5_000, "a.textile", engines, conversion("pdf"))
    assert "".join(markups.said(document).split()) == "".join((text * 5_000).split())


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ('<b>bold</b> and <i title="a < b">more</i>', {"Strong", "Emph"}),
        ("<pre>a <b> c</pre>", {"CodeBlock"}),
        ("p<. left\n\np<>. both", {"Para"}),
        ("|<. a|\n|_<. b|", {"Table"}),
        ("!<picture.png!", {"Image"}),
        ("@a < b@", {"Code"}),
    ],
)
def test_angles_that_mean_something(engines: Engines, conversion: markups.Recipe, text: str, kinds: set[str]) -> None:
    document = markups.read(text, "a.textile", engines, conversion("pdf"))
    assert {node["t"] for node in pandoc_ast.query(document.blocks)} >= kinds
    assert not {"p<", "|<", "!<", "<i", "<b>b", "<pre"} & set(markups.said(document).split())


def test_pandocs_own(engines: Engines, conversion: markups.Recipe) -> None:
    markups.check_text(engines, conversion, "textile", "a.textile")
    assert markups.lost("textile", "a.textile", engines, conversion("pdf")) == ""


@pytest.mark.parametrize(
    "text",
    [
        "a\n\n" + "%" * 2000,
        "a\n\n" + "*" * 80 + " a",
        "a\n\n" + "|" * 2000,
        "a\n\na " + '"%' * 30,
        "a\n\n" + '"%"%"% a ' * 30,
        "a\n\na " + '"*' * 999,
    ],
)
def test_bombs(engines: Engines, conversion: markups.Recipe, text: str) -> None:
    with pytest.raises(TooComplex, match="Line 3 ") as caught:
        markups.read(text, "a.textile", engines, conversion("pdf"))
    assert caught.value.places[0].line == 3


def test_a_doubt_about_the_front_matter_has_its_place(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read("---\ntitle: A\ndate: soon\n---\n\nText.\n", "a.textile", engines, conversion("pdf"))
    reported = [(each.line, each.column) for each in document.notices if each.code == "date-unrecognised"]
    assert reported == [(3, 7)]
