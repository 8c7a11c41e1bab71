"""Parses paper sizes and margins (in millimetres) and font sizes (in points).

Other forms are refused because the values go into style sheets and page descriptions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

MILLIMETRES: Mapping[str, float] = {"mm": 1.0, "cm": 10.0, "in": 25.4, "pt": 25.4 / 72, "pc": 25.4 / 6, "px": 25.4 / 96}
# Width and height, upright.
PAPERS: Mapping[str, tuple[float, float]] = {
    "a3": (297, 420), "a4": (210, 297), "a5": (148, 210), "a6": (105, 148), "b4": (250, 353), "b5": (176, 250), "b6": (125, 176),
    "letter": (215.9, 279.4), "legal": (215.9, 355.6), "executive": (184.15, 266.7), "tabloid": (279.4, 431.8),
}  # fmt: skip
LANDSCAPE = "-landscape"
NUMBER = r"([0-9]{1,4}(?:\.[0-9]{1,3})?)"
UNIT = f"({'|'.join(MILLIMETRES)})"
LENGTH = re.compile(NUMBER + UNIT)
SIZE = re.compile(f"{NUMBER}{UNIT}?x{NUMBER}{UNIT}")
TYPE_SIZE = re.compile(f"{NUMBER}(?:pt)?")
NARROWEST, WIDEST = 70.0, 1_200.0
LARGEST_MARGIN = 150.0
SMALLEST_TYPE, LARGEST_TYPE = 6.0, 24.0
LEAST_TEXT = 40.0  # minimum text width and height

Margins = tuple[float, float, float, float]


def paper(text: str) -> tuple[float, float]:
    """Width and height of `a4`, `a5-landscape`, `6x9in` or `160x240mm`. Raises ValueError."""
    name = text.strip().lower()
    upright = PAPERS.get(name.removesuffix(LANDSCAPE))
    if upright:
        return (upright[1], upright[0]) if name.endswith(LANDSCAPE) else upright
    match = SIZE.fullmatch(name)
    if not match:
        raise ValueError(f"Must be one of: {', '.join(PAPERS)}; or a size such as 6x9in or 160x240mm.")
    width, unit, height, last = match.groups()
    sides = float(width) * MILLIMETRES[unit or last], float(height) * MILLIMETRES[last]
    if not all(NARROWEST <= side <= WIDEST for side in sides):
        raise ValueError(f"Each side must be between {NARROWEST:g} mm and {WIDEST:g} mm.")
    return sides


def margins(text: str) -> Margins:
    """Top, right, bottom, left, from one to four lengths as in CSS. Raises ValueError."""
    found = [LENGTH.fullmatch(part) for part in text.lower().split()]
    if not 1 <= len(found) <= 4 or None in found:
        raise ValueError("Must be one to four lengths such as 25mm, 2.5cm or 1in: top, right, bottom, left.")
    sizes = [float(match[1]) * MILLIMETRES[match[2]] for match in found if match]
    if max(sizes) > LARGEST_MARGIN:
        raise ValueError(f"A margin must be at most {LARGEST_MARGIN:g} mm.")
    order = ((0, 0, 0, 0), (0, 1, 0, 1), (0, 1, 2, 1), (0, 1, 2, 3))[len(sizes) - 1]
    top, right, bottom, left = (sizes[index] for index in order)
    return top, right, bottom, left


def type_size(text: str) -> float:
    """`11` and `11pt` in points. Raises ValueError."""
    match = TYPE_SIZE.fullmatch(text.strip().lower())
    size = float(match[1]) if match else 0.0
    if not SMALLEST_TYPE <= size <= LARGEST_TYPE:
        raise ValueError(f"Must be a size between {SMALLEST_TYPE:g}pt and {LARGEST_TYPE:g}pt.")
    return size


def check_fit(paper_text: str, margin_text: str, own: str = "a4") -> None:
    """Raises ValueError where the margins leave no room for text."""
    width, height = paper(paper_text or own)
    top, right, bottom, left = margins(margin_text)
    if width - left - right < LEAST_TEXT or height - top - bottom < LEAST_TEXT:
        raise ValueError(
            f"The margins must leave at least {LEAST_TEXT:g} mm of {width:g} × {height:g} mm for the text in each direction."
        )
