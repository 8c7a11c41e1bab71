"""The table of contents of an EPUB in two forms: nav.xhtml for EPUB 3 and toc.ncx for older reading systems."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lxml import etree

from service.containers import packages
from service.containers.packages import serialize
from service.model.text import labels
from service.model.text.characters import legal
from service.writers.epub.chapters import XML, Entry, Page
from service.writers.epub.xhtml import OPS, tag

NCX = "http://www.daisy.org/z3986/2005/ncx/"


@dataclass(slots=True)
class Branch:
    """An entry with those under it."""

    entry: Entry
    children: list[Branch] = field(default_factory=list)


def nest(entries: Sequence[Entry], depth: int) -> list[Branch]:
    """The entries as a tree of at most `depth` levels. A skipped level creates no empty branch."""
    roots: list[Branch] = []
    path: list[Branch] = []
    for entry in entries:
        while path and path[-1].entry.level >= entry.level:
            path.pop()
        if len(path) < depth:
            branch = Branch(entry)
            (path[-1].children if path else roots).append(branch)
            path.append(branch)
    return roots


def nav(branches: Sequence[Branch], page: Page, landmarks: Sequence[tuple[str, str, str]]) -> bytes:
    """nav.xhtml: contents and landmarks; a landmark is type, target and name."""
    root = page.html()
    body = etree.SubElement(root, tag("body"), {f"{{{OPS}}}type": "frontmatter"})
    toc = etree.SubElement(body, tag("nav"), {f"{{{OPS}}}type": "toc", "id": "toc", "role": "doc-toc"})
    etree.SubElement(toc, tag("h1")).text = labels.word("contents", page.lang)
    _append_list(toc, branches)
    marks = etree.SubElement(body, tag("nav"), {f"{{{OPS}}}type": "landmarks", "id": "landmarks", "hidden": "hidden"})
    places = etree.SubElement(marks, tag("ol"))
    for kind, href, name in landmarks:
        item = etree.SubElement(places, tag("li"))
        etree.SubElement(item, tag("a"), {f"{{{OPS}}}type": kind, "href": href}).text = name
    return serialize(root, "<!DOCTYPE html>")


def _append_list(parent: etree._Element, branches: Sequence[Branch]) -> None:
    ordered = etree.SubElement(parent, tag("ol"))
    for branch in branches:
        item = etree.SubElement(ordered, tag("li"))
        etree.SubElement(item, tag("a"), href=branch.entry.href).text = legal(branch.entry.text)
        if branch.children:
            _append_list(item, branch.children)


def ncx(branches: Sequence[Branch], page: Page, identifier: str) -> bytes:
    """toc.ncx; its uid must be the package's identifier (NCX-001)."""
    root = packages.root(NCX, "ncx")
    root.set("version", "2005-1")
    root.set(f"{{{XML}}}lang", page.lang)
    head = etree.SubElement(root, f"{{{NCX}}}head")
    for name, content in (
        ("dtb:uid", identifier),
        ("dtb:depth", str(_depth(branches))),
        ("dtb:totalPageCount", "0"),
        ("dtb:maxPageNumber", "0"),
    ):
        etree.SubElement(head, f"{{{NCX}}}meta", name=name, content=legal(content).strip())
    _text(etree.SubElement(root, f"{{{NCX}}}docTitle"), page.title)
    numbers = iter(range(1, 1_000_000))
    points = etree.SubElement(root, f"{{{NCX}}}navMap")
    for branch in branches:
        _append_point(points, branch, numbers)
    etree.indent(root)
    return serialize(root)


def _append_point(parent: etree._Element, branch: Branch, numbers: Iterator[int]) -> None:
    number = next(numbers)
    point = etree.SubElement(parent, f"{{{NCX}}}navPoint", id=f"point-{number}", playOrder=str(number))
    _text(etree.SubElement(point, f"{{{NCX}}}navLabel"), branch.entry.text)
    etree.SubElement(point, f"{{{NCX}}}content", src=branch.entry.href)
    for child in branch.children:
        _append_point(point, child, numbers)


def _text(parent: etree._Element, text: str) -> None:
    etree.SubElement(parent, f"{{{NCX}}}text").text = legal(text)


def _depth(branches: Sequence[Branch]) -> int:
    return max((1 + _depth(branch.children) for branch in branches), default=0)
