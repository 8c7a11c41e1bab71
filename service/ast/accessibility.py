"""Finds barriers to accessibility in the structure of a document (WCAG 2.2, level AA).

A program cannot find more: only a person can judge a description.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence

from service.ast.descriptions import described
from service.ast.pandoc_ast import Node, query, text

KINDS = frozenset({"Image", "Header", "Table", "Link"})


def gaps(blocks: Sequence[Node]) -> list[str]:
    """The defects of the blocks, each once and in plain words: "pictures without a description"."""
    found = dict.fromkeys(gap for node in query(blocks, KINDS) for gap in CHECKS[node["t"]](node))
    levels = [node["c"][0] for node in query(blocks, {"Header"})]
    if any(deeper > level + 1 for level, deeper in itertools.pairwise(levels)):
        found["skipped heading levels"] = None
    return list(found)


def _image(image: Node) -> Iterator[str]:
    if not described(image):
        yield "pictures without a description"  # 1.1.1


def _header(header: Node) -> Iterator[str]:
    if not _speaks(header["c"][2]):
        yield "headings without text"  # 2.4.6


def _link(link: Node) -> Iterator[str]:
    if not _speaks(link["c"][1]):
        yield "links without text"  # 2.4.4


def _table(table: Node) -> Iterator[str]:
    """A table names its columns in a head, or its rows in columns of heads."""
    _, _, _, (_, head), bodies, _ = table["c"]
    named = any(_speaks(cell[4]) for _, cells in head for cell in cells)
    if not named and not any(body[1] for body in bodies):
        yield "tables without a head"  # 1.3.1


def _speaks(nodes: Sequence[Node]) -> bool:
    """Whether a screen reader can read something: text, a formula, a picture with a description or a title."""
    return bool(text(nodes).strip()) or any(image["c"][2][1].strip() for image in query(nodes, {"Image"}))


CHECKS: Mapping[str, Callable[[Node], Iterator[str]]] = {
    "Image": _image, "Header": _header, "Link": _link, "Table": _table,
}  # fmt: skip
