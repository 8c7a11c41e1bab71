"""The chapters of an EPUB as pandoc reads them without loss: title pages, lists of contents, notes and drawings.

pandoc leaves out what is marked as a title page or as contents, and a note that nothing in the same file calls; of a
drawing (SVG) it keeps nothing that a page shows.
"""

from __future__ import annotations

import base64
import itertools
from collections.abc import Callable, Collection, Iterator
from urllib.parse import unquote

from lxml import etree

from service.ast.html import elements
from service.containers import packages
from service.readers.office.title_page import letters

SVG = "http://www.w3.org/2000/svg"
XHTML = "http://www.w3.org/1999/xhtml"
TYPE = "{http://www.idpf.org/2007/ops}type"
HREFS = ("{http://www.w3.org/1999/xlink}href", "href")
MOST_PIECES = 200
NOTES = frozenset({"footnote", "rearnote"})
LISTS = frozenset({"landmarks", "page-list"})  # of places, for programs
WORTH_A_LOOK = (b"epub:type", b"doc-noteref", b"titlepage", b"toc", b"<svg", b":svg")
CHANGED = frozenset({"aside", "input"})
BLOCKS = frozenset({
    "p", "div", "section", "article", "header", "footer", "aside", "nav", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li",
    "dl", "table", "tr", "td", "th", "blockquote", "figure", "hgroup", "img", "body",
})  # fmt: skip


def parsed(data: bytes) -> etree._Element | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        return None


def unknown(top: etree._Element) -> set[str]:
    """The tags of a page that HTML does not have, and those that pandoc takes for text of their own."""
    tags = {str(each.tag) for each in top.iter(etree.Element)}
    pages = {tag: tag.rpartition("}")[2].lower() for tag in tags if tag.rpartition("}")[0] in ("", f"{{{XHTML}")}
    return {tag for tag, name in pages.items() if name in CHANGED or name not in elements.KNOWN}


def straightened(top: etree._Element, name: str, known: Callable[[str], bool], headings: Collection[str]) -> list[str]:
    """Changes the chapter of that file name in place. `known` tells a line that the metadata holds; `headings` are those of the
    book, folded.

    The lists of contents that are left out, as text.
    """
    left_out: list[str] = []
    for element in list(top.iter(etree.Element)):
        kinds = _kinds(element)
        if "toc" in kinds or kinds & LISTS:
            if kinds & LISTS or _repeats(element, headings):
                left_out.append(" ".join("".join(map(str, element.itertext())).split()))
                packages.take_out(element)
            else:
                _plain(element)
        elif any("titlepage" in kind for kind in kinds):
            _plain(element)
            _drop_known(element, known)
    _settle_notes(top, name)
    for element in [each for each in top.iter(etree.Element) if _name(each) == "input"]:
        words = element.get("value", "") if element.get("type", "text") == "text" else ""
        element.tail = words + (element.tail or "")
        packages.take_out(element)
    etree.strip_tags(top, *(tag for tag in unknown(top) if tag.rpartition("}")[2].lower() not in CHANGED))
    for drawing in list(top.iter(f"{{{SVG}}}svg")):
        if next(drawing.iterancestors(f"{{{SVG}}}svg"), None) is None:
            packages.replace(drawing, shown(drawing))
    return left_out


def _kinds(element: etree._Element) -> set[str]:
    return {*(element.get(TYPE) or "").split(), *((element.get("type") or "").split() if element.get("type") else ())}


def _plain(element: etree._Element) -> None:
    for name in (TYPE, "type"):
        element.attrib.pop(name, "")


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname.lower()


def headings(top: etree._Element) -> Iterator[str]:
    """The headings of a chapter, folded; its title too, which a list of contents may have instead."""
    for element in top.iter(etree.Element):
        name = _name(element)
        if name == "title" or (len(name) == 2 and name[0] == "h" and name[1] in "123456"):
            yield letters(_words_of(element))


def _words_of(element: etree._Element) -> str:
    """The text of a heading or an entry, of which no real one has more pieces: they may stand in one another."""
    return "".join(map(str, itertools.islice(element.itertext(), MOST_PIECES)))


def _repeats(element: etree._Element, known: Collection[str]) -> bool:
    """Whether each entry of a list of contents is a heading of the book."""
    entries = [letters(_words_of(each)) for each in element.iter() if _is_entry(each)]
    return bool(entries) and all(not entry or entry in known for entry in entries)


def _is_entry(element: etree._Element) -> bool:
    return isinstance(element.tag, str) and _name(element) == "a" and element.getparent() is not None


def _drop_known(page: etree._Element, known: Callable[[str], bool]) -> None:
    """Takes the lines out of a title page that the metadata holds, for they are shown from there."""
    for element in list(page.iter(etree.Element)):
        is_leaf = _name(element) in BLOCKS and not any(_name(each) in BLOCKS for each in element.iterdescendants(etree.Element))
        if is_leaf and _name(element) != "img" and element is not page and known("".join(map(str, element.itertext()))):
            packages.take_out(element)


def _settle_notes(top: etree._Element, name: str) -> None:
    """A note and its call stay what they are where both are in this file; else they are text and a link."""
    for call in top.iter(f"{{{XHTML}}}a"):
        path, mark, identifier = (call.get("href") or "").partition("#")
        if mark and unquote(path) == name:
            call.set("href", f"#{identifier}")
    calls = [each for each in top.iter(etree.Element) if "noteref" in _kinds(each) or each.get("role") == "doc-noteref"]
    notes = {each.get("id", ""): each for each in top.iter(etree.Element) if _kinds(each) & NOTES}
    called = {(each.get("href") or "")[1:] for each in calls if (each.get("href") or "").startswith("#")}
    for identifier, note in notes.items():
        if identifier not in called:
            _plain(note)
    for aside in top.iter(f"{{{XHTML}}}aside"):
        if not _kinds(aside) & NOTES:
            aside.tag = f"{{{XHTML}}}div"  # of which pandoc knows the identifier
    for call in calls:
        if (call.get("href") or "")[1:] not in notes:
            _plain(call)
            call.attrib.pop("role", "")


def shown(drawing: etree._Element) -> etree._Element:
    """A drawing as what a page can show: the pictures in it and its words, or all of it as a picture with its words."""
    words = " ".join(" ".join(_words(drawing)).split())
    pictures = [href for each in drawing.iter(f"{{{SVG}}}image") if (href := next(filter(None, map(each.get, HREFS)), ""))]
    out = etree.Element(f"{{{XHTML}}}span")
    for href in pictures:
        etree.SubElement(out, f"{{{XHTML}}}img", src=href, alt="" if words else "picture")
    if pictures and words:
        etree.SubElement(out, f"{{{XHTML}}}span").text = f" {words} "
    elif not pictures:
        data = base64.b64encode(etree.tostring(drawing, encoding="utf-8", with_tail=False)).decode()
        etree.SubElement(out, f"{{{XHTML}}}img", src=f"data:image/svg+xml;base64,{data}", alt=words)
    return out


def _words(drawing: etree._Element) -> Iterator[str]:
    """The title, the description and the text of a drawing; not its style."""
    for element in drawing.iter(etree.Element):
        if _name(element) in ("text", "title", "desc"):
            yield "".join(map(str, element.itertext()))
        elif etree.QName(element).namespace == XHTML and _name(element) == "body":
            yield " ".join(map(str, element.itertext()))


def page_of(drawing: etree._Element) -> bytes:
    """A chapter that shows a drawing of the spine."""
    top = packages.root(XHTML, "html")
    etree.SubElement(etree.SubElement(top, f"{{{XHTML}}}head"), f"{{{XHTML}}}title").text = ""
    paragraph = etree.SubElement(etree.SubElement(top, f"{{{XHTML}}}body"), f"{{{XHTML}}}p")
    paragraph.append(shown(drawing))
    return packages.serialize(top)
