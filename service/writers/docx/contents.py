"""The table of contents of a DOCX: under the title, and filled in.

pandoc puts it before the title and leaves the field empty for Word. Programs that do not update fields
(previews, LibreOffice, phones) show nothing. Each entry has a field of its own for its page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from lxml import etree

from service.writers.docx import fields
from service.writers.docx.body import w
from service.writers.docx.schema_order import put
from service.writers.docx.stylesheet import style_of

TITLE_STYLES = frozenset({"Title", "Subtitle", "Author", "Date", "Article Source", "ArticleSource"})
HEADING = re.compile(r"Heading([1-9])")
MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
DEPTH = re.compile(r'\\o "1-(\d)"')


Pages = Callable[[Sequence[etree._Element]], Mapping[etree._Element, int]]  # of the blocks of the body: heading → page


def settle(top: etree._Element, bookmarks: fields.Bookmarks, pages: Pages) -> None:
    """Puts the table of contents of word/document.xml in its place, if there is one."""
    body = top.find(w("body"))
    contents = next((each for each in top.iter(w("sdt")) if each.find(f".//{w('docPartGallery')}") is not None), None)
    if body is None or contents is None:
        return
    field = next((each for each in contents.iter(w("p")) if each.find(f".//{w('instrText')}") is not None), None)
    headings = list(_headings(body, _depth(field), bookmarks)) if field is not None else []
    body.remove(contents)
    if field is None or not headings:
        return  # as in the other formats: no contents under a title without entries
    _fill(field, headings)
    after = next((index for index, block in enumerate(body) if style_of(block) not in TITLE_STYLES), 0)
    body.insert(after, contents)
    _count(contents, body, pages)


def _count(contents: etree._Element, body: etree._Element, pages: Pages) -> None:
    """Puts the number of the page into each entry."""
    blocks = [block for child in body for block in (contents.iter(w("p")) if child is contents else [child])]
    found = {}
    for heading, page in pages(blocks).items():
        mark = heading.getprevious()
        while mark is not None and mark.tag == w("bookmarkStart"):
            found[mark.get(w("name"))] = page
            mark = mark.getprevious()
    for link in contents.iter(w("hyperlink")):
        (*_, shown) = link.iter(w("t"))
        shown.text = str(found.get(link.get(w("anchor")), ""))


def _depth(field: etree._Element) -> int:
    found = DEPTH.search("".join(str(text) for text in field.itertext()))
    return int(found[1]) if found else 3


def _headings(body: etree._Element, depth: int, bookmarks: fields.Bookmarks) -> Iterator[tuple[int, str, str]]:
    """Level, text and bookmark of each heading, with a name in Word's form, because fields allow no hyphens and few scripts."""
    number = 0
    for block in list(body):
        if (match := HEADING.fullmatch(style_of(block))) and int(match[1]) <= depth:
            number += 1
            name = f"_Toc{number:09}"
            bookmarks.around([block], name)
            yield int(match[1]), "".join(_texts(block)), name


def _texts(block: etree._Element) -> Iterator[str]:
    """The text of a heading, with a tab between its number and its words, and without readings of ruby."""
    for part in block.iter(w("t"), w("tab"), MATH_TEXT):
        if part.tag != w("tab"):
            yield "" if next(part.iterancestors(w("rt")), None) is not None else part.text or ""
        elif part.get(w("pos")) is None:  # a tab in the text, not a tab stop of the paragraph
            yield " "


def _fill(field: etree._Element, headings: list[tuple[int, str, str]]) -> None:
    """Puts the entries between the start and the end of the field. The end is in the last entry."""
    parent, run = field.getparent(), field.find(w("r"))
    marks = list(field.iter(w("fldChar")))
    if parent is None or run is None or not headings or len(marks) != 3:
        return
    run.remove(marks[2])
    entry = field
    for number, (level, text, anchor) in enumerate(headings):
        if number:
            entry = etree.Element(w("p"))
            parent.insert(parent.index(field) + number, entry)
        put(entry, "pPr", "pStyle", val=f"TOC{level}")
        link = etree.SubElement(entry, w("hyperlink"))
        link.set(w("anchor"), anchor)
        link.append(fields.text(text))
        etree.SubElement(etree.SubElement(link, w("r")), w("tab"))
        link.extend(fields.complex_field(f"PAGEREF {anchor} \\h", ""))
    closing = etree.SubElement(entry, w("r"))
    closing.append(marks[2])
