"""Keywords stand below the abstract, funding and interests after the text, in each format that has a page."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest

from schemas import options
from service.ast import pandoc_ast
from service.engines import Engines
from service.model.document import Conversion, Document, Metadata, Source
from service.passes import statements
from service.pipeline import steps
from tests.corpus.artifacts import of_docx, of_epub
from tests.passes.conftest import said

Recipe = Callable[..., Conversion]
METADATA = Metadata(lang="en", keywords=("moths", "lamps"), custom={"funding": "By the Quay Fund.", "coi": "There are no such."})
ARTICLE = """---
title: Moths
author: [{name: Ada Vogt, affiliation: Harbour, corresponding: true}, {name: Tom Reed, affiliation: Quay}]
received: 2024-05-03
accepted: 2024-09-17
volume: 12
issue: 3
keywords: [moths, lamps]
funding: By the Quay Fund.
competing_interests: There are no such interests.
comments: true
draft: false
abstract: We counted moths.
lang: en
---

# One

Text.
"""
LINES = (
    "Ada Vogt¹*, Tom Reed²", "¹ Harbour", "Corresponding author: Ada Vogt", "Volume: 12 (3)", "Received: 3 May 2024",
    "Accepted: 17 September 2024", "We counted moths.", "Keywords: moths, lamps", "Funding: By the Quay Fund.",
    "Conflict of interest: There are no such interests.",
)  # fmt: skip


def document(*texts: str) -> Document:
    blocks = tuple(pandoc_ast.para(pandoc_ast.words(text)) for text in texts)
    return Document(METADATA, blocks, Source("a.md", b""))


def test_their_places(conversion: Recipe) -> None:
    given = document("Text.")
    after = statements.run(given, conversion("pdf", profile="paper"))
    keywords, text, funding, interests = after.blocks
    assert [each["c"][0][1][0] for each in (keywords, funding, interests)] == ["keywords", "funding", "conflict-of-interest"]
    assert text is given.blocks[0]
    assert statements.run(after, conversion("pdf", profile="paper")) is after
    assert statements.run(given, conversion("pdf")) is given


def test_statements_come_before_the_references(conversion: Recipe) -> None:
    given = document("Text.")
    refs = [pandoc_ast.header(1, pandoc_ast.words("References")), pandoc_ast.div([], pandoc_ast.attr("refs"))]
    blocks = statements.run(Document(METADATA, (*given.blocks, *refs), given.source), conversion("pdf", profile="paper")).blocks
    assert [each["t"] for each in blocks] == ["Div", "Para", "Div", "Div", "Header", "Div"]


def test_what_the_text_says_is_not_said_twice(conversion: Recipe) -> None:
    given = document("Keywords: Moths; lamps", "Paid by the Quay Fund.")
    after = statements.run(given, conversion("pdf", profile="paper", title_fields="keywords,funding"))
    assert after is given
    assert "There are" not in said(after)


@pytest.mark.parametrize("asked", ["", "-keywords,-funding,-conflict-of-interest,-received,-accepted,-volume,-corresponding"])
def test_every_format_shows_what_a_journal_shows(engines: Engines, asked: str) -> None:
    found = {}
    for target in ("pdf", "epub", "docx"):
        recipe = options.load((target,), {"profile": "paper", "title_fields": asked})
        data = steps.write(steps.read(Source("a.md", ARTICLE.encode()), recipe, engines), recipe, target, engines).data
        if target == "pdf":
            found[target] = subprocess.run(
                ["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True
            ).stdout.decode()
        else:
            found[target] = (of_epub if target == "epub" else of_docx)(data)
    hidden = ("Keywords", "Funding", "Conflict", "Received", "Accepted", "Volume", "Corresponding")
    for target, text in found.items():
        plain = " ".join(text.split())
        for line in LINES:
            is_there = not (asked and line.startswith(hidden))
            assert (" ".join(line.split()).replace(" ", "") in plain.replace(" ", "")) is is_there, (target, line)
        assert "true" not in plain and "false" not in plain
