"""Shows the title once: headings that repeat it are removed.

Of 100 real articles, 99 repeat the title as their first heading, 23 of them twice, after a cover image. The title block
of each format shows the title of the metadata.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace

from schemas.metadata import field_of
from service.ast.pandoc_ast import attr, div, query, text, walk_blocks
from service.model.blocks import Blocks
from service.model.document import Block, Conversion, Document
from service.model.notices import notice

# After this number of blocks a heading with the title's words is the author's own, unless it has level 1.
NEAR_THE_TOP = 12
IGNORED = re.compile(r"[\W_]+")


def run(document: Document, conversion: Conversion) -> Document:  # noqa: ARG001
    wanted = {key(title) for title in (document.metadata.title, *_own(document)) if title}
    if not wanted:
        return document
    removed = [block for position, block in _placed(document.blocks, 0) if _repeats(block, position, wanted)]
    if not removed:
        return document
    linked = {node["c"][2][0] for node in query(document.blocks, {"Link"})} & {f"#{block['c'][1][0]}" for block in removed}
    found = {id(block) for block in removed}
    kept = walk_blocks(document.blocks, lambda block: None if id(block) in found else block, {"Header"})
    places = [div([], attr(place.removeprefix("#"))) for place in sorted(linked)]
    words = [text(block).strip() for block in removed]
    reported = notice("title-heading-removed", stage="title", data={"removed": words})
    return replace(document, blocks=Blocks([*places, *kept], like=kept), notices=(*document.notices, reported))


def _placed(blocks: Sequence[Block], position: int) -> Iterator[tuple[int, Block]]:
    """The headings outside of lists, tables and quotations, and the number of blocks above them. Pages have them in divisions."""
    for block in blocks:
        if block["t"] == "Div":
            yield from _placed(block["c"][1], position)
            position += _leaves(block)
        else:
            if block["t"] == "Header":
                yield position, block
            position += 1


def _leaves(block: Block) -> int:
    return sum(map(_leaves, block["c"][1])) if block["t"] == "Div" else 1


def _own(document: Document) -> list[str]:
    """The title in the article, which the request may have changed."""
    front = document.metadata.front_matter
    return [str(value) for name, value in front.items() if field_of(name) == "title" and isinstance(value, str)]


def _repeats(block: Block, position: int, wanted: set[str]) -> bool:
    if block["t"] != "Header" or (position >= NEAR_THE_TOP and block["c"][0] > 1):
        return False
    return key(text(block["c"][2])) in wanted and not _has_image(block)


def _has_image(block: Block) -> bool:
    return '"Image"' in str(block).replace("'", '"')


def key(title: str) -> str:
    """The key of a title for comparison: letters and digits, folded in case and width; without any, the whole title."""
    folded = unicodedata.normalize("NFKC", html.unescape(title)).casefold()
    return IGNORED.sub("", folded) or folded.strip()
