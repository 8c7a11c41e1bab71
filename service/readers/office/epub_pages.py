"""A page of an EPUB as the tree that the HTML reader converts.

XHTML is XML: `<a id="x"/>` is empty there, and opens an element for a browser. A file that is not well-formed is parsed as in
browsers. Files that declare entities, or nest too deep, are refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.entities import html5
from typing import Any
from xml.parsers import expat

from service.ast.html import elements, tree
from service.ast.html.tree import Element
from service.input import encoding
from service.model.document import Notice
from service.model.errors import InvalidDocument, Place, UnsupportedEncoding
from service.model.notices import notice

SPACES = {
    "": "", "http://www.w3.org/1999/xhtml": "", "http://www.w3.org/2000/svg": "svg",
    "http://www.w3.org/1998/Math/MathML": "math",
}  # fmt: skip
PREFIXES = {
    "": "", "http://www.idpf.org/2007/ops": "epub:", "http://www.w3.org/1999/xlink": "xlink:",
    "http://www.w3.org/XML/1998/namespace": "xml:",
}  # fmt: skip
DECLARED = re.compile(rb"<\?xml[^<>]{0,100}?\bencoding\s*+=\s*+[\"']([\w.-]++)|<meta[^<>]*?\bcharset\s*+=\s*+[\"']?([\w.-]++)")
ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31};)")
OF_XML = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})
EMPTY = re.compile(r"<([A-Za-z][\w:.-]*+)((?>(?:[^<>\"'/]++|\"[^\"<]*+\"|'[^'<]*+'|/(?!>))*))/>")


def parsed(data: bytes, path: str) -> tuple[Element, Sequence[Notice]]:
    """The page's top element: `html`, or the root of another XML file.

    Raises TooComplex, with the line, for a page that nests without end, InvalidDocument for one that declares entities.
    """
    found = DECLARED.search(data[:2048])
    try:
        text, notices = encoding.decode(data, declared=(found[1] or found[2]).decode() if found else "")
    except UnsupportedEncoding:
        text = data.decode("utf-8", "replace")
        notices = (notice("encoding-damaged", f"The encoding of the chapter {path[:200]!r} is unknown.", stage="read"),)
    text = ENTITY.sub(_character, text)
    return _of_xml(text, path) or tree.parse(EMPTY.sub(_with_end, text)), notices


def _character(found: re.Match[str]) -> str:
    return found[0] if found[1] in OF_XML else html5.get(found[1], found[0])


def _with_end(found: re.Match[str]) -> str:
    return found[0] if found[1].lower() in elements.VOID else f"<{found[1]}{found[2]}></{found[1]}>"


def _of_xml(text: str, path: str) -> Element | None:
    """None if it is not well-formed."""
    builder = _Builder(path)
    try:
        builder.parser.Parse(text.encode("utf-8", "replace"), True)
    except (expat.ExpatError, ValueError):
        return None
    return next(builder.top.elements(), None)


class _Builder:
    """Builds the tree from the events of the parser. The depth within drawings is not counted, as in `tree`."""

    def __init__(self, path: str) -> None:
        self.path, self.top = path, Element("")
        self.open = [self.top]
        self.drawn = 0  # open elements within drawings
        self.parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.ordered_attributes = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.EntityDeclHandler = self._declared

    def _start(self, name: str, given: list[str]) -> None:
        space, _, local = name.rpartition(" ")
        foreign = SPACES.get(space, "")
        tag = local if foreign == "svg" else (local if space in SPACES else f"{PREFIXES.get(space, 'x-')}{local}").lower()
        attributes: dict[str, str] = {}
        for key, value in zip(given[::2], given[1::2], strict=True):
            space, _, local = key.rpartition(" ")
            if space in PREFIXES:
                attributes[f"{PREFIXES[space]}{local}"] = value
        made = Element(tag, attributes, self.parser.CurrentLineNumber, foreign)
        self.open[-1].children.append(made)
        self.open.append(made)
        self.drawn += foreign == "svg"
        if len(self.open) - self.drawn > tree.MAX_DEPTH + 2:
            raise tree.too_deep(made.line)

    def _end(self, _name: str) -> None:
        element = self.open.pop()
        self.drawn -= element.foreign == "svg"
        if element.children and not element.foreign and element.tag in elements.VOID:  # XML lets a line break hold a text
            self.open[-1].children += element.children
            element.children = []

    def _text(self, text: str) -> None:
        self.open[-1].children.append(text)

    def _declared(self, *_: Any) -> None:
        detail = f"The chapter {self.path[:200]!r} declares XML entities, which are not allowed."
        raise InvalidDocument(detail, places=[Place(detail, line=1)])


def body_of(top: Element) -> Element:
    """The content of the page: a file without `<body>` shows all but its head."""
    body = tree.body(top)
    if body.children or any(child is body for child in top.elements()):
        return body
    if top.tag != "html":
        body.children.append(top)
    else:
        body.children += [child for child in top.children if isinstance(child, str) or child.tag != "head"]
    return body
