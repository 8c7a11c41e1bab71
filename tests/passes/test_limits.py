"""The last look before a writer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from service.ast import pandoc_ast
from service.model.document import Asset, Conversion, Document, Metadata, Source
from service.model.errors import TooComplex
from service.model.media_bag import media_name
from service.passes import limits

Recipe = Callable[..., Conversion]
PICTURE = Asset("a.png", b"bytes", "image/png", 1, 1)


def document(*blocks: Any) -> Document:
    return Document(Metadata(), blocks, Source("a.md", b""), assets={"a.png": PICTURE})


def image(url: str) -> Any:
    return pandoc_ast.para([pandoc_ast.image([pandoc_ast.string("alt")], url)])


def test_bound_images_stay(conversion: Recipe) -> None:
    before = document(image(media_name(PICTURE)))
    assert limits.run(before, conversion("pdf")) == before


@pytest.mark.parametrize(
    "url", ["/etc/passwd", "media/other.png", "http://127.0.0.1/", "file:///etc/passwd", "a.png", "data:image/png;base64,AA", ""]
)
def test_no_other_target_reaches_a_writer(url: str, conversion: Recipe) -> None:
    after = limits.run(document(image(url)), conversion("pdf"))
    assert after.blocks == (pandoc_ast.para([pandoc_ast.string("alt")]),)
    assert [one.code for one in after.notices] == ["image-blocked"]
    assert limits.run(after, conversion("pdf")) == after


def test_nothing_raw_reaches_a_writer(conversion: Recipe) -> None:
    after = limits.run(document({"t": "RawBlock", "c": ["openxml", "<w:p/>"]}), conversion("docx"))
    assert after.blocks == ()


def nested(levels: int) -> Any:
    block = pandoc_ast.para([pandoc_ast.string("x")])
    for _ in range(levels):
        block = {"t": "BlockQuote", "c": [block]}
    return block


def test_depth(conversion: Recipe) -> None:
    assert limits.run(document(nested(50)), conversion("pdf")).blocks
    with pytest.raises(TooComplex, match="nesting"):
        limits.run(document(nested(60)), conversion("pdf"))
    with pytest.raises(TooComplex, match="nesting"):
        limits.run(document(nested(900)), conversion("pdf"))


def test_count(conversion: Recipe) -> None:
    with pytest.raises(TooComplex, match="blocks"):
        limits.run(document(*[pandoc_ast.para([])] * (limits.MAX_BLOCKS + 1)), conversion("pdf"))
    with pytest.raises(TooComplex, match="headings"):
        limits.run(document(*[pandoc_ast.header(2, [])] * (limits.MAX_HEADINGS + 1)), conversion("pdf"))


def prose(words: int) -> Any:
    return pandoc_ast.para([pandoc_ast.string("a"), {"t": "Space"}] * words)


def cells(count: int) -> Any:
    cell = [pandoc_ast.attr(), {"t": "AlignDefault"}, 1, 1, []]
    rows = [[pandoc_ast.attr(), [cell] * 10]] * (count // 10)
    head = [pandoc_ast.attr(), []]
    return {"t": "Table", "c": [pandoc_ast.attr(), [None, []], [], head, [[pandoc_ast.attr(), 0, [], rows]], head]}


CODE = {"t": "CodeBlock", "c": [pandoc_ast.attr(), "a"]}


def code(letters: int) -> Any:
    return {"t": "CodeBlock", "c": [pandoc_ast.attr(), "a" * letters]}


@pytest.mark.parametrize("target", ["pdf", "epub", "docx", "html"])
@pytest.mark.parametrize(
    ("blocks", "what"),
    [
        ([code(limits.MAX_CODE + 1)], "letters of code"),
        ([pandoc_ast.para([{"t": "Code", "c": [pandoc_ast.attr(), "a" * limits.MAX_CODE]}]), CODE], "letters of code"),
        ([CODE] * (limits.MAX_CODE_BLOCKS + 1), "blocks of code"),
        ([pandoc_ast.para([pandoc_ast.link([], "#a")] * 1_001)] * 150, "links and formatted passages"),
        ([pandoc_ast.para([{"t": "Emph", "c": []}, {"t": "Strong", "c": []}] * 501)] * 150, "links and formatted passages"),
    ],
)
def test_what_is_too_much_for_every_format(blocks: list[Any], what: str, target: str, conversion: Recipe) -> None:
    with pytest.raises(TooComplex, match=f"more than [0-9,]+ {what}"):
        limits.run(document(*blocks), conversion(target))


@pytest.mark.parametrize(
    ("blocks", "what"),
    [
        ([prose(100_000)] * 5, "words and marks"),
        ([cells(limits.MAX_PRINTED_CELLS // 2)] * 3, "cells in tables"),
        ([pandoc_ast.para([{"t": "Note", "c": []}] * 3_000)] * 2, "notes"),
        ([code(limits.MAX_PRINTED_CODE), CODE], "letters of code"),
        ([pandoc_ast.para([{"t": "Emph", "c": []}] * 1_000)] * 81, "links and formatted passages"),
        ([pandoc_ast.para([])] * (limits.MAX_PRINTED_BLOCKS + 1), "blocks"),
        ([CODE] * (limits.MAX_PRINTED_CODE_BLOCKS + 1), "blocks of code"),
        ([pandoc_ast.para([pandoc_ast.string("a" * 200_000)])] * 2, "without a break"),
    ],
)
def test_what_is_too_much_to_print_can_be_an_ebook(blocks: list[Any], what: str, conversion: Recipe) -> None:
    with pytest.raises(TooComplex, match=f"{what}, more than a PDF can have"):
        limits.run(document(*blocks), conversion("pdf"))
    for target in ("epub", "docx", "html"):
        assert limits.run(document(*blocks), conversion(target)).blocks == tuple(blocks)


def test_long_paragraphs(conversion: Recipe) -> None:
    for block in (prose(200_000), {"t": "BlockQuote", "c": [prose(200_000)]}):
        with pytest.raises(TooComplex, match="one paragraph"):
            limits.run(document(block), conversion("docx"))
    limits.run(document({"t": "BlockQuote", "c": [prose(100_000)] * 3}), conversion("docx"))


@pytest.mark.parametrize("kind", ["BulletList", "OrderedList"])
def test_more_lists_than_a_word_file_can_have(kind: str, conversion: Recipe) -> None:
    item = [{"t": "Plain", "c": []}]
    one = {"t": kind, "c": [item] if kind == "BulletList" else [[1, {"t": "Decimal"}, {"t": "Period"}], [item]]}
    blocks = [one] * (limits.MAX_WORD_LISTS + 1)
    with pytest.raises(TooComplex, match="lists, more than a DOCX can have"):
        limits.run(document(*blocks), conversion("docx"))
    for target in ("epub", "pdf", "html"):
        assert limits.run(document(*blocks), conversion(target)).blocks == tuple(blocks)
    limits.run(document(*blocks[1:]), conversion("docx"))
