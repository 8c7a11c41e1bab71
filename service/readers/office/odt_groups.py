"""Wide elements of an OpenDocument text in groups: pandoc's time is quadratic in the children of an element.

Measured: 6,000 spans of one paragraph take 1.7 s of CPU and 0.1 s in groups; 12,000 paragraphs 1.6 s and 0.15 s.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lxml import etree

from service.ast.pandoc_ast import Node
from service.model.errors import TooComplex
from service.readers.office.odt_names import HEADING, LINES, LINK, LIST, PARAGRAPH, SECTION, t, tb

SPAN = t("span")
WIDE = 500  # children of an element that does not change
GROUP = 100  # children of a group
MOST = 300_000_000  # of the squares in all: some ten seconds
INLINES = frozenset(t(name) for name in ("span", "s", "tab", "line-break", "a"))
BLOCKS = frozenset({PARAGRAPH, HEADING, LIST, tb("table")})
NOTHING = ["", [], []]


def grouped(body: etree._Element) -> bool:
    """Changes the tree in place. Returns whether blocks are in sections that `opened` removes.

    Raises TooComplex for elements that are still too wide.
    """
    for line in [*body.iter(*LINES, SPAN, LINK)]:
        _group(line, SPAN, INLINES)
    has_groups = _group(body, SECTION, BLOCKS)
    if sum(len(each) ** 2 for each in body.iter(etree.Element) if len(each) > WIDE) > MOST:
        raise TooComplex("The document has too many paragraphs, rows, items or spans in one element. Divide it.")
    return has_groups


def opened(blocks: Sequence[Node]) -> list[Node]:
    """The blocks without the sections that `grouped` made."""
    return [inner for block in blocks for inner in (block["c"][1] if _is_group(block) else [block])]


def _is_group(block: Node) -> bool:
    return bool(block["t"] == "Div" and block["c"][0] == NOTHING)


def _group(parent: etree._Element, tag: str, kinds: frozenset[str]) -> bool:
    if len(parent) <= WIDE:
        return False
    for run in list(_runs(parent, kinds)):
        holder = etree.Element(tag)
        run[0].addprevious(holder)
        holder.extend(run)
    return True


def _runs(parent: etree._Element, kinds: frozenset[str]) -> Iterator[list[etree._Element]]:
    """Children of these kinds that follow each other, at most `GROUP` of them."""
    run: list[etree._Element] = []
    for child in parent:
        if run and (child.tag not in kinds or len(run) == GROUP):
            yield run
            run = []
        if child.tag in kinds:
            run.append(child)
    if run:
        yield run
