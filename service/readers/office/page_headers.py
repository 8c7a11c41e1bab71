"""The page headers and footers of packaged documents: of DOCX, ODT, presentations and workbooks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lxml import etree

from service.containers import packages
from service.model.document import Notice
from service.readers.office.odt_names import DRAW, STYLE
from service.readers.office.odt_names import LINES as OPEN_LINES
from service.readers.office.word_names import BLIP, DRAWN_TEXT, IMAGE_DATA, PARAGRAPH, TEXT, VML, A
from service.readers.shared import page_headers

WORD_PART = re.compile(rb"<(?:\w++:)?(?:hdr|ftr)\b")
WORD_ART = f"{{{VML}}}textpath"
STYLES = "styles.xml"
PLACES = tuple(
    f"{{{STYLE}}}{name}{side}" for name in ("header", "footer") for side in ("", "-left", "-first")
)  # ODF 1.3 part 3, 16.10
CODES = re.compile(r"&(?:\"[^\"]*+\"|\d++|K[0-9A-F]{6}|[A-Z&])")  # of a workbook's header (ECMA-376 part 1, 18.3.1.39)


def of_word(parts: Mapping[str, bytes], targets: Iterable[str], said: Mapping[str, Any]) -> list[Notice]:
    """The headers and footers of the main part, with their text boxes and watermarks. `targets`: the parts that it refers to."""
    lines: list[str] = []
    pictures = 0
    for name in dict.fromkeys(targets):
        data = parts.get(name, b"")
        if WORD_PART.search(data[:10_000]):
            top = packages.parse(data)
            lines += [*_word_lines(top), *(each.get("string", "") for each in top.iter(WORD_ART))]
            pictures += sum(1 for _ in top.iter(BLIP, IMAGE_DATA))
    return page_headers.reported(lines, said, pictures)


def _word_lines(top: etree._Element) -> Iterator[str]:
    """The text of each paragraph without that of a box in it, which is a paragraph of its own."""
    found: dict[etree._Element | None, list[str]] = {}
    for each in top.iter(TEXT, DRAWN_TEXT):
        line = next(each.iterancestors(PARAGRAPH, f"{{{A}}}p"), None)
        found.setdefault(line, []).append(each.text or "")
    yield from map("".join, found.values())


def of_open_text(parts: Mapping[str, bytes], said: Mapping[str, Any]) -> list[Notice]:
    """The headers and footers of every page style."""
    data = parts.get(STYLES, b"")
    top = packages.parse(data) if data.strip() else None
    places = list(top.iter(*PLACES)) if top is not None else []
    lines = (_own_text(line) for place in places for line in place.iter(*OPEN_LINES))
    pictures = sum(1 for place in places for _ in place.iter(f"{{{DRAW}}}image"))
    return page_headers.reported(lines, said, pictures)


def _own_text(line: etree._Element) -> str:
    """The text of a paragraph without that of paragraphs in its frames."""
    parts = [line.text or ""]
    for each in line:
        if isinstance(each.tag, str) and each.tag not in OPEN_LINES:
            parts.append(_own_text(each))
        parts.append(each.tail or "")
    return "".join(parts)


def of_sheets(sheets: Iterable[etree._Element]) -> list[Notice]:
    """The headers and footers of every sheet of a workbook, without codes for fonts, page numbers and dates."""
    texts = (each.text or "" for sheet in sheets for place in sheet.iter("{*}headerFooter") for each in place)
    return page_headers.reported(part for text in texts for part in re.split(r"&[LCR]", text) for part in [CODES.sub(" ", part)])
