"""A note within a note is set in brackets: the writers of every format drop it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from service.ast import pandoc_ast
from service.ast.pandoc_ast import Node, para, words
from service.model.document import Conversion, Document, Metadata, Source
from service.passes import nested_notes

Recipe = Callable[..., Conversion]


def note(*blocks: Any) -> Node:
    return {"t": "Note", "c": [*blocks]}


def document(*inlines: Any) -> Document:
    return Document(Metadata(), (para([*inlines]),), Source("a.md", b""))


def test_a_note_within_a_note(conversion: Recipe) -> None:
    code = {"t": "CodeBlock", "c": [["", [], []], "x"]}
    third = note(para(words("Third")))
    inner = note(para([*words("Second one"), third]), code, para(words("goes on")))
    after = nested_notes.run(document(*words("Text"), note(para([*words("First"), inner]))), conversion("pdf"))
    flat = note(para([*words("First"), *words(" (Second one (Third) goes on)")]), code)
    assert said_of(after) == said_of(document(*words("Text"), flat))


def test_notes_side_by_side_stay(conversion: Recipe) -> None:
    given = document(note(para(words("a"))), note(para(words("b"))))
    assert nested_notes.run(given, conversion("pdf")).blocks == given.blocks


def said_of(document: Document) -> str:
    return pandoc_ast.text(document.blocks)
