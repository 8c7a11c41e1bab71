"""The rules for all passes, found from their table: pure, idempotent, and pandoc accepts the tree."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from service.ast import pandoc_ast as ast
from service.engines import Engines
from service.model.document import Asset, Conversion, Document, Metadata, Source
from service.passes import PASSES

TEXT = some.text(some.characters(exclude_categories=("Cs", "Cc"), max_codepoint=0x2FFFF), min_size=1, max_size=12)
URL = some.sampled_from(
    ["#a", "../b", "https://x.example/a.png", "javascript:x", "a.png", "", "data:image/png;base64,AA==", "//h/x"]
)
NAME = some.sampled_from(["", "a", "a", "第一节", "1", "x y"])
ATTR = NAME.map(ast.attr)
RAW = some.sampled_from(["<b>", "</b>", "<br>", "<script>x</script>", "<!-- c -->", "<p>t</p>", "<table><tr><td>1</table>", "<"])


def inline() -> some.SearchStrategy[Any]:
    leaf = some.one_of(
        TEXT.map(ast.string),
        some.just({"t": "Space"}),
        some.just({"t": "SoftBreak"}),
        RAW.map(lambda text: {"t": "RawInline", "c": ["html", text]}),
        some.tuples(ATTR, TEXT).map(lambda each: {"t": "Code", "c": list(each)}),
    )

    def grow(inner: some.SearchStrategy[Any]) -> some.SearchStrategy[Any]:
        several = some.lists(inner, max_size=3)
        return some.one_of(
            several.map(lambda each: {"t": "Emph", "c": each}),
            some.tuples(several, URL, ATTR).map(lambda each: ast.link(each[0], each[1], "", each[2])),
            some.tuples(several, URL).map(lambda each: ast.image(*each)),
            some.tuples(several, ATTR).map(lambda each: ast.span(*each)),
        )

    return some.recursive(leaf, grow, max_leaves=6)


INLINES = some.lists(inline(), max_size=4)


def block() -> some.SearchStrategy[Any]:
    leaf = some.one_of(
        INLINES.map(ast.para),
        some.tuples(some.integers(1, 6), INLINES, ATTR).map(lambda each: ast.header(*each)),
        RAW.map(lambda text: {"t": "RawBlock", "c": ["html", text]}),
        some.tuples(ATTR, TEXT).map(lambda each: {"t": "CodeBlock", "c": list(each)}),
        some.just({"t": "HorizontalRule"}),
    )

    def grow(inner: some.SearchStrategy[Any]) -> some.SearchStrategy[Any]:
        several = some.lists(inner, min_size=1, max_size=3)
        return some.one_of(
            several.map(lambda each: {"t": "BlockQuote", "c": each}),
            some.lists(several, min_size=1, max_size=3).map(lambda each: {"t": "BulletList", "c": each}),
            some.tuples(several, ATTR).map(lambda each: ast.div(*each)),
        )

    return some.recursive(leaf, grow, max_leaves=8)


DOCUMENTS = some.builds(
    lambda title, blocks: Document(
        Metadata(title=title, lang="en", source_url="https://x.example/p/q"),
        tuple(blocks),
        Source("a.md", b"", assets=(Asset("a.png", b""),)),
    ),
    TEXT,
    some.lists(block(), max_size=6),
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(DOCUMENTS, some.sampled_from(["none", "safe", "web"]))
def test_passes(engines: Engines, conversion: Callable[..., Conversion], document: Document, clean: str) -> None:
    recipe = conversion("epub", clean=clean)
    for each in PASSES:
        before = copy.deepcopy(document)
        after = each.run(document, recipe)
        assert document == before, f"{each.name} changes its input"
        again = each.run(replace(after, notices=()), recipe)
        assert again.blocks == after.blocks, f"{each.name} is not idempotent"
        engines.pandoc.write(ast.dumps(after.blocks), "native", {})
        document = after
    assert not any(node["t"] in ("RawBlock", "RawInline") for node in ast.query(document.blocks))
