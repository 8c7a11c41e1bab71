"""HTML → AST: markup that pandoc knows becomes its nodes, the rest goes and its text stays.

The raw pass hands over HTML in which placeholders stand for finished nodes; `Converter.dropped` says what had no
counterpart. Nothing here fetches, runs or trusts anything: an HTML5 parser, and allow-lists of elements and attributes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from service.ast.html import names
from service.ast.html.blocks import BLOCKS
from service.ast.html.inlines import INLINES
from service.ast.html.shape import (
    BREAK,
    attributes_of,
    flattened,
    has_block,
    is_block,
    spaced,
    trimmed,
    without_double_spaces,
    wrapped,
)
from service.ast.html.tree import Element, fragment
from service.ast.pandoc_ast import Node, attr, div, header, link, para, span, words


@dataclass
class Converter:
    """Converts fragments; `nodes` are the lists of finished nodes that placeholders stand for."""

    placeholder: str = "x-node"
    nodes: list[Sequence[Node]] = field(default_factory=list)
    dropped: list[tuple[str, str]] = field(default_factory=list)

    def stand_in(self, nodes: Sequence[Node]) -> str:
        """The HTML that stands for `nodes`."""
        self.nodes.append(nodes)
        return f'<{self.placeholder} n="{len(self.nodes) - 1}"></{self.placeholder}>'

    def blocks(self, html: str) -> list[Node]:
        return self.blocks_in(fragment(html))

    def inlines(self, html: str) -> list[Node]:
        return without_double_spaces(self.inlines_in(fragment(html)))

    # Blocks

    def blocks_in(self, element: Element) -> list[Node]:
        """The content of `element` as blocks; runs of text and inlines become paragraphs."""
        return self.blocks_of(element.children)

    def blocks_of(self, parts: Iterable[str | Element]) -> list[Node]:
        out: list[Node] = []
        run: list[Node] = []

        def flush() -> None:
            if inlines := trimmed(run):
                out.append(para(inlines))
            run.clear()

        for part in parts:
            if isinstance(part, str):
                run += spaced(part)
            elif part.tag == self.placeholder:
                found = self.placed(part)
                if found and is_block(found[0]):
                    flush()
                    out += found
                else:
                    run += found
            elif part.tag in names.BLOCKS or has_block(part):
                flush()
                out += self.block(part)
            else:
                run += self.inline(part)
        flush()
        return out

    def block(self, element: Element) -> list[Node]:
        tag = element.tag
        if tag in names.HEADINGS:
            return [header(names.HEADINGS[tag], trimmed(self.inlines_in(element)), attributes_of(element))]
        if make := BLOCKS.get(tag):
            return make(self, element)
        if tag in names.MARKUP:  # inline markup around blocks: it goes inside each of their texts
            return [wrapped(block, names.MARKUP[tag]) for block in self.blocks_in(element)]
        inside = self.blocks_in(element)
        attributes = attributes_of(element)
        if tag == "center" or element.get("align").lower() == "center":
            attributes[1] = [*attributes[1], "center"]
        return [div(inside, attributes)] if inside and attributes != attr() else inside

    def placed(self, element: Element) -> list[Node]:
        return list(self.nodes[int(element.get("n"))])

    # Inlines

    def inlines_in(self, element: Element) -> list[Node]:
        """The content of `element` as inlines; blocks among them are set apart by line breaks."""
        out: list[Node] = []
        for part in element.children:
            if isinstance(part, str):
                out += spaced(part)
            elif part.tag == self.placeholder:
                out += [inline for node in self.placed(part) for inline in flattened(node)]
            elif part.tag in names.BLOCKS:
                out += [BREAK, *[inline for block in self.block(part) for inline in flattened(block)], BREAK]
            else:
                out += self.inline(part)
        return out

    def inline(self, element: Element) -> list[Node]:
        tag = element.tag
        if tag in names.INVISIBLE or tag in names.EMBEDDED:
            return self.without_counterpart(element)
        if make := INLINES.get(tag):
            return make(self, element)
        inside = self.inlines_in(element)
        if tag in names.MARKUP:
            return [{"t": names.MARKUP[tag], "c": inside}] if inside else []
        attributes = attributes_of(element)
        if tag in names.SPANS:
            attributes[1] = [names.SPANS[tag], *attributes[1]]
        return [span(inside, attributes)] if attributes != attr() and (inside or attributes[0]) else inside

    def without_counterpart(self, element: Element) -> list[Node]:
        """Scripts go, text and all, and the notice has it; a player or a frame leaves a link to what it shows."""
        tag = element.tag
        if tag in names.INVISIBLE:
            self.dropped.append((tag, element.text().strip()))
            return []
        shown = (
            element.get("src") or element.get("data") or next((part.get("src") for part in element.iter("source", "embed")), "")
        )
        if not shown:
            return self.inlines_in(element)
        self.dropped.append((tag, shown))
        label = element.get("title") or element.get("aria-label") or shown
        return [link(words(" ".join(label.split())), shown)]


Make = Callable[[Converter, Element], list[Node]]
