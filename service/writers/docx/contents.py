"""The table of contents of a DOCX: under the title, and filled in.

pandoc puts it before the title and leaves the field empty, to be filled when Word is asked to; whatever shows the file
without being asked (previews, LibreOffice, phones) shows nothing. Page numbers come when the field is updated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from service.containers.packages import parse, serialize
from service.writers.docx.body import w

TITLE_STYLES = frozenset({"Title", "Subtitle", "Author", "Date", "Article Source", "ArticleSource"})
HEADING = re.compile(r"Heading([1-9])")
DEPTH = re.compile(r'\\o "1-(\d)"')


def settle(data: bytes) -> bytes:
    """word/document.xml with its table of contents in place; as it is where there is none."""
    if b"docPartGallery" not in data:
        return data
    top = parse(data)
    body = top.find(w("body"))
    contents = next((each for each in top.iter(w("sdt")) if each.find(f".//{w('docPartGallery')}") is not None), None)
    if body is None or contents is None:
        return data
    field = next((each for each in contents.iter(w("p")) if each.find(f".//{w('instrText')}") is not None), None)
    if field is not None:
        _fill(field, list(_headings(body, _depth(field))))
    body.remove(contents)
    after = next((index for index, block in enumerate(body) if _style(block) not in TITLE_STYLES), 0)
    body.insert(after, contents)
    return serialize(top)


def _depth(field: etree._Element) -> int:
    found = DEPTH.search("".join(str(text) for text in field.itertext()))
    return int(found[1]) if found else 3


def _style(block: etree._Element) -> str:
    style = block.find(f"{w('pPr')}/{w('pStyle')}")
    return str(style.get(w("val"), "")) if style is not None else ""


def _headings(body: etree._Element, depth: int) -> Iterator[tuple[int, str, str]]:
    """Level, text and bookmark of each heading; pandoc opens the bookmark just before it."""
    anchor = ""
    for block in body:
        if block.tag == w("bookmarkStart"):
            anchor = str(block.get(w("name"), ""))
        elif match := HEADING.fullmatch(_style(block)):
            inner = block.find(w("bookmarkStart"))
            name = str(inner.get(w("name"), "")) if inner is not None else anchor
            if int(match[1]) <= depth:
                yield int(match[1]), "".join(_texts(block)), name


def _texts(block: etree._Element) -> Iterator[str]:
    """What a heading says; between its number and its words stands a tab."""
    for part in block.iter(w("t"), w("tab")):
        if part.tag == w("t"):
            yield part.text or ""
        elif part.get(w("pos")) is None:  # a tab in the text, and no stop of the paragraph's
            yield " "


def _fill(field: etree._Element, headings: list[tuple[int, str, str]]) -> None:
    """Puts the entries between the field's start and its end; the end goes into the last of them."""
    parent, run = field.getparent(), field.find(w("r"))
    marks = list(field.iter(w("fldChar")))
    if parent is None or run is None or not headings or len(marks) != 3:
        return
    run.remove(marks[2])
    first = field
    for number, (level, text, anchor) in enumerate(headings):
        if number:
            entry = etree.Element(w("p"))
            parent.insert(parent.index(first) + number, entry)
        else:
            entry = first
        properties = etree.Element(w("pPr"))
        etree.SubElement(properties, w("pStyle")).set(w("val"), f"TOC{level}")
        entry.insert(0, properties)
        link = etree.SubElement(entry, w("hyperlink"))
        link.set(w("anchor"), anchor)
        etree.SubElement(etree.SubElement(link, w("r")), w("t")).text = text
    closing = etree.SubElement(entry, w("r"))
    closing.append(marks[2])
