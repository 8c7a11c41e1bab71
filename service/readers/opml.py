"""OPML: an outline as headings and lists. An outline with outlines below it is a heading on the first levels, then a list.

The front opens the feeds that an outline names; if that is not allowed, the feeds are links.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from service.ast.pandoc_ast import Node, header, link, para, plain, words
from service.engines import Engines
from service.input.feeds import outlines
from service.model.document import Conversion, Document, Source
from service.model.errors import EmptyDocument
from service.model.notices import notice
from service.readers.base import Reader
from service.readers.shared import text as texts
from service.readers.shared.letters import Passage

HEADINGS = 2  # levels of outlines that become headings


def read(source: Source, conversion: Conversion, engines: Engines) -> Document:
    """Raises EmptyDocument for an outline without text, and as `outlines.parse`."""
    text = texts.opened(source, conversion, engines)
    found = outlines.parse(source.data)
    if not any(each.text or each.kids for each in found.nodes):
        raise EmptyDocument()
    native: dict[str, Any] = {"title": found.title, "author": found.owner, "date": found.created, "modified": found.modified}
    addresses = outlines.feeds_of(source.data)
    notices = (
        [notice("feeds-not-fetched", stage="read", data={"count": len(addresses), "feeds": addresses[:100]})] if addresses else []
    )
    blocks = list(_blocks(found.nodes, 1))
    return texts.document(source, text, {name: value for name, value in native.items() if value}, blocks, notices)


def _blocks(nodes: Sequence[outlines.Node], level: int) -> Iterator[Node]:
    """Outlines with others below them become headings, those between them lists."""
    items: list[list[Node]] = []
    is_below = False  # a heading: a later outline without outlines below would belong to it
    for each in nodes:
        if level <= HEADINGS and (each.kids or is_below):
            yield from _list(items)
            items, is_below = [], True
            yield header(level + 1, _inlines(each))
            yield from _notes(each)
            yield from _blocks(each.kids, level + 1)
        else:
            items.append(_item(each))
    yield from _list(items)


def _list(items: list[list[Node]]) -> Iterator[Node]:
    if items:
        yield {"t": "BulletList", "c": items}


def _item(node: outlines.Node) -> list[Node]:
    below = [_item(each) for each in node.kids]
    return [plain(_inlines(node)), *_notes(node), *_list(below)]


def _inlines(node: outlines.Node) -> list[Node]:
    label = words(node.text or node.address or node.feed)
    address = node.address or node.feed
    shown = [link(label, address)] if address else label
    if node.feed and node.address:
        shown = [*shown, {"t": "Space"}, *words("("), link(words("feed"), node.feed), *words(")")]
    return shown


def _notes(node: outlines.Node) -> Iterator[Node]:
    for each in node.note.split("\n\n"):
        if each.strip():
            yield para(words(" ".join(each.split())))


def _passages(document: Document, conversion: Conversion) -> Iterator[Passage]:  # noqa: ARG001 (the shape of a reader)
    todo = list(outlines.parse(document.source.data).nodes)
    while todo:
        node = todo.pop()
        yield from (Passage(each, 1) for each in (node.text, node.note) if each.strip())
        todo += node.kids


READER = Reader("opml", read, matches=outlines.is_outline, passages=_passages)
