"""HTML → AST: markup that pandoc knows becomes its nodes. Other markup is removed, and its text stays.

`tree` parses, `elements` is the table of elements, `blocks`, `inlines`, `tables`, `pictures` and `mathml` make the nodes.
The raw pass sends HTML in which placeholders represent finished nodes. `Converter.dropped` lists the markup without a
counterpart. Nothing is fetched or run: there is an HTML5 parser, and allow-lists of elements and attributes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from service.ast.html import (
    blocks,
    callouts,
    captioned,
    code_languages,
    emphasis,
    forwarded,
    hidden,
    inlines,
    inner_pages,
    page_breaks,
    pictures,
    tasks,
    tree,
    written_formulas,
    written_lists,
)
from service.ast.html.attributes import attributes_of
from service.ast.html.elements import ELEMENTS, Kind, Row
from service.ast.html.shape import BREAK, flattened, is_block, needs_gap, spaced, trimmed, without_double_spaces, wrapped
from service.ast.html.tree import Element
from service.ast.pandoc_ast import ATTRIBUTES_AT, Node, attr, div, para, span, text

# An element of no standard contains its text and shows nothing else.
UNKNOWN = Row(Kind.AROUND, inlines.spanned)
# A custom element whose script shows the content of its address.
CUSTOM = Row(Kind.INLINE, inlines.player)
COMPONENT = Row(Kind.BLOCK, blocks.component)  # of AMP


def row_of(element: Element) -> Row:
    """The row of the table of elements, or the default of an element of no standard."""
    if (row := ELEMENTS.get(element.tag)) is not None:
        return row
    if element.tag.startswith("amp-"):
        return COMPONENT
    return CUSTOM if "-" in element.tag and element.get("src") and not element.children else UNKNOWN


# They bring spellings of programs into that of HTML, before hidden elements are removed.
SETTLED_BEFORE: tuple[Callable[[Element], None], ...] = (
    inner_pages.settle, written_formulas.settle, code_languages.settle, tasks.settle, captioned.settle, written_lists.settle,
    page_breaks.settle, forwarded.settle, hidden.drop_tools,
)  # fmt: skip


class Dropped(NamedTuple):
    """Markup without a counterpart: the element, its lost content, and its first line in the HTML.

    `hidden`: a page does not show it.
    """

    tag: str
    content: str
    line: int
    hidden: bool = False


@dataclass
class Converter:
    """Converts fragments. `nodes` are the lists of finished nodes that placeholders represent."""

    placeholder: str = "x-node"
    nodes: list[Sequence[Node]] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    holding: dict[Element, bool] = field(default_factory=dict)

    def stand_in(self, nodes: Sequence[Node]) -> str:
        """The HTML that represents `nodes`."""
        self.nodes.append(nodes)
        return f'<{self.placeholder} n="{len(self.nodes) - 1}"></{self.placeholder}>'

    def stand_in_element(self, nodes: Sequence[Node]) -> Element:
        """The element of a tree that represents `nodes`."""
        self.nodes.append(nodes)
        return Element(self.placeholder, {"n": str(len(self.nodes) - 1)})

    def drop(self, element: Element, content: str = "") -> None:
        self.dropped.append(Dropped(element.tag, content, element.line))

    def blocks(self, html: str) -> list[Node]:
        return self.shown(tree.fragment(html), is_page=False)

    def shown(self, element: Element, *, is_page: bool = True) -> list[Node]:
        """The content of a page's element as blocks, without repeated pictures and hidden elements."""
        self._settle(element, is_page=is_page)
        return self.blocks_in(element)

    def _settle(self, element: Element, *, is_page: bool) -> None:
        for settle in SETTLED_BEFORE:
            settle(element)
        if unseen := hidden.found(element, is_page=is_page):
            self.dropped += [Dropped(each.tag, self._said(each), each.line, hidden=True) for each in unseen]
            element.drop(set(unseen))
        pictures.settle(element)

    def _said(self, element: Element) -> str:
        """The text of an element, with the descriptions or addresses of its pictures."""
        pictures_in = [each.get("alt") or each.get("src")[:200] for each in element.iter("img")]
        return " ".join([self.text_of(element), *pictures_in]).strip()

    def inlines(self, html: str) -> list[Node]:
        body = tree.fragment(html)
        self._settle(body, is_page=False)
        return without_double_spaces(self.inlines_in(body))

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

        before: str | Element | None = None
        for part in parts:
            if run and needs_gap(before, part):
                run.append({"t": "Space"})
            before = part
            if isinstance(part, str):
                run += spaced(part)
            elif self.is_block(part):
                flush()
                out += self.block(part)
            elif part.tag == self.placeholder:
                run += self.placed(part)
            else:
                run += self.inline(part)
        flush()
        return out

    def is_block(self, element: Element) -> bool:
        """Whether it is a block, or contains one."""
        if element.tag == self.placeholder:
            nodes = self.placed(element)
            return bool(nodes) and is_block(nodes[0])
        kind = row_of(element).kind
        return kind is Kind.BLOCK or (kind is Kind.AROUND and self.holds_block(element))

    def holds_block(self, element: Element) -> bool:
        if element not in self.holding:
            self.holding[element] = any(self.is_block(child) for child in element.elements())
        return self.holding[element]

    def block(self, element: Element) -> list[Node]:
        """A block element, or markup around blocks: it goes around each of their texts."""
        if element.tag == self.placeholder:
            return self.placed(element)
        row = row_of(element)
        if row.kind is Kind.BLOCK:
            made = callouts.callout(self, element) or row.make(self, element)
            return made or ([div([], attr(place))] if element.get("id") and (place := attributes_of(element)[0]) else [])
        return wrapped(self.blocks_in(element), lambda inlines: self._around(row, element, inlines))

    def placed(self, element: Element) -> list[Node]:
        """The nodes of a placeholder; empty if its number is damaged."""
        number = element.get("n")
        return list(self.nodes[int(number)]) if number.isdecimal() and int(number) < len(self.nodes) else []

    def text_of(self, element: Element) -> str:
        """All text in the element, with that of finished nodes."""
        parts: list[str] = []
        for each in element.iter():
            parts += [f" {text(self.placed(each))} "] if each.tag == self.placeholder else []
            parts += [part for part in each.children if isinstance(part, str)]
        return "".join(parts).strip()

    # Inlines

    def inlines_in(self, element: Element) -> list[Node]:
        """The content of `element` as inlines; blocks among them are separated by line breaks."""
        return self.inlines_of(element.children)

    def inlines_of(self, parts: Iterable[str | Element]) -> list[Node]:
        out: list[Node] = []
        before: str | Element | None = None
        for part in parts:
            if out and needs_gap(before, part):
                out.append({"t": "Space"})
            before = part
            if isinstance(part, str):
                out += spaced(part)
            elif part.tag == self.placeholder:
                out += [inline for node in self.placed(part) for inline in flattened(node)]
            elif row_of(part).kind is Kind.BLOCK:
                out += [BREAK, *[inline for block in self.block(part) for inline in flattened(block)], BREAK]
            else:
                out += self.inline(part)
        return out

    def inline(self, element: Element) -> list[Node]:
        row = row_of(element)
        if row.kind is Kind.AROUND:
            return self._around(row, element, self.inlines_in(element))
        if row.kind is Kind.HIDDEN:
            self.drop(element, self.text_of(element))
            return []
        return _placed(row.make(self, element), attributes_of(element)[0] if element.get("id") else "")

    @staticmethod
    def _around(row: Row, element: Element, inlines: list[Node]) -> list[Node]:
        """The markup around `inlines`, and the emphasis that the element's style adds or removes."""
        if not element.get("style"):
            return row.make(element, inlines)
        made = UNKNOWN.make(element, inlines) if emphasis.is_undone(element) else row.make(element, inlines)
        return emphasis.around(made, emphasis.of(element))


def _placed(inlines: list[Node], identifier: str) -> list[Node]:
    """`inlines` with an anchor, unless one of them has the identifier."""
    if not identifier or any(node["t"] in ATTRIBUTES_AT and node["c"][0][0] == identifier for node in inlines):
        return inlines
    return [span([], attr(identifier)), *inlines]
