"""A link or image has one title, in its target."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.document import Conversion, Document, Metadata, Source
from service.passes import target_titles
from service.pipeline import steps
from tests.writers.docx.conftest import Opened

Recipe = Callable[..., Conversion]


@pytest.mark.parametrize(
    ("pairs", "title", "left"),
    [
        ([["title", "b"]], "t", ("t", [])),
        ([["title", "b"], ["width", "3"]], "", ("b", [["width", "3"]])),
        ([["width", "3"]], "t", ("t", [["width", "3"]])),
    ],
)
@pytest.mark.parametrize("kind", ["Link", "Image"])
def test_an_attribute_gives_way_to_the_target(
    kind: str, pairs: list[list[str]], title: str, left: tuple[str, Any], conversion: Recipe
) -> None:
    node = {"t": kind, "c": [["", [], pairs], [], ["p.png", title]]}
    given = Document(Metadata(), (pandoc_ast.para([node]),), Source("a.md", b""))
    attributes, _, target = target_titles.run(given, conversion("epub")).blocks[0]["c"][0]["c"]
    assert (target[1], attributes[2]) == left


def test_two_titles_make_a_sound_book(conversion: Recipe, engines: Engines) -> None:
    text = '[lamp](https://lamps.example/ "At night"){title="By day"} and [other](https://lamps.example/){title="Alone"}.'
    recipe = conversion("epub")
    written = steps.write(steps.read(Source("a.md", text.encode()), recipe, engines), recipe, "epub", engines)
    chapter = Opened.read(written.data)["EPUB/text/ch001.xhtml"].decode()
    assert 'title="At night"' in chapter and 'title="Alone"' in chapter and "By day" not in chapter
