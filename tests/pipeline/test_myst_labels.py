"""Labels of a Jupyter Book: links to them work across chapters, and a link without a text has the title of its target."""

from __future__ import annotations

from service.ast import pandoc_ast
from service.engines import Engines
from service.pipeline.collections import myst_labels
from service.pipeline.collections.base import Collection
from tests.pipeline.test_collections import links, read
from tests.readers import markups

FILES = {
    "_toc.yml": b"root: intro\nchapters:\n- file: ropes/index\n- file: ropes/knots\n",
    "_config.yml": b"title: Harbour\nauthor: Ida Quist\n",
    "intro.md": b"# Intro\n\nSee [](ropes/index.md), [](ropes:bowline), [the bowline](ropes:bowline), {ref}`ropes:bowline` and"
    b" {ref}`a knot <ropes:bowline>`. {doc}`ropes/knots` [](#spot)\n\n(spot)=\n## Here\n\nText `[](ropes:bowline)`.\n",
    "ropes/index.md": b"# All the ropes\n\n[Back](../intro.md#spot). [Web](https://a.example/x)\n",
    "ropes/knots.md": b"# Knots\n\n(ropes:bowline)=\n\n## The [old] bowline ##\n\nA knot. [](../intro.md#spot)\n",
}


def test_links_lead_to_labels_and_have_titles(engines: Engines, conversion: markups.Recipe) -> None:
    book = read(FILES, engines, conversion)
    bowline = "#c3-ropes-bowline"
    assert links(book)[:7] == ["#chapter-2", bowline, bowline, bowline, bowline, "#chapter-3", "#c1-spot"]
    shown = [pandoc_ast.text(node["c"][1]) for node in pandoc_ast.query(book.blocks, {"Link"})]
    assert shown[:7] == [
        "All the ropes", "The old bowline", "the bowline", "The old bowline", "a knot", "Knots", "Here",
    ]  # fmt: skip
    assert "[](ropes:bowline)" in pandoc_ast.text(book.blocks)
    codes = {each.code for each in book.notices}
    assert not codes & {"identifier-changed", "empty-link-removed", "link-removed", "dead-internal-link"}


def test_other_collections_are_not_changed() -> None:
    files = {"a.md": b"(x)=\n# A\n\n[](x)\n"}
    assert myst_labels.placed(files, Collection("mdbook", ["a.md"])).chapters == {}
    assert myst_labels.placed(files, Collection("jupyter-book", ["a.md"])).chapters == {"a.md": b"(x)=\n# A\n\n[A](#x)\n"}
