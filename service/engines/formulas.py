"""Formulas as pictures: MathML in, SVG outlines out, for WeasyPrint shows no MathML. The only file that imports ziamath."""

from __future__ import annotations

import functools
import re
import warnings
from dataclasses import dataclass

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # it finds its font by a call that newer Pythons advise against
    import ziamath

ziamath.config.svg2 = False  # <symbol> and <use> make WeasyPrint complain of anchors that are defined twice
FONT_SIZE = 16
VIEW_BOX = re.compile(r'viewBox="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Formula:
    """`depth` is how far it reaches below the line; all lengths in em of the text around it."""

    svg: bytes
    width: float
    height: float
    depth: float


@functools.lru_cache(maxsize=512)
def draw(mathml: str) -> Formula:
    """Raises ValueError for what can't be drawn."""
    try:
        svg: str = ziamath.Math(mathml, size=FONT_SIZE).svg()
    except Exception as error:  # ziamath raises whatever its own code stumbles over
        raise ValueError(str(error)) from error
    box = VIEW_BOX.search(svg)
    if box is None:
        raise ValueError("the drawing has no viewBox")
    _, top, width, height = (float(number) / FONT_SIZE for number in box[1].split())
    return Formula(svg.encode(), width, height, height + top)
