"""Decides which tags among the inlines of a sentence are markup, and which are text.

A tag that HTML does not know (`<target volume>`, `<iostream>`) or that is alone and bare in a sentence
(`the <section> element`) stays as text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from service.ast.html import elements
from service.ast.html.tree import TAG
from service.ast.pandoc_ast import Node

HTML = frozenset({"html", "html4", "html5"})
WHOLE = "html element"  # the format of a raw inline that is an element with all its content
# Elements whose content is not Markdown: text for HTML's parser, or elements of another language.
OPAQUE = (elements.RAW_TEXT | elements.FOREIGN) - {"script", "style"}
MEANT_AS_WORDS = elements.EMBEDDED | {"input", "img", "col"}  # without an attribute they show nothing


ENDLESS = re.compile(r"(</?)plaintext\b", re.IGNORECASE)


def ended(markup: str) -> str:
    """The markup with `<xmp>` in place of `<plaintext>`, which would take the rest of the document for its text."""
    return ENDLESS.sub(r"\1xmp", markup)


@dataclass
class Tag:
    """A raw inline that is one tag, or a whole element. With `keep` it is for the converter, with `literal` it stays
    text.
    """

    source: str
    name: str
    closes: bool
    bare: bool
    whole: bool = False
    keep: bool = True
    literal: bool = False

    @property
    def alone(self) -> bool:
        """Whether it needs no end tag."""
        return self.whole or self.name in elements.VOID or self.source.endswith("/>")

    def markup(self) -> str:
        """`<a id="x"/>` has no content, although HTML reads it as a start tag."""
        closed = self.source.endswith("/>") and not self.whole and self.name not in elements.VOID
        return ended(f"{self.source[:-2]}></{self.name}>" if closed else self.source)


def is_known(name: str, closed: frozenset[str]) -> bool:
    """Whether it is the name of an element: of HTML, or a custom one (`my-card`) with an end tag somewhere."""
    return name in elements.KNOWN or ("-" in name and name in closed)


def tags_of(nodes: Sequence[Node], closed: frozenset[str]) -> dict[int, Tag]:
    """The tags among `nodes` by their place, each with its verdict. `closed` are the elements with an end tag in the
    document: a start tag of one is markup and not its name.
    """
    tags = {place: tag for place, node in enumerate(nodes) if (tag := _tag(node, closed))}
    first, last = tags.get(0), tags.get(len(nodes) - 1)
    if first and last and first is not last and first.name == last.name in elements.HIDDEN - {"canvas"} and last.closes:
        first.literal, last.literal, first.keep, last.keep = False, False, True, True  # the element is all of the paragraph
    else:
        _match_hidden(list(tags.values()))
    _pair(list(tags.values()), closed)
    return tags


def _match_hidden(tags: Sequence[Tag]) -> None:
    """If such an element has attributes, its tags are not text; its content is.

    `between <script> and </script>` is a sentence; `<canvas id="a">…</canvas>` is an element.
    """
    opened: list[Tag] = []
    for tag in tags:
        if tag.name not in elements.HIDDEN or tag.alone:
            continue
        if not tag.closes:
            opened.append(tag)
        elif opened and opened[-1].name == tag.name:
            first = opened.pop()
            if not first.bare or first.name == "canvas":
                first.literal = first.keep = tag.literal = tag.keep = False


def _tag(node: Node, closed: frozenset[str]) -> Tag | None:
    """The tag that a raw inline is; None for all other inlines, comments and instructions."""
    if node["t"] != "RawInline" or node["c"][0] not in HTML | {WHOLE}:
        return None
    kind, source = node["c"][0], node["c"][1].strip()
    found = TAG.match(source) if kind == WHOLE else TAG.fullmatch(source)
    if not found:
        return None
    rest = source[found.end(2) : -1].strip(" /\t\n")
    tag = Tag(source, found[2].lower(), bool(found[1]), not rest, whole=kind == WHOLE)
    tag.literal = not is_known(tag.name, closed) or (tag.name in elements.HIDDEN and (tag.bare or tag.closes))
    if tag.name in elements.VOID and tag.bare and tag.name in MEANT_AS_WORDS:
        tag.literal = True
    tag.keep = not tag.literal
    return tag


def _pair(tags: Sequence[Tag], closed: frozenset[str]) -> None:
    """Tags without a partner are not markup: bare start tags are text, the others are dropped."""
    opened: list[Tag] = []
    names: Counter[str] = Counter()
    for tag in tags:
        if not tag.keep or tag.alone:
            continue
        if not tag.closes:
            opened.append(tag)
            names[tag.name] += 1
            continue
        if not names[tag.name]:
            tag.keep = False
            continue
        while opened[-1].name != tag.name:
            names[opened[-1].name] -= 1
            _give_up(opened.pop(), closed)
        opened.pop()
        names[tag.name] -= 1
    for unmatched in opened:
        _give_up(unmatched, closed)


def _give_up(tag: Tag, closed: frozenset[str]) -> None:
    tag.keep = tag.name in elements.OPTIONAL_END
    tag.literal = tag.bare and not tag.keep and tag.name not in closed
