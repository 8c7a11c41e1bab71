"""HTML text → a tree of `Element`, by the algorithm of browsers (WHATWG HTML, section 13.2: turbohtml).

The tree has plain Python objects: each access to the parser's own nodes costs a call into C.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterator
from typing import Self

import turbohtml

from service.model.errors import Place, TooComplex

MAX_DEPTH = 80  # depth of elements, because the converter recurses
MOST_COPIES = 300_000  # formatting elements that the parser opens again in each paragraph after the one that left them open
MOST_BODIES = 2_000  # each body tag's attributes are compared with those of the first
TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*+)(?>(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*)>")
REOPENED = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*+)([^<>]*+)")
FORMATTING = frozenset({
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
})  # fmt: skip
ALIKE = 3  # open elements with the same tag and attributes (the standard's "Noah's Ark clause")


class Element:
    """An element: its tag, attributes, children (text and elements in order), and the line of the text that it begins in.

    `tag` is in lower case, except within `<svg>`, whose elements have the spelling of SVG. `foreign` is "svg" or "math" for
    elements that are not HTML's.
    """

    __slots__ = ("attributes", "children", "foreign", "line", "tag")

    def __init__(self, tag: str, attributes: dict[str, str] | None = None, line: int = 0, foreign: str = "") -> None:
        self.tag = tag
        self.attributes = attributes or {}
        self.children: list[str | Element] = []
        self.line = line
        self.foreign = foreign

    def get(self, name: str, default: str = "") -> str:
        return self.attributes.get(name, default)

    def elements(self) -> Iterator[Element]:
        """The child elements."""
        return (child for child in self.children if isinstance(child, Element))

    def iter(self, *tags: str) -> Iterator[Self | Element]:
        """This element and those below it in the order of the text; with `tags`, only elements of these."""
        todo: list[Element] = [self]
        while todo:
            element = todo.pop()
            if not tags or element.tag in tags:
                yield element
            todo += [child for child in reversed(element.children) if isinstance(child, Element)]

    def below(self, *tags: str) -> Iterator[Element]:
        return (element for element in self.iter(*tags) if element is not self)

    def first(self, tag: str) -> Element | None:
        """The first element of that tag below this one."""
        return next(self.below(tag), None)

    def drop(self, unwanted: Container[Element]) -> None:
        """Removes these elements with their content."""
        for element in self.iter():
            element.children = [child for child in element.children if isinstance(child, str) or child not in unwanted]

    def text(self) -> str:
        """All text in the element unchanged."""
        parts: list[str] = []
        todo: list[str | Element] = [self]
        while todo:
            part = todo.pop()
            if isinstance(part, str):
                parts.append(part)
            else:
                todo += reversed(part.children)
        return "".join(parts)


def parse(html: str, max_depth: int = MAX_DEPTH) -> Element:
    """The page: an `html` element with a `head` and a `body`, or a `frameset`.

    Raises TooComplex, with the line, if elements nest deeper than `max_depth` or the parser would copy too many.
    """
    _refuse_copies(html)
    page = turbohtml.parse(html, allow_declarative_shadow_roots=False)
    return next(Element.elements(_converted(page, max_depth)), Element("html"))


def body(page: Element) -> Element:
    """The content of the page: its `body`, or its `frameset`."""
    return next((child for child in page.elements() if child.tag in ("body", "frameset")), Element("body"))


def fragment(html: str, max_depth: int = MAX_DEPTH) -> Element:
    """The elements of a piece of a page under one parent."""
    return body(parse(f"<body>{html}", max_depth))


def _converted(page: turbohtml.Document, max_depth: int) -> Element:
    """Level by level, without recursion. The depth within SVG is not counted, as the converter handles a picture as a whole."""
    top = Element("")
    level: list[tuple[turbohtml.Node, Element]] = [(page, top)]
    depth = -1
    while level:
        depth += 1
        below: list[tuple[turbohtml.Node, Element]] = []
        for node, element in level:
            for child in node.children:
                kind = child.__class__
                if kind is turbohtml.Text:
                    element.children.append(child.data)  # type: ignore[attr-defined]
                elif kind is turbohtml.Element:
                    made = _element(child, element)  # type: ignore[arg-type]
                    element.children.append(made)
                    below.append((child, made))
                elif kind is turbohtml.DocumentFragment:  # the content of a <template>
                    below.append((child, element))
        level = below
        if depth > max_depth and (deep := next((each for _, each in below if each.foreign != "svg"), None)):
            raise too_deep(deep.line, max_depth)
    return top


def _element(node: turbohtml.Element, parent: Element) -> Element:
    attributes = {key: value if isinstance(value, str) else " ".join(value or ()) for key, value in node.attrs.items()}
    tag = "div" if node.tag == "template" and "shadowrootmode" in attributes else node.tag  # browsers show this one
    made = Element(tag, attributes, node.source_line or parent.line)
    if parent.foreign or made.tag in ("svg", "math"):
        space = node.namespace
        made.foreign = "" if space is turbohtml.Namespace.HTML else "svg" if space is turbohtml.Namespace.SVG else "math"
    return made


def too_deep(line: int, max_depth: int = MAX_DEPTH) -> TooComplex:
    detail = f"HTML elements are nested more than {max_depth} deep."
    return TooComplex(detail, extra={"limit": max_depth}, places=(Place(detail, line=line),))


def _refuse_copies(html: str) -> None:
    """A `<font>` without an end tag is opened again in each following paragraph: 80 of them make 80 times the page."""
    opened: defaultdict[str, Counter[str]] = defaultdict(Counter)
    count = copies = bodies = 0
    for found in REOPENED.finditer(html):
        tag = found[2].lower()
        if tag not in FORMATTING:
            copies += count
            bodies += tag in ("body", "html")
            if copies > MOST_COPIES or bodies > MOST_BODIES:
                line = html.count("\n", 0, found.start()) + 1
                detail = "HTML elements that are never closed contain too many others. Close them."
                raise TooComplex(detail, extra={"limit": MOST_COPIES}, places=(Place(detail, line=line),))
        elif found[1]:
            if held := opened[tag]:
                last, number = held.popitem()
                count -= number <= ALIKE
                if number > 1:
                    held[last] = number - 1
        else:
            held = opened[tag]
            held[found[3]] += 1
            count += held[found[3]] <= (1 if tag in ("a", "nobr") else ALIKE)
