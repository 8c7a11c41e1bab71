"""Divides a long document into sections that begin on a new page: a rule of its look, the same on every machine.

From about LONG pages on, each chapter (a heading of the top level) begins on a new page, as in a book, if chapters are not
too short for that. Adjacent short chapters make one section: sections are printed in parallel
(`engines.weasyprint.sections.printing`), and one for each page would cost more than it saves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

LONG = 30  # pages from which a document has chapters; an estimate, because nothing is laid out yet
FEWEST_CHAPTERS = 4
SHORTEST_CHAPTER = 2  # pages, in the mean
SECTION = 5  # pages of a section, at least
# A section has this share of the pages, and towards the end this share of the rest, so that no process waits long
# for the last one.
SHARE, SHARE_OF_REST = 1 / 16, 1 / 8
# Characters of a page of text in the profile, and the sizes of other blocks (measured on the gallery and the manual).
LETTERS, IDEOGRAPHS, IMAGE, ROW = 2_200, 800, 0.3, 0.02
WIDE = re.compile("[\u2e80-\u9fff\uac00-\ud7ff\uff00-\uffef]")
HEADINGS = ("h2", "h3", "h4", "h5", "h6")
TOP = HEADINGS[0]
CHAPTER = "chapter"
# If each section must have an even number of pages, this element begins on a right-hand page, which is then removed.
SPARE = '<div style="break-before: right"></div>'


Chapter = tuple[etree._Element, ...]


@dataclass(frozen=True, slots=True)
class Sections:
    """`front` is the part before the first chapter; each of `rest` begins with a chapter."""

    front: Chapter
    rest: tuple[Chapter, ...]


def divide(body: etree._Element) -> Sections | None:
    """The sections of a page's body, with marked chapters; None for a document that is set in one piece."""
    children = [child for child in body if isinstance(child.tag, str)]
    level = min((child.tag for child in children if child.tag in HEADINGS), default="")
    chapters = sum(child.tag == level for child in children)
    pages = sum(map(weight, children))
    if not is_long(chapters, pages):
        return None
    dividing = Dividing([children], level, pages)
    rest = tuple(dividing)
    return Sections(dividing.front, rest)


def is_long(chapters: int, pages: float) -> bool:
    return chapters >= FEWEST_CHAPTERS and pages >= max(LONG, SHORTEST_CHAPTER * chapters)


@dataclass(slots=True)
class Dividing:
    """The sections of a body, with marked chapters: each is yielded as soon as it is complete.

    `level` is the tag of the chapters' headings, and `expected` the estimated number of pages.
    """

    portions: Iterable[Sequence[etree._Element]]
    level: str
    expected: float
    front: Chapter = ()
    chapters: int = 0
    pages: float = 0.0

    def __iter__(self) -> Iterator[Chapter]:
        section, filled = Chapter(), 0.0
        for chapter in self._chapters():
            section += chapter
            filled += sum(map(weight, chapter))
            if filled >= max(SECTION, min(SHARE * self.expected, SHARE_OF_REST * (self.expected - self.pages))):
                yield section
                self.pages += filled
                section, filled = (), 0.0
        if section:
            yield section
        self.pages += filled + sum(map(weight, self.front))

    def _chapters(self) -> Iterator[Chapter]:
        chapter: list[etree._Element] = []
        for element in (each for portion in self.portions for each in portion if isinstance(each.tag, str)):
            if element.tag == self.level:
                if self.chapters:
                    yield tuple(chapter)
                else:
                    self.front = tuple(chapter)
                chapter, self.chapters = [], self.chapters + 1
                element.set("class", f"{element.get('class', '')} {CHAPTER}".strip())
            chapter.append(element)
        yield tuple(chapter)

    @property
    def was_long(self) -> bool:
        """Whether the complete document is one that is divided."""
        return is_long(self.chapters, self.pages)


def undo(body: etree._Element) -> None:
    """Removes the marks if the document is not divided."""
    for heading in body:
        name = heading.get("class", "") if isinstance(heading.tag, str) and heading.tag in HEADINGS else ""
        if name == CHAPTER:
            del heading.attrib["class"]
        elif name.endswith(f" {CHAPTER}"):
            heading.set("class", name.removesuffix(f" {CHAPTER}"))


def weight(element: etree._Element) -> float:
    """The estimated number of pages of the element."""
    images, rows = sum(1 for _ in element.iter("img")), sum(1 for _ in element.iter("tr"))
    return fills("".join(str(part) for part in element.itertext())) + images * IMAGE + rows * ROW


def fills(text: str) -> float:
    """The estimated number of pages of the text alone."""
    wide = len(WIDE.findall(text))
    return wide / IDEOGRAPHS + (len(text) - wide) / LETTERS
