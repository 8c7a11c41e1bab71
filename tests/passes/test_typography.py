"""Invisible characters are removed; the author's text stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.ast import pandoc_ast
from service.model.document import Conversion, Document, Metadata, Source
from service.passes import typography
from tests.passes.conftest import codes, said

Recipe = Callable[..., Conversion]


def run(text: str, conversion: Conversion) -> Document:
    block = pandoc_ast.para([pandoc_ast.string(text)])
    return typography.run(Document(Metadata(), (block,), Source("a.md", b"")), conversion)


@pytest.mark.parametrize(
    "text", ["“a” – b … 'c' \"d\" -- e", "\u3000全角，空格", "👩\u200d👩\u200d👧", "क्\u200dष", "a\u00adb", "e\u0301"]
)
def test_kept(conversion: Recipe, text: str) -> None:
    assert said(run(text, conversion("pdf"))).rstrip("\n") == text


@pytest.mark.parametrize(("text", "kept"), [("a\u200bb\ufeffc\u2060", "abc"), ("\u200b", "")])
def test_invisible_characters_go(conversion: Recipe, text: str, kept: str) -> None:
    after = run(text, conversion("pdf"))
    assert said(after).strip() == kept
    assert not after.notices


def test_characters_that_xml_forbids_go_and_are_reported(conversion: Recipe) -> None:
    after = run("a\x01b\x0cc\uffffd", conversion("docx"))
    assert said(after).strip() == "abcd"
    assert codes(after) == ["control-characters-removed"]
    assert after.notices[0].data["count"] == 3


def test_code_keeps_what_can_be_kept(conversion: Recipe) -> None:
    block = {"t": "CodeBlock", "c": [["", [], []], "a\u200bb\x02"]}
    after = typography.run(Document(Metadata(), (block,), Source("a.md", b"")), conversion("docx"))
    assert after.blocks[0]["c"][1] == "a\u200bb"
