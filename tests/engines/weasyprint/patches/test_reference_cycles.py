"""Nothing of a document is left for the collector of cycles."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from weasyprint.css import AnonymousStyle, InitialStyle
from weasyprint.layout import LayoutContext

from service.engines.weasyprint import patches, rendering
from tests.engines.weasyprint.patches.test_same_page import CSS, PAGES, page

LISTED = page("en", "<h1>Title</h1><ul><li>One <em>two</em><li>Three</ul><p>Words <a href='#x'>here</a>.<p id=x>灯塔" * 3)
SHAPES = {"listed": LISTED} | {name: PAGES[name] for name in ("table", "flexible", "painted", "first letters", "words")}


@pytest.fixture
def left() -> Iterator[list[Any]]:
    """The objects that the collector finds; style sheets and fonts are known."""
    rendering.warm([CSS])
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    yield gc.garbage
    gc.set_debug(0)
    gc.garbage.clear()
    gc.enable()


@pytest.mark.parametrize("name", SHAPES)
def test_nothing_is_left(name: str, left: list[Any]) -> None:
    rendering.render(SHAPES[name], [CSS], {}, identifier=b"x")
    gc.collect()
    kinds = {type(each) for each in left}  # among them what the standard's parser of HTML leaves
    assert not [kind for kind in kinds if kind.__module__.startswith(("weasyprint", "service"))]


def test_an_anonymous_style_is_one_and_the_same_as_long_as_a_box_has_it() -> None:
    patches.install()
    style: Any = InitialStyle(None)
    style.root_style = style
    first = style.anonymous_style
    assert style.anonymous_style is first
    assert isinstance(first, AnonymousStyle)
    assert first.specified is first
    assert first["color"] == style["color"]


def test_pictures_are_found_with_all_that_was_given() -> None:
    """WeasyPrint reads the keywords of the function."""
    patches.install()
    given = partial(lambda url, **named: (url, named), cache={}, url_fetcher="fetcher")
    context = LayoutContext(None, given, None, None, None)
    found = context.get_image_from_uri
    assert found.keywords == {"cache": {}, "url_fetcher": "fetcher", "context": context}
    assert found("x.png") == ("x.png", found.keywords)
