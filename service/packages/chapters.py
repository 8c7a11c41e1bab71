"""The chapters of an EPUB: what pandoc wrote, with our own head, headings under the title, and nothing to click on or to run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from posixpath import basename

from lxml import etree

from service import packages
from service.packages import legal, parse, serialize

XHTML = "http://www.w3.org/1999/xhtml"
OPS = "http://www.idpf.org/2007/ops"
XML = "http://www.w3.org/XML/1998/namespace"
MATHML = "http://www.w3.org/1998/Math/MathML"
SVG = "http://www.w3.org/2000/svg"
HEADINGS = re.compile(rf"\{{{XHTML}\}}h([1-6])")
FOLDER = "EPUB/"


def tag(name: str) -> str:
    return f"{{{XHTML}}}{name}"


@dataclass(frozen=True, slots=True)
class Page:
    """What every XHTML file of a book says of itself."""

    title: str
    lang: str
    rtl: bool = False

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
        """What the manifest must say of it."""
        spaces = {etree.QName(element).namespace for element in self.root.iter(etree.Element)}
        return tuple(name for name, space in (("mathml", MATHML), ("svg", SVG)) if space in spaces)


def take(parts: Mapping[str, bytes], page: Page) -> list[Chapter]:
    """pandoc's text files in reading order, finished; without a template it writes the body's content only."""
    names = sorted(name for name in parts if re.fullmatch(r"EPUB/text/ch\d+\.xhtml", name))
    return [Chapter(name.removeprefix(FOLDER), _finished(parts[name], page)) for name in names]


def _finished(content: bytes, page: Page) -> etree._Element:
    root = page.html("../")
    opening = f'<body xmlns="{XHTML}" xmlns:epub="{OPS}" epub:type="bodymatter">\n'
    body = parse(opening.encode() + content + b"\n</body>")
    _lower_headings(body)
    _still_checkboxes(body)
    _drop_line_anchors(body)
    _describe_notes(body)
    root.append(body)
    return root


def _lower_headings(root: etree._Element) -> None:
    """h1 is the title's alone: pandoc had the article's sections at the same level, so that their numbers start at 1."""
    for element in list(root.iter(etree.Element)):
        if (match := HEADINGS.fullmatch(str(element.tag))) and "title" not in element.get("class", "").split():
            element.tag = tag(f"h{min(int(match[1]) + 1, 6)}")


def _still_checkboxes(root: etree._Element) -> None:
    """A task is a sign, not a control: readers don't keep ticks, and some show no form controls at all."""
    for control in list(root.iter(tag("input"))):
        done = control.get("checked") is not None
        sign = etree.Element(tag("span"), {"class": "task"})
        sign.text = "☒ " if done else "☐ "
        packages.replace(control, sign)
    for label in list(root.iter(tag("label"))):
        label.tag = tag("span")


def _drop_line_anchors(root: etree._Element) -> None:
    """pandoc puts an empty link before each line of code: nothing to see, and a stop for every keyboard."""
    for link in list(root.iter(tag("a"))):
        parent = link.getparent()
        if parent is not None and link.get("aria-hidden") == "true" and not link.text:
            index = parent.index(link)
            if index:
                parent[index - 1].tail = (parent[index - 1].tail or "") + (link.tail or "")
            else:
                parent.text = (parent.text or "") + (link.tail or "")
            parent.remove(link)


def _describe_notes(root: etree._Element) -> None:
    """Each note shows its number, which leads back to the text, for readers that don't pop notes up."""
    marks = {link.get("href", ""): link for link in root.iter(tag("a")) if link.get("role") == "doc-noteref"}
    for section in root.iter(tag("section")):
        if section.get(f"{{{OPS}}}type") == "footnotes":
            section.set("role", "doc-endnotes")
    for note in root.iter(tag("aside")):
        mark = marks.get(f"#{note.get('id')}")
        if mark is None or not mark.get("id"):
            continue
        back = etree.Element(tag("a"), {"href": f"#{mark.get('id')}", "class": "footnote-back", "role": "doc-backlink"})
        back.text = "".join(str(part) for part in mark.itertext())
        first = note.find(tag("p"))
        holder = note if first is None else first
        back.tail, holder.text = f" {holder.text or ''}", None
        holder.insert(0, back)


def entries(chapters: Sequence[Chapter]) -> Iterator[Entry]:
    """Every heading with a place to jump to; pandoc puts the identifier on the section around it."""
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
    """The text of a heading without its footnote marks; an image speaks its alt text."""
    yield element.text or ""
    for child in element:
        if child.tag == tag("img"):
            yield child.get("alt", "")
        elif child.get("role") != "doc-noteref" and isinstance(child.tag, str):
            yield from _spoken(child)
        yield child.tail or ""


def image_names(chapters: Sequence[Chapter]) -> set[str]:
    """The files in media/ that are shown; what nobody shows is not shipped."""
    return {basename(image.get("src", "")) for chapter in chapters for image in chapter.root.iter(tag("img"))}
