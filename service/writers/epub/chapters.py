"""The chapters of an EPUB: pandoc's HTML of the body with the service's head, headings under the title, no controls, no scripts.

HTML instead of pandoc's EPUB, which would be zipped, unzipped and zipped again: 2 ms instead of 7 (the model article).
The additions of EPUB to HTML are made here: notes that pop up (`epub:type`), and files of limited size.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from service.containers import attributes, packages
from service.containers.packages import parse, serialize
from service.model.devices import ANY, DEVICES, Device
from service.model.document import Notice
from service.model.text.characters import legal
from service.writers.epub import constructs, devices, formulas, kobo, notes, pictures, vertical
from service.writers.epub.xhtml import MATHML, OPS, XHTML, tag

XML = "http://www.w3.org/XML/1998/namespace"
SVG = "http://www.w3.org/2000/svg"
HEADINGS = re.compile(rf"\{{{XHTML}\}}h([1-6])")
FOLDER = "EPUB/"


@dataclass(frozen=True, slots=True)
class Page:
    """The head of every XHTML file of a book."""

    title: str
    lang: str
    rtl: bool = False
    vertical: bool = False

    def mark(self, root: etree._Element) -> None:
        root.set("lang", self.lang)
        root.set(f"{{{XML}}}lang", self.lang)
        if self.rtl:
            root.set("dir", "rtl")

    def html(self, up: str = "") -> etree._Element:
        """A new file without a body."""
        root = packages.root(XHTML, "html", epub=OPS)
        self.mark(root)
        root.append(self.head(up))
        return root

    def head(self, up: str = "") -> etree._Element:
        head = etree.Element(tag("head"))
        etree.SubElement(head, tag("meta"), charset="utf-8")
        etree.SubElement(head, tag("title")).text = legal(self.title)
        etree.SubElement(head, tag("link"), rel="stylesheet", type="text/css", href=f"{up}styles/article.css")
        return head


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table of contents."""

    level: int
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """One file of text; `href` is relative to the package document."""

    href: str
    root: etree._Element

    @property
    def data(self) -> bytes:
        return serialize(self.root, "<!DOCTYPE html>")

    @property
    def properties(self) -> tuple[str, ...]:
        """The properties for the manifest."""
        spaces = {etree.QName(element).namespace for element in self.root.iter(etree.Element)}
        return tuple(name for name, space in (("mathml", MATHML), ("svg", SVG)) if space in spaces)


@dataclass(frozen=True, slots=True)
class Text:
    """The chapters in reading order, their drawings besides the document's images, and notices."""

    chapters: list[Chapter]
    drawings: formulas.Drawings
    notices: list[Notice]


def build(
    markup: str, page: Page, split: bool, sizes: pictures.Sizes = constructs.NO_SIZES, device: Device = DEVICES[ANY]
) -> Text:
    """pandoc's body as files: one, or with `split` one per section of the top level."""
    opening = f'<body xmlns="{XHTML}" xmlns:epub="{OPS}" epub:type="bodymatter">\n'
    body = parse(f"{opening}{legal(markup)}\n</body>".encode())
    _lower_headings(body)
    _still_checkboxes(body)
    _drop_line_anchors(body)
    notes.pop_up(body, page.lang)
    constructs.settle(body, page.rtl, page.lang, sizes)
    if page.vertical:
        vertical.combine(body)
    drawings, notices = formulas.settle(body, device.draws_formulas)
    attributes.settle(body)
    devices.settle(body, device)
    for image in body.iter(tag("img")):
        image.set("src", f"../{image.get('src', '')}")
    pieces = _pieces(body) if split else [body]
    if device.is_kepub:
        for piece in pieces:
            kobo.mark(piece)
    return Text([_chapter(number, each, page) for number, each in enumerate(pieces, 1)], drawings, notices)


def _chapter(number: int, body: etree._Element, page: Page) -> Chapter:
    root = page.html("../")
    root.append(body)
    return Chapter(f"text/ch{number:03}.xhtml", root)


def _pieces(body: etree._Element) -> list[etree._Element]:
    """The body cut before each section of the top level; each piece has its own notes, and links to the right file."""
    found = notes.take_out(body)
    pieces = [_empty(body)]
    for child in list(body):
        if child.tag == tag("section") and "level1" in child.get("class", "").split() and len(pieces[-1]):
            pieces.append(_empty(body))
        pieces[-1].append(child)
    for piece in pieces:
        marks = [link.get("href", "") for link in piece.iter(tag("a")) if link.get("role") == "doc-noteref"]
        if own := [found.pop(mark) for mark in dict.fromkeys(marks) if mark in found]:
            section = etree.SubElement(piece, tag("section"), notes.SECTION)
            etree.SubElement(section, tag("hr"))
            section.extend(own)
    _lead_across(pieces)
    return pieces


def _empty(body: etree._Element) -> etree._Element:
    piece = etree.SubElement(packages.root(XHTML, "html", epub=OPS), body.tag)
    piece.attrib.update(body.attrib)
    return piece


def _lead_across(pieces: Sequence[etree._Element]) -> None:
    homes = {each.get("id"): number for number, piece in enumerate(pieces, 1) for each in piece.iter() if each.get("id")}
    for number, piece in enumerate(pieces, 1):
        for link in piece.iter(tag("a")):
            name = link.get("href", "").removeprefix("#")
            if link.get("href", "").startswith("#") and homes.get(name, number) != number:
                link.set("href", f"ch{homes[name]:03}.xhtml#{name}")


def _lower_headings(root: etree._Element) -> None:
    """Only the title is h1: pandoc had the article's sections at the same level, so that their numbers start at 1."""
    for element in list(root.iter(etree.Element)):
        if (match := HEADINGS.fullmatch(str(element.tag))) and "title" not in element.get("class", "").split():
            element.tag = tag(f"h{min(int(match[1]) + 1, 6)}")


def _still_checkboxes(root: etree._Element) -> None:
    """Replaces check boxes by signs: reading systems do not store ticks, and some show no form controls."""
    for control in list(root.iter(tag("input"))):
        done = control.get("checked") is not None
        sign = etree.Element(tag("span"), {"class": "task"})
        sign.text = "☒ " if done else "☐ "
        item = next(control.iterancestors(tag("li")), None)
        packages.replace(control, sign)
        if item is not None and "task-list" not in (_around(item).get("class") or ""):
            item.set("class", f"{item.get('class', '')} task".strip())
    for label in list(root.iter(tag("label"))):
        label.tag = tag("span")


def _around(element: etree._Element) -> etree._Element:
    parent = element.getparent()
    return element if parent is None else parent


def _drop_line_anchors(root: etree._Element) -> None:
    """Removes pandoc's empty link before each line of code: it is invisible, but a stop for the keyboard."""
    for link in list(root.iter(tag("a"))):
        if link.get("aria-hidden") == "true" and not link.text:
            packages.take_out(link)


def entries(chapters: Sequence[Chapter]) -> Iterator[Entry]:
    """Every heading with an identifier, which pandoc writes on the section around it."""
    for chapter in chapters:
        for element in chapter.root.iter(etree.Element):
            if match := HEADINGS.fullmatch(str(element.tag)):
                identifier = element.get("id") or _section_id(element)
                text = " ".join("".join(_spoken(element)).split())
                if identifier and text:
                    yield Entry(int(match[1]), text, f"{chapter.href}#{identifier}")


def _section_id(element: etree._Element) -> str:
    parent = element.getparent()
    return str(parent.get("id", "")) if parent is not None and parent.tag == tag("section") else ""


def _spoken(element: etree._Element) -> Iterator[str]:
    """The text of a heading without its footnote marks, with the alt text of images."""
    yield element.text or ""
    for child in element:
        if child.tag == tag("img"):
            yield child.get("alt", "")
        elif child.get("role") != "doc-noteref" and isinstance(child.tag, str) and child.tag != f"{{{MATHML}}}annotation":
            yield from _spoken(child)
        yield child.tail or ""


def image_names(chapters: Sequence[Chapter]) -> set[str]:
    """The files in media/ that are used. Others are not in the book."""
    return {image.get("src", "").removeprefix("../") for chapter in chapters for image in chapter.root.iter(tag("img"))}
