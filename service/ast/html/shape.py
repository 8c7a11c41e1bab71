"""Parsing HTML safely, and the shape of text: white space, line breaks, what is a block."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import lxml.html

from service.ast.html import names
from service.ast.pandoc_ast import Attr, Node, text, words
from service.model.errors import Place, TooComplex

MAX_DEPTH = 80  # elements in one another; lxml silently cuts at 255
TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*+)(?>(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*)>")
# What is written like tags and is none: comments, scripts, styles.
NO_TAGS = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style|textarea|xmp)\b.*?(?:</\1\s*>|\Z)", re.S | re.I)
# Elements without content that libxml2 takes for open ones: they would swallow what follows them.
UNKNOWN_VOIDS = re.compile(
    r"<(wbr|source|track|keygen|bgsound|command|image)(?=[\s/>])([^<>]*)>|</(?:wbr|source|track)\s*>", re.I
)
SPACES = re.compile(r"[ \t\n\r\f]+")
BREAK: Node = {"t": "LineBreak"}
Element = Any  # lxml.html.HtmlElement: its stubs know too little of it


def parse(html: str) -> Element:
    """The fragment's elements under one parent. Raises TooComplex where they nest beyond what lxml keeps."""
    refuse_depth(html)
    html = with_ends(html)
    parser = lxml.html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True, encoding="utf-8")
    page = lxml.html.document_fromstring(f"<html><body>{html}</body></html>".encode(), parser=parser)
    return page.find("body")


def with_ends(html: str) -> str:
    """The markup with an end for each element that can have no content."""
    if not UNKNOWN_VOIDS.search(html):
        return html
    return UNKNOWN_VOIDS.sub(lambda found: f"{found.group()}</{found[1]}>" if found[1] else "", html)


def refuse_depth(html: str) -> None:
    """Raises TooComplex, with the line, where elements nest beyond what lxml keeps."""
    depth = 0
    html = NO_TAGS.sub(lambda found: "\n" * found.group().count("\n"), html)
    for found in TAG.finditer(html):
        tag = found[2].lower()
        if tag in names.VOID or tag in names.OPTIONAL_END or found.group().endswith("/>"):
            continue
        depth = max(0, depth - 1) if found[1] else depth + 1
        if depth > MAX_DEPTH:
            detail = f"HTML elements are nested more than {MAX_DEPTH} deep."
            place = Place(detail, line=html.count("\n", 0, found.start()) + 1)
            raise TooComplex(detail, places=[place], extra={"limit": MAX_DEPTH})


def pieces(element: Element) -> Iterator[str | Element]:
    """Text and child elements in order."""
    if element.text:
        yield element.text
    for child in element:
        if isinstance(child.tag, str):
            yield child
        if child.tail:
            yield child.tail


def has_block(element: Element) -> bool:
    """Whether an inline element holds blocks: then it is one itself."""
    if element.tag in names.INVISIBLE or element.tag in names.EMBEDDED:
        return False
    return any(isinstance(child.tag, str) and child.tag in names.BLOCKS for child in element.iterdescendants())


BLOCK_TAGS = frozenset({
    "Plain", "Para", "LineBlock", "CodeBlock", "RawBlock", "BlockQuote", "OrderedList", "BulletList", "DefinitionList", "Header",
    "HorizontalRule", "Table", "Figure", "Div",
})  # fmt: skip


def is_block(node: Node) -> bool:
    return node["t"] in BLOCK_TAGS


def attributes_of(element: Element) -> Attr:
    pairs = [[key, value] for key, value in element.items() if key not in {"id", "class"}]
    return names.clean_attr([element.get("id") or "", (element.get("class") or "").split(), pairs])


def spaced(content: str) -> list[Node]:
    """Text as HTML has it: any run of white space is one space."""
    return words(SPACES.sub(" ", content))


def trimmed(inlines: Sequence[Node]) -> list[Node]:
    """Without white space and line breaks at either end."""
    blank = ("Space", "SoftBreak", "LineBreak")
    start, end = 0, len(inlines)
    while start < end and inlines[start]["t"] in blank:
        start += 1
    while end > start and inlines[end - 1]["t"] in blank:
        end -= 1
    return without_double_spaces(list(inlines[start:end]))


def without_double_spaces(inlines: Sequence[Node]) -> list[Node]:
    """No space beside a line break or another space."""
    out: list[Node] = []
    for node in inlines:
        if node["t"] == "Space" and out and out[-1]["t"] in ("Space", "LineBreak"):
            continue
        if node["t"] == "LineBreak" and out and out[-1]["t"] == "Space":
            out.pop()
        out.append(node)
    return out


def flattened(node: Node) -> list[Node]:
    """A block as inlines, for a place that takes no block: its text with line breaks between its parts."""
    if not is_block(node):
        return [node]
    if node["t"] in ("Plain", "Para"):
        return list(node["c"])
    if node["t"] == "Header":
        return list(node["c"][2])
    lines = [line for line in text([node]).split("\n") if line.strip()]
    return [part for number, line in enumerate(lines) for part in ([BREAK] if number else []) + words(line)]


def wrapped(block: Node, tag: str) -> Node:
    """`block` with `tag` around its text, where it is a paragraph; else as it is."""
    return {"t": block["t"], "c": [{"t": tag, "c": block["c"]}]} if block["t"] in ("Para", "Plain") and block["c"] else block
