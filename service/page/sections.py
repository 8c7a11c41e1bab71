"""A long document divided into sections that begin on a page of their own: a rule of its look, the same on every machine.

From about LONG pages on, each chapter (a heading of the top level) begins on a new page, as in a book, if chapters are not
too short for that. Neighbouring chapters that are short together make one section: sections are what is printed side by
side (`engines.sections`), and one for each page would cost more than it saves.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

LONG = 30  # pages from which on a document has chapters; estimated, for nothing is laid out yet
FEWEST_CHAPTERS = 4
SHORTEST_CHAPTER = 2  # pages, in the mean
SECTION = 5  # pages of a section, at least
MOST_SECTIONS = 16
# Characters of a page of text in our profile, and what other things take (measured on the gallery and the manual).
LETTERS, IDEOGRAPHS, IMAGE, ROW = 2_200, 800, 0.3, 0.02
WIDE = re.compile("[\u2e80-\u9fff\uac00-\ud7ff\uff00-\uffef]")
HEADINGS = ("h2", "h3", "h4", "h5", "h6")
CHAPTER = "chapter"
# Where each section must have an even number of pages, this one begins on a right-hand page, which is then left out.
SPARE = '<div style="break-before: right"></div>'


@dataclass(frozen=True, slots=True)
class Sections:
    """`front` is what comes before the first chapter; each of `rest` begins with a chapter."""

    front: tuple[etree._Element, ...]
    rest: tuple[tuple[etree._Element, ...], ...]


def divide(body: etree._Element) -> Sections | None:
    """The sections of a page's body, its chapters marked as such; None for a document that is set in one piece."""
    children = [child for child in body if isinstance(child.tag, str)]
    level = min((child.tag for child in children if child.tag in HEADINGS), default="")
    starts = [index for index, child in enumerate(children) if child.tag == level]
    if len(starts) < FEWEST_CHAPTERS or sum(map(weight, children)) < max(LONG, SHORTEST_CHAPTER * len(starts)):
        return None
    chapters = [tuple(children[start:end]) for start, end in zip(starts, [*starts[1:], len(children)], strict=True)]
    for chapter in chapters:
        chapter[0].set("class", f"{chapter[0].get('class', '')} {CHAPTER}".strip())
    return Sections(tuple(children[: starts[0]]), tuple(_grouped(chapters)))


def _grouped(chapters: Sequence[tuple[etree._Element, ...]]) -> list[tuple[etree._Element, ...]]:
    weights = [sum(map(weight, chapter)) for chapter in chapters]
    least = max(SECTION, sum(weights) / MOST_SECTIONS)
    groups: list[tuple[etree._Element, ...]] = []
    filled = least
    for chapter, pages in zip(chapters, weights, strict=True):
        if filled >= least:
            groups.append(())
            filled = 0.0
        groups[-1] += chapter
        filled += pages
    return groups


def weight(element: etree._Element) -> float:
    """About how many pages the element fills."""
    text = "".join(str(part) for part in element.itertext())
    wide = len(WIDE.findall(text))
    images, rows = sum(1 for _ in element.iter("img")), sum(1 for _ in element.iter("tr"))
    return wide / IDEOGRAPHS + (len(text) - wide) / LETTERS + images * IMAGE + rows * ROW
