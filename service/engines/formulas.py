"""Formulas as pictures: MathML in, SVG outlines out. WeasyPrint shows no MathML. The only file that imports ziamath."""

from __future__ import annotations

import functools
import html
import re
import unicodedata
import warnings
from dataclasses import dataclass
from typing import Any

FONT_SIZE = 16
# Words of scripts that the formula font has no glyphs for, drawn with the fonts of the page.
FOREIGN = re.compile("[\u0530-\u1dff\u2e80-\ud7ff\uf900-\ufdff\ufe30-\ufeff\uff00-\uffef\U00020000-\U0003ffff]")
TOKEN = re.compile(r"<(?:mtext|mi|mn|mo)\b[^<>]*+>([^<>]*+)</(?:mtext|mi|mn|mo)>")
MARKED = re.compile(r'<rect x="([^"]*+)" y="([^"]*+)" width="([^"]*+)" height="([^"]*+)" fill="#fe([0-9a-f]{4})" />')
ABOVE, BELOW, WIDE, NARROW = 0.88, 0.12, 1.0, 0.6  # of an em: a line, ideographs, other characters
FONTS = "Noto Serif, Noto Serif CJK SC, serif"
VIEW_BOX = re.compile(r'viewBox="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Formula:
    """`depth` is the part below the baseline. All lengths are in em of the surrounding text."""

    svg: bytes
    width: float
    height: float
    depth: float


@functools.cache
def warm() -> Any:
    """ziamath, imported once, at the first formula: the import takes 0.15 s of CPU."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # it finds its font by a call that newer versions of Python deprecate
        import ziamath

    ziamath.config.svg2 = False  # <symbol> and <use> make WeasyPrint complain of anchors that are defined twice
    return ziamath


@functools.lru_cache(maxsize=512)
def draw(mathml: str) -> Formula:
    """Raises ValueError for what cannot be drawn."""
    words: list[str] = []
    mathml = TOKEN.sub(lambda found: _room(found, words), mathml)
    try:
        svg: str = warm().Math(mathml, size=FONT_SIZE).svg()
    except Exception as error:  # ziamath raises many types of exceptions
        raise ValueError(str(error)) from error
    box = VIEW_BOX.search(svg)
    if box is None:
        raise ValueError("the drawing has no viewBox")
    _, top, width, height = (float(number) / FONT_SIZE for number in box[1].split())
    svg = MARKED.sub(lambda found: _words(found, words), svg) if words else svg
    return Formula(svg.encode(), width, height, height + top)


def _room(found: re.Match[str], words: list[str]) -> str:
    """Space for words of another script. Its colour marks it in the drawing."""
    text = html.unescape(found[1])
    if FOREIGN.search(text) is None or len(words) >= 0xFFFF:
        return found[0]
    words.append(text)
    width = sum(_width(each) for each in text)
    return f'<mspace mathbackground="#fe{len(words) - 1:04x}" width="{width}em" height="{ABOVE}em" depth="{BELOW}em"/>'


def _width(character: str) -> float:
    """In em; a mark stands over or under the letter before it."""
    if character >= "\u2e80":
        return WIDE
    return 0.0 if unicodedata.category(character) in ("Mn", "Me") else NARROW


def _words(found: re.Match[str], words: list[str]) -> str:
    """The words in the space that was left for them."""
    x, y, width, height = map(float, found.groups()[:4])
    text = words[int(found[5], 16)] if int(found[5], 16) < len(words) else ""
    middle, line, size = x + width / 2, y + height * ABOVE, height
    shown = html.escape(text)
    return (
        f'<text x="{middle:.2f}" y="{line:.2f}" font-size="{size:.2f}" font-family="{FONTS}" text-anchor="middle">{shown}</text>'
    )
