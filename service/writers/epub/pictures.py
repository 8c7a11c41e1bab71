"""Pictures in XHTML: in rows if they are in one line, at one side if the article has them there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from service.ast import floats
from service.model import picture_rows
from service.model.document import Document
from service.model.media_bag import media_name
from service.writers.epub.xhtml import tag

TEXT_WIDTH = 560.0  # pixels of a usual page: pictures that fit keep their sizes
GAP = 2.0  # percent of the width between two pictures, blanks included
ASKED = ("width", "height", "style")
Sizes = Mapping[str, picture_rows.Size]


def sizes_of(document: Document) -> Sizes:
    """Width and height of each picture of the document in pixels, by its name in the media bag."""
    return {
        media_name(each): (float(each.width), float(each.height))
        for each in document.assets.values()
        if each.width and each.height
    }


def settle(paragraph: etree._Element, sizes: Sizes) -> None:
    """Gives a paragraph of pictures its class, and pictures in one line their widths."""
    pictures = list(paragraph.iter(tag("img")))
    kind = "floating" if pictures and all(floats.side_of(each.get("class", "").split()) for each in pictures) else "picture"
    paragraph.set("class", f"{paragraph.get('class', '')} {kind}".strip())
    for line in _lines(paragraph) if kind == "picture" else ():
        if any(each.get(name) for each in line for name in ASKED) or any(each.get("src", "") not in sizes for each in line):
            continue
        rows = picture_rows.fitted([sizes[each.get("src", "")] for each in line], TEXT_WIDTH)
        widths = (wide / TEXT_WIDTH * (100 - GAP * len(row)) for row in rows for wide, _ in row)
        for each, share in zip(line, widths, strict=False):
            each.set("style", f"width: {share:.2f}%")


def _lines(paragraph: etree._Element) -> Iterator[list[etree._Element]]:
    """The pictures between one line break and the next."""
    line: list[etree._Element] = []
    for element in paragraph.iter(tag("img"), tag("br")):
        if element.tag == tag("img"):
            line.append(element)
            continue
        yield line
        line = []
    yield line
