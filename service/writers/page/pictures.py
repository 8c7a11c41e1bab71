"""The sizes of pictures on a printed page.

The size of the author, else their own size at 96 dpi (CSS Values 4, 6.2), but never wider than the text nor higher than
two thirds of the page. Pictures in one line are set side by side, with one height.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from service.ast import floats
from service.model import picture_rows

USUAL = (560.0, 926.0)  # pixels: the text area of the article profile
SHARE = 2 / 3  # share of the height of the text area that a picture may have
FLOAT_SHARE = 0.5  # share of the text width for a picture at one side without an author's width
CELL_PADDING = 16  # pixels
ALIKE = 0.02  # tolerance for the ratio of sides of a picture
LENGTH = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,6})?)(px|%|em|pt|pc|mm|cm|in)?")
UNITS = {"px": 1.0, "em": 14.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
STYLE = re.compile(r"(?<![-a-z])(width|height):([^;]*)")
Size = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """The text area of a page, and the size of each picture by its name in the media bag; all in CSS pixels.

    `turned` is the measure of a page in landscape format, as in `tables.fit`.
    """

    width: float
    height: float
    sizes: Mapping[str, Size]
    turned: float = 0.0

    @property
    def share(self) -> float:
        """The area as a share of that of the article profile, at most 1."""
        return min(self.width * self.height / (USUAL[0] * USUAL[1]), 1.0)


@dataclass(slots=True)
class Picture:
    """An `img` without its final size. `own` is its size in the file, `asked`: the author set another size."""

    element: etree._Element
    own: Size
    width: float
    height: float
    asked: bool
    percent: float = 0.0  # share of the width of its container

    @property
    def ratio(self) -> float:
        return self.width / self.height

    def scale(self, factor: float) -> None:
        if factor < 1:
            self.width, self.height, self.percent, self.asked = self.width * factor, self.height * factor, 0.0, True

    @property
    def style(self) -> str:
        width = f"{self.percent:g}%" if self.percent else f"{self.width:.1f}px"
        if abs(self.ratio * self.own[1] / self.own[0] - 1) < ALIKE:
            return f"width:{width}"
        return f"width:{width};height:{self.height:.1f}px;object-fit:fill"


def fit(body: etree._Element, frame: Frame) -> None:
    """Sets the size of each picture of `body` that is not shown at its own size."""
    pictures: dict[etree._Element, Picture] = {}
    for element in body.iter("img"):
        if (own := frame.sizes.get(element.get("src", ""))) is not None:
            pictures[element] = _asked(element, own, _within(element, frame))
    for paragraph in body.iter("p"):
        if paragraph.get("class") == "picture":
            for line in _lines(paragraph):
                _next_to([pictures[each] for each in line if each in pictures], frame.width)
    for picture in pictures.values():
        _set(picture)


def _within(element: etree._Element, frame: Frame) -> Frame:
    """In a cell, limits the width to the share of a column: a table fits only if its cells fit."""
    cell = next(element.iterancestors("td", "th"), None)
    row = None if cell is None else cell.getparent()
    if cell is None or row is None:
        return frame
    columns = sum(int(each.get("colspan", "1")) for each in row)
    share = int(cell.get("colspan", "1")) / max(columns, 1)
    return Frame(max(frame.width * share - CELL_PADDING, 16), frame.height, frame.sizes)


def _asked(element: etree._Element, own: Size, frame: Frame) -> Picture:
    """Sets the author's size, or its own, within the frame."""
    said = dict(STYLE.findall(element.get("style", "")))
    width, percent = _length(element.get("width") or said.get("width", ""), frame.width)
    height, part = _length(element.get("height") or said.get("height", ""), 0)
    height = 0.0 if part else height
    made = Picture(element, own, width or height * own[0] / own[1] or own[0], 0.0, bool(width or height), percent)
    made.height = height or made.width * own[1] / own[0]
    share = FLOAT_SHARE if _floats(element) is not None and not made.asked else 1.0
    made.scale(min(frame.width * share / made.width, frame.height * SHARE / made.height))
    return made


def _floats(element: etree._Element) -> etree._Element | None:
    """The picture, or its figure, if it stands at one side of the text."""
    figure = next(element.iterancestors("figure"), None)
    around = (each for each in (element, figure) if each is not None)
    return next((each for each in around if floats.side_of(each.get("class", "").split())), None)


def _length(text: str, whole: float) -> tuple[float, float]:
    """A length in pixels, and the number where it is a percentage of `whole`; zeros for what is not a length."""
    found = LENGTH.fullmatch(text.strip())
    number = float(found[1]) if found else 0.0
    if not found or found[2] != "%":
        return number * UNITS[found[2] or "px"] if found else 0.0, 0.0
    number = min(number, 100.0)
    return whole * number / 100, number


def _lines(paragraph: etree._Element) -> Iterator[list[etree._Element]]:
    """The pictures between one line break and the next."""
    line: list[etree._Element] = []
    for element in paragraph.iter("img", "br"):
        if element.tag == "img":
            line.append(element)
        elif line:
            yield line
            line = []
    yield line


def _next_to(line: Sequence[Picture], width: float) -> None:
    """Pictures that are too wide for one line, in rows as wide as the text."""
    sizes = [size for row in picture_rows.fitted([(each.width, each.height) for each in line], width) for size in row]
    for each, (_, height) in zip(line, sizes, strict=False):
        each.scale(height / each.height)


def _set(picture: Picture) -> None:
    element = picture.element
    for name in {"width", "height", "style"} & set(element.keys()):
        del element.attrib[name]
    around = _floats(element)
    if around is not None and around is not element:  # the caption is as wide as the picture
        around.set("style", f"width:{picture.percent:g}%" if picture.percent else f"width:{picture.width:.1f}px")
        picture.percent = picture.percent and 100.0
    if picture.asked and (picture.percent or abs(picture.width - picture.own[0]) >= 1 or "px;" in picture.style):
        element.set("style", picture.style)
