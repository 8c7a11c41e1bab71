"""Icons of a private font go, with what held nothing else; a rare character among ideographs stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.document import Conversion, Document, Metadata, Source
from service.passes import boilerplate, icons
from service.readers import markdown
from tests.passes.conftest import codes, said

Recipe = Callable[..., Conversion]


def document(*inlines: Any) -> Document:
    return Document(Metadata(), (pandoc_ast.para([*inlines]),), Source("a.md", b""))


@pytest.mark.parametrize("text", ["汉\ue123字", "字\ue123", "\ue123かな", "Plain", "한\U000f0001"])
def test_kept(conversion: Recipe, text: str) -> None:
    given = document(pandoc_ast.string(text))
    assert icons.run(given, conversion("pdf")) is given


@pytest.mark.parametrize(
    ("text", "kept"), [("\uf099", ""), ("million\uf099", "million"), ("\uf0e1\ue801Share", "Share"), ("\U000f0001a", "a")]
)
def test_gone_and_reported(conversion: Recipe, text: str, kept: str) -> None:
    after = icons.run(document(pandoc_ast.string(text)), conversion("pdf"))
    assert said(after).strip() == kept
    assert codes(after) == ["icon-removed"]
    assert after.notices[0].data["characters"][0].startswith("U+")


def test_emphasis_around_an_icon_goes_and_an_anchor_stays(conversion: Recipe) -> None:
    icon = pandoc_ast.string("\uf099")
    anchor = {"t": "Span", "c": [["here", [], []], [icon]]}
    bare = {"t": "Span", "c": [["", ["fa"], []], [icon]]}
    after = icons.run(document({"t": "Emph", "c": [icon]}, anchor, bare, pandoc_ast.string("x")), conversion("pdf"))
    assert after.blocks[0]["c"] == [{"t": "Span", "c": [["here", [], []], []]}, pandoc_ast.string("x")]


def test_all_stays_where_nothing_is_to_be_cleaned(conversion: Recipe) -> None:
    given = document(pandoc_ast.string("\uf099"))
    assert icons.run(given, conversion("pdf", clean="none")) is given


def test_a_bar_of_buttons_leaves_its_words(engines: Engines, conversion: Recipe) -> None:
    """The emphasis is one of a page's `<i>`, which CommonMark does not see before a letter."""
    text = "\ue80a *\uf09a*Share *\uf099*分享\n\n[*\uf099*](https://social.example/)\n\nBody."
    blocks = markdown.blocks_of(text, conversion("pdf"), engines)
    after = boilerplate.run(icons.run(Document(Metadata(), blocks, Source("a.md", b"")), conversion("pdf")), conversion("pdf"))
    assert [pandoc_ast.text(block).strip() for block in after.blocks] == ["Share 分享", "Body."]
    assert codes(after) == ["icon-removed", "empty-link-removed"]
