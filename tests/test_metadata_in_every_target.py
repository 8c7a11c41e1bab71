"""Each target says the same metadata, changed, cleared and added by the request as well; and again when it is read again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import yaml

from schemas.metadata import dump
from service.ast import pandoc_ast
from service.containers import packages
from service.conversion import driver
from service.engines import Engines
from service.inspect import verification
from service.model.document import Document, Source
from service.pipeline import steps
from tests.readers import markups

ARTICLE = """---
Title: Tide pools
by: [Ada Vogt, Li Wei]
tags: [biology, sea]
category: Notes
source: https://shore.example/pools
created: 2024-05-01
series: Shores
series_index: 3
shelf: {row: 2}
pages: 12
lang: en
---

# Tide pools

## Finds

Crabs.
"""
REQUEST: dict[str, Any] = {
    "title": "Pools at ebb", "tags": None, "date": "2025-01-02", "url": None, "series": None, "publisher": "Shore Press",
    "author": [{"name": "Ada Vogt", "email": "ada@shore.example"}], "pages": None, "shelf": {"row": 4}, "edition": 2,
}  # fmt: skip
SAID = {
    "title": "Pools at ebb",
    "authors": [{"name": "Ada Vogt", "email": "ada@shore.example"}],
    "date": "2025-01-02",
    "categories": ["Notes"],
    "publisher": "Shore Press",
    "lang": "en",
    "custom": {"shelf": {"row": 4}, "edition": 2},
}
TARGETS = ("pdf", "epub", "docx", "html", "markdown")


def made(source: Source, target: str, engines: Engines, recipe: markups.Recipe, **options: Any) -> steps.Artifact:
    asked = recipe(target, verify="full", **options)
    return steps.write(steps.read(source, asked, engines), asked, target, engines)


def given(document: Document) -> dict[str, Any]:
    return {name: value for name, value in dump(document.metadata).items() if value not in (None, [], {})}


@pytest.mark.parametrize("target", TARGETS)
def test_the_same_metadata(engines: Engines, conversion: markups.Recipe, target: str) -> None:
    artifact = made(Source("a.md", ARTICLE.encode()), target, engines, conversion, metadata=REQUEST)
    assert "metadata-mismatch" not in {each.code for each in artifact.notices}
    assert artifact.report["readable"]
    assert artifact.report["fields"]["title"]["value"] == "Pools at ebb"
    assert all(row["found"] for row in artifact.report["fields"].values())
    if target != "html":  # of a page, the reader takes what any page says
        again = steps.read(Source(artifact.name, artifact.data), conversion("epub"), engines)
        assert given(again) == SAID
        assert [pandoc_ast.text(node["c"][2]) for node in pandoc_ast.query(again.blocks, {"Header"})] == ["Finds"]


def test_markdown_keeps_the_authors_own_keys(engines: Engines, conversion: markups.Recipe) -> None:
    text = made(Source("a.md", ARTICLE.encode()), "markdown", engines, conversion, metadata=REQUEST).data.decode()
    assert list(yaml.safe_load(text.split("---\n")[1]).items()) == [
        ("Title", "Pools at ebb"), ("by", [{"name": "Ada Vogt", "email": "ada@shore.example"}]), ("category", "Notes"),
        ("created", "2025-01-02"), ("shelf", {"row": 4}), ("lang", "en"), ("publisher", "Shore Press"), ("edition", 2),
    ]  # fmt: skip
    unchanged = made(Source("a.md", ARTICLE.encode()), "markdown", engines, conversion).data.decode()
    assert yaml.safe_load(unchanged.split("---\n")[1]) == yaml.safe_load(ARTICLE.split("---\n")[1]) | {"created": "2024-05-01"}


def test_a_language_that_was_detected_is_not_written(engines: Engines, conversion: markups.Recipe) -> None:
    text = made(Source("a.md", b"The state of the art in this field, and its history."), "markdown", engines, conversion).data
    assert text.startswith(b"---\ntitle: a\n---\n")
    asked = made(Source("a.md", b"Text."), "markdown", engines, conversion, lang="fr").data
    assert asked.startswith(b"---\ntitle: a\nlang: fr\n---\n")


@pytest.mark.parametrize("target", ["html", "markdown"])
@pytest.mark.parametrize(
    ("field", "value"),
    [("title", "Other"), ("keywords", ("x",)), ("doi", "10.1/2"), ("publisher", ""), ("custom", {"shelf": {"row": 3}})],
)
def test_the_check_finds_what_differs(
    engines: Engines, conversion: markups.Recipe, target: str, field: str, value: object
) -> None:
    recipe = conversion(target, metadata=REQUEST)
    document = steps.read(Source("a.md", ARTICLE.encode()), recipe, engines)
    data = steps.write(document, recipe, target, engines).data
    other = replace(document, metadata=replace(document.metadata, **{field: value}))  # type: ignore[arg-type]
    _, reported = verification.verify(data, target, other, recipe)
    assert [each.data["field"] for each in reported] == [field]


@pytest.mark.parametrize(
    ("text", "name"),
    [("---\ntitle: Old words\n---\n\n# Old words\n\nText.\n", "a.md"), ("# Old words\n\nText.\n\n## Part\n\nMore.\n", "a.md"),
     ("<title>Old words</title><h1>Old words</h1><p>Text.</p>", "a.html")],
)  # fmt: skip
def test_a_changed_title_leaves_no_old_heading(engines: Engines, conversion: markups.Recipe, text: str, name: str) -> None:
    for target in TARGETS:
        artifact = made(Source(name, text.encode()), target, engines, conversion, metadata={"title": "New words"})
        again = steps.read(Source(artifact.name, artifact.data), conversion("epub"), engines)
        assert again.metadata.title == "New words"
        assert "Old words" not in markups.said(again), target


def test_what_was_cleared_stays_cleared_in_an_edited_file(engines: Engines, conversion: markups.Recipe) -> None:
    artifact = made(Source("a.md", ARTICLE.encode()), "epub", engines, conversion, metadata=REQUEST)
    parts = packages.unpack(artifact.data)
    edited = {name: data.replace(b"Crabs.", b"Crabs and eels.") for name, data in parts.items()}
    again = markups.read(packages.pack(edited, frozenset({"mimetype"})), "b.epub", engines, conversion("epub"))
    assert "Crabs and eels." in markups.said(again)
    assert not again.metadata.keywords
    assert not again.metadata.source_url


def test_a_book_says_what_was_cleared_and_changed(engines: Engines, conversion: markups.Recipe) -> None:
    sources = [Source(f"{number}.md", ARTICLE.encode()) for number in (1, 2)]
    book = driver.gather(sources)
    for target in TARGETS:
        artifact = made(book, target, engines, conversion, combine=True, metadata={"title": "Both", "authors": None, "doi": None})
        assert "metadata-mismatch" not in {each.code for each in artifact.notices}
        if target not in ("html", "markdown"):
            again = steps.read(Source(artifact.name, artifact.data), conversion("epub"), engines)
            assert (again.metadata.title, again.metadata.authors) == ("Both", ())
