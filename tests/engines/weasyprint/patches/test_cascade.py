"""Pseudo-elements that are alike have one style, those that layout writes into have their own."""

from __future__ import annotations

from typing import Any

import pytest
from weasyprint.css import StyleFor

from service.engines.weasyprint import rendering
from tests.engines.weasyprint.patches.test_same_page import page

LISTS = """<style>.b::marker { color: red } .n { float: footnote } li::before { content: "a" attr(title); -weasy-anchor: "y" }
</style><ul><li>One<li title=t>Two<li class=b>Three<li style="color: red">Four</ul><p>Five<p>Six<i class=n>n</i><i class=n>m"""


@pytest.fixture
def styles(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[Any, str | None], Any]:
    """Those of LISTS, by element and pseudo-element."""
    made: list[Any] = []
    plain = StyleFor.__init__

    def init(styles: Any, *rest: Any) -> None:
        made.append(styles)
        plain(styles, *rest)

    monkeypatch.setattr(StyleFor, "__init__", init)
    rendering.render(page("en", LISTS), [], {})
    found: dict[tuple[Any, str | None], Any] = made[0]._computed_styles
    return found


def by_part(styles: dict[tuple[Any, str | None], Any], part: str, tag: str) -> list[Any]:
    return [style for (element, pseudo_type), style in styles.items() if pseudo_type == part and element.tag == tag]


def test_markers_that_are_alike_share_their_style(styles: dict[tuple[Any, str | None], Any]) -> None:
    one, two, three, four = by_part(styles, "marker", "li")
    assert one is two
    assert len({id(one), id(three), id(four)}) == 3
    assert one["color"] != three["color"] == four["color"]


def test_what_layout_writes_into_is_not_shared(styles: dict[tuple[Any, str | None], Any]) -> None:
    first, second = by_part(styles, "footnote-call", "i")
    assert first is not second


def test_what_may_be_a_target_is_not_shared(styles: dict[tuple[Any, str | None], Any]) -> None:
    assert len({id(each) for each in by_part(styles, "before", "li")}) == 4
