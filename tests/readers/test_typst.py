"""Typst: metadata of the document and of templates; programs that may not end; files that are not read."""

from __future__ import annotations

import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.errors import TooComplex
from tests.readers import markups

SET = """\
#set document(title: "Low tide", author: ("Mara Vogt", "Tom Reed"), keywords: ("sea", "sand"),
  date: datetime(year: 2024, month: 5, day: 6))
#set text(lang: "it")
#let x = 3
= Sand

Words *bold* $x^2$ #footnote[The note.] and #x.
"""
TEMPLATE = """\
#import "@preview/paper:0.1.0": paper
#show: paper.with(
  title: [Low tide],
  abstract: [We dug.],
  authors: ((name: "Mara Vogt", organization: [X]), (name: "Tom Reed")),
  index-terms: ("sea", "sand"),
)
= Sand

Words.
"""


def test_the_document_is_the_front_matter(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(SET, "a.typ", engines, conversion("pdf"))
    metadata = document.metadata
    assert (metadata.title, metadata.date, metadata.lang, metadata.keywords) == ("Low tide", "2024-05-06", "it", ("sea", "sand"))
    assert [author.name for author in metadata.authors] == ["Mara Vogt", "Tom Reed"]
    assert markups.said(document) == "Sand Words bold x^{2} The note. and 3."
    assert "text-missing" not in markups.codes(document)


def test_a_template_gives_metadata(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(TEMPLATE, "a.typ", engines, conversion("pdf"))
    metadata = document.metadata
    assert (metadata.title, metadata.abstract, metadata.keywords) == ("Low tide", "We dug.", ("sea", "sand"))
    assert [author.name for author in metadata.authors] == ["Mara Vogt", "Tom Reed"]
    assert [(each.line, each.data["file"]) for each in document.notices if each.code == "include-ignored"] == [
        (1, "@preview/paper:0.1.0")
    ]
    assert "text-missing" not in markups.codes(document)


def test_pandocs_own(engines: Engines, conversion: markups.Recipe) -> None:
    kinds = {node["t"] for node in pandoc_ast.query(markups.check_text(engines, conversion, "typst", "a.typ").blocks)}
    assert "Table" in kinds


@pytest.mark.parametrize(
    "text",
    [
        "a\n#while true {}",
        "a\n#for i in range(9000000) [a]",
        'a\n#("a" * 9000000)',
        "a\n" + "[" * 90,
        "a\n#lorem(900000)",
        "a\n#table(columns: 900000, [a])",
        "a\n#table(table.cell(colspan: 900000)[a])",
    ],
)
def test_bombs(engines: Engines, conversion: markups.Recipe, text: str) -> None:
    with pytest.raises(TooComplex, match="Line 2 ") as caught:
        markups.read(text, "a.typ", engines, conversion("pdf"))
    assert caught.value.places[0].line == 2


def test_words_that_programs_have_too(engines: Engines, conversion: markups.Recipe) -> None:
    text = "The range was 20000 miles, while the tide rose in columns: 2024 of them."
    assert markups.said(markups.read(text, "a.typ", engines, conversion("pdf"))) == text


@pytest.mark.parametrize(
    "quote", ['#quote(attribution: [Ada Vogt])[Low tide.]', '#quote(attribution: "Ada Vogt")[Low tide.]',
              '#quote(block: true, attribution: [Ada Vogt])[Low tide.]']
)  # fmt: skip
def test_the_attribution_of_a_quotation(quote: str, engines: Engines, conversion: markups.Recipe) -> None:
    said = markups.said(markups.read(f"{quote}\n", "a.typ", engines, conversion("pdf")))
    assert "Low tide." in said and "Ada Vogt" in said
