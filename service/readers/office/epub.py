"""EPUB as pandoc reads it without loss, and its package document under the names of a front matter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from service import pandoc_ast
from service.inspect import epub
from service.packages import title_block
from service.pandoc_ast import Node
from service.readers.office.base import Prepared, front_matter


def prepare(parts: Mapping[str, bytes], data: bytes) -> Prepared:
    return Prepared(parts, front_matter(epub.inspect(data), "epub"), finish=_finish)


def _finish(blocks: Sequence[Node]) -> list[Node]:
    return pandoc_ast.walk(blocks, _without_own, {"Div"})


def _without_own(node: Node) -> Node | list[Node] | None:
    """Without what an EPUB has about itself: its landmarks, and the title block, which is written again from the metadata."""
    (identifier, classes, _), inside = node["c"]
    if identifier == "landmarks" or "title-block" in classes:
        return None
    if identifier.endswith(title_block.TITLE_ID):
        return [each for each in inside if each["t"] != "Header" or "title" not in each["c"][1][1]]
    return node
