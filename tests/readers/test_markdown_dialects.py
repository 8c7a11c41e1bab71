"""Each dialect reads its own spellings and no other's; pandoc's never read metadata."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.document import Conversion
from service.readers import markdown
from service.readers.markdown import dialects


@pytest.fixture
def tags(engines: Engines, conversion: Callable[..., Conversion]) -> Callable[..., set[str]]:
    def read(text: str, dialect: str) -> set[str]:
        blocks = markdown.blocks_of(text, conversion("pdf", dialect=dialect), engines)
        return {node["t"] for node in pandoc_ast.query(blocks)}

    return read


@pytest.mark.parametrize(
    ("text", "tag", "read_by"),
    [
        ("|a|\n|-|\n|b|", "Table", {"auto", "gfm"}),
        ("~~a~~", "Strikeout", {"auto", "gfm"}),
        ("a[^1]\n\n[^1]: b", "Note", {"auto", "gfm"}),
        ("> [!note]\n> a", "Div", {"auto", "gfm"}),
        ("> [!question] Why?\n> a", "Div", {"auto"}),
        (":::tip\na\n:::", "Div", {"auto"}),
        ("a^[b]", "Note", {"auto"}),
        ("a\n: b", "DefinitionList", {"auto"}),
        ("H~2~O", "Subscript", {"auto"}),
        ("$x^2$", "Math", {"auto", "gfm", "commonmark"}),
        ("\\(x^2\\)", "Math", {"auto"}),
        ("**“a”**甲", "Strong", {"auto"}),
        ("a\nb", "LineBreak", {"auto"}),
    ],
)
def test_what_each_dialect_reads(tags: Callable[..., set[str]], text: str, tag: str, read_by: set[str]) -> None:
    assert {dialect for dialect in ("auto", "gfm", "commonmark") if tag in tags(text, dialect)} == read_by


def test_extensions_are_named_only_where_the_text_may_use_them(conversion: Callable[..., Conversion]) -> None:
    plain = dialects.extensions("word", conversion("pdf"))
    assert plain == {"cjk_friendly_emphasis"}
    assert plain < dialects.extensions("a | b\n-|-\n1 | 2^3^ ==m== $x$", conversion("pdf"))


def test_a_text_with_too_many_marks_keeps_them(conversion: Callable[..., Conversion], engines: Engines) -> None:
    """Above the limit the parser would take time by the square of the marks."""
    text = "x^2^ " * 4_000
    assert pandoc_ast.text(list(markdown.blocks_of(text, conversion("pdf"), engines))) == text.strip()


@pytest.mark.parametrize("dialect", ["auto", "gfm", "commonmark", "commonmark_x", "markdown"])
def test_no_dialect_reads_metadata_within_the_text(dialect: str, engines: Engines, conversion: Callable[..., Conversion]) -> None:
    read: Any = markdown.blocks_of("---\ntitle: Hidden\n---\n\nText", conversion("pdf", dialect=dialect), engines)
    assert "Hidden" in pandoc_ast.text(list(read))
