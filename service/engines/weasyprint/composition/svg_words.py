"""Draws words of an SVG in one piece if their letters join or stack.

WeasyPrint draws the text of an SVG letter by letter, so Arabic letters do not join and run from the left, and vowel signs of
Hindi and Thai are separate. With this rule, text without positions for its letters is set as one word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import weasyprint.svg

# Hebrew to Mongolian but for Hangul letters; presentation forms of Arabic and Hebrew.
JOINED = re.compile("[\u0590-\u10ff\u1200-\u1aff\u1b00-\u1cff\ua8e0-\uabff\ufb1d-\ufdff\ufe70-\ufeff]")
PLACES = ("x", "y", "dx", "dy", "rotate")
SPACED = ("letter-spacing", "textLength")


class Words(str):
    """A text that WeasyPrint treats as one letter."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        return iter((str(self),))


def install() -> None:
    """Makes WeasyPrint take this way. Idempotent."""
    plain = weasyprint.svg.TAGS["text"]
    if getattr(plain, "sets_words", False):
        return

    def text(svg: Any, node: Any, font_size: float) -> None:
        if _is_in_one_piece(node):
            node._etree_node.text = Words(node.text)
        plain(svg, node, font_size)

    text.sets_words = True  # type: ignore[attr-defined]
    names = ("a", "text", "textPath", "tspan")
    weasyprint.svg.text = text
    weasyprint.svg.TAGS = {**weasyprint.svg.TAGS, **dict.fromkeys(names, text)}


def _is_in_one_piece(node: Any) -> bool:
    if not node.text or JOINED.search(node.text) is None or any(node.get(name) for name in SPACED):
        return False
    return not any(len(str(node.get(name, "")).replace(",", " ").split()) > 1 for name in PLACES)
