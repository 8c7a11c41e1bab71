"""Parses unambiguous HTML tag by tag.

WeasyPrint reads HTML by the whole algorithm of the standard, character by character: 2.5 % of the time of a document
(measured). Our own pages are written by lxml: each element is closed where it should be. This patch reads such a page with a
table of allowed places, and passes the whole page to WeasyPrint's parser if one tag is not in the table, or
is at a place where the standard moves, closes or repeats elements.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Set
from html.entities import html5
from io import StringIO
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder

import tinyhtml5

FRAME = re.compile(
    r"<!DOCTYPE html>[ \n]*<(html(?: [^<>]*)?)>[ \n]*<head>(.*?)</head>([ \n]*)"
    r"<(body(?: [^<>]*)?)>(.*)</body>([ \n]*)</html>([ \n]*)",
    re.DOTALL,
)
PIECES = re.compile("<([^<>]*)>")
TAG = re.compile(r'([a-z][a-z0-9]*)((?: [a-z][a-z0-9-]*(?:="[^"]*")?)*)')
ATTRIBUTE = re.compile(r'([a-z][a-z0-9-]*)(?:="([^"]*)")?')
REFERENCE = re.compile("&([A-Za-z0-9]*;?)")
STRANGE = re.compile("[^\t\n -\u007e\u00a0-\ud7ff\ue000-\ufdcf\ufdf0-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
SPACE = " \t\n"

# Items that lxml does not close if they are empty: they end with the next one, and with their list.
ITEMS = {"li": {"li"}, "dt": {"dt", "dd"}, "dd": {"dt", "dd"}}
LISTS = frozenset({"ul", "ol"})
PARENTS: dict[str, Set[str]] = {
    "meta": {"head"}, "title": {"head"}, "li": LISTS, "dt": {"dl"}, "dd": {"dl"},
    "caption": {"table"}, "colgroup": {"table"}, "thead": {"table"}, "tbody": {"table"}, "tfoot": {"table"},
    "col": {"colgroup"}, "tr": {"thead", "tbody", "tfoot"}, "td": {"tr"}, "th": {"tr"},
}  # fmt: skip
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# Each ends a paragraph around it.
BLOCKS = HEADINGS | {
    "article", "aside", "blockquote", "div", "dl", "figcaption", "figure", "footer", "header", "hr", "main", "nav", "ol", "p",
    "pre", "section", "table", "ul", "li", "dt", "dd",
}  # fmt: skip
PHRASES = frozenset({
    "a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "del", "dfn", "em", "i", "img", "ins", "kbd", "mark", "q", "s", "samp",
    "small", "span", "strong", "sub", "sup", "u", "var", "wbr",
})  # fmt: skip
VOID = frozenset({"br", "col", "hr", "img", "meta", "wbr"})
# These contain only their own parts and white space.
FRAMEWORK = frozenset({"head", "table", "colgroup", "thead", "tbody", "tfoot", "tr"})
PARENTS_OF_NO_OTHER = FRAMEWORK | {"title"}


class Doubtful(Exception):
    """The standard's algorithm could give another result."""


class Reader:
    """Reads the content of head or body into `builder`."""

    def __init__(self, builder: TreeBuilder) -> None:
        self.builder = builder
        self.tags: dict[str, tuple[str, dict[str, str]]] = {}

    def read(self, markup: str, inside: str) -> None:
        pieces = PIECES.split(markup)
        self.open = [inside]
        self._text(pieces[0], "")
        for tag, text in zip(pieces[1::2], pieces[2::2], strict=True):
            if tag[:1] == "/":
                self._end(tag[1:])
            else:
                self._start(tag)
            if text:
                self._text(text, tag)
        if self.open != [inside]:
            raise Doubtful

    def _start(self, tag: str) -> None:
        if tag not in self.tags:
            self.tags[tag] = parts(tag)
        name, attributes = self.tags[tag]
        if self.open[-1] in ITEMS.get(name, ()):
            self._end(self.open[-1])
        self._refuse_misplaced(name)
        self.builder.start(name, attributes.copy())
        if name in VOID:
            self.builder.end(name)
        else:
            self.open.append(name)

    def _refuse_misplaced(self, name: str) -> None:
        within = self.open[-1]
        if name in PARENTS:
            misplaced = within not in PARENTS[name]
        else:
            misplaced = within in PARENTS_OF_NO_OTHER or (name not in BLOCKS and name not in PHRASES)
        if name in BLOCKS:
            misplaced = misplaced or "p" in self.open or (name in HEADINGS and within in HEADINGS)
        elif name == "a":
            misplaced = misplaced or "a" in self.open
        if misplaced:
            raise Doubtful

    def _end(self, name: str) -> None:
        if self.open[-1] in ITEMS and (name in LISTS or name == "dl"):
            self.builder.end(self.open.pop())
        if len(self.open) == 1 or self.open.pop() != name:
            raise Doubtful
        self.builder.end(name)

    def _text(self, text: str, after: str) -> None:
        if "<" in text or (self.open[-1] in FRAMEWORK and text.strip(SPACE)):
            raise Doubtful
        if text[:1] == "\n" and after[:3] == "pre":  # the standard leaves it out
            raise Doubtful
        self.builder.data(REFERENCE.sub(referred, text) if "&" in text else text)


def parts(tag: str) -> tuple[str, dict[str, str]]:
    """The name and the attributes of a start tag. Raises Doubtful for one that is not in lxml's form."""
    found = TAG.fullmatch(tag)
    if found is None:
        raise Doubtful
    pairs = ATTRIBUTE.findall(found[2])
    attributes = {name: REFERENCE.sub(referred, value) for name, value in pairs}
    if len(attributes) < len(pairs):
        raise Doubtful
    return found[1], attributes


def referred(reference: re.Match[str]) -> str:
    if reference[1] not in html5 or reference[1][-1] != ";":
        raise Doubtful
    return html5[reference[1]]


def tree_of(html: str) -> Element:
    """The root of the tree of `html`. Raises Doubtful."""
    frame = FRAME.fullmatch(html)
    if frame is None or STRANGE.search(html):
        raise Doubtful
    root, head, between, body, content, *after = frame.groups()
    builder = TreeBuilder()
    reader = Reader(builder)
    builder.start(*parts(root))
    builder.start("head", {})
    reader.read(head, "head")
    builder.end("head")
    builder.data(between)
    builder.start(*parts(body))
    reader.read(content, "body")
    builder.data("".join(after))
    builder.end("body")
    builder.end("html")
    return builder.close()


def install() -> None:
    """Installs this. Idempotent."""
    plain: Callable[..., Any] = tinyhtml5.parse
    if hasattr(plain, "plain"):
        return

    def parse(document: Any, *rest: Any, **named: Any) -> Any:
        if isinstance(document, StringIO) and named == {"namespace_html_elements": False} and not rest:
            try:
                return tree_of(document.getvalue())
            except Doubtful:
                pass
        return plain(document, *rest, **named)

    parse.plain = plain  # type: ignore[attr-defined]
    tinyhtml5.parse = parse
