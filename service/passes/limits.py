"""The last look before a writer: nothing too deep or too large, and no image but those of the media bag.

pandoc's writers have no sandbox of their own: they fetch any URL and read any path left as an image's target. The
passes before this one leave none; this one makes sure of it.
"""

from __future__ import annotations

from dataclasses import replace

from service.ast.pandoc_ast import MAX_DEPTH, Node, query, walk_blocks
from service.model.blocks import survey
from service.model.document import Conversion, Document
from service.model.errors import TooComplex
from service.model.media_bag import media_of
from service.model.notices import notice

MAX_BLOCKS = 100_000  # the largest of 400 real articles has 3,000
MAX_NODES = 2_000_000
MAX_HEADINGS = 5_000  # 20,000 in an EPUB took more than 20 s
BLOCKS = frozenset({"Plain", "Para", "Header", "CodeBlock", "Div", "BlockQuote", "HorizontalRule", "Table", "LineBlock"})


def run(document: Document, _conversion: Conversion) -> Document:
    """Raises TooComplex; an image target that is no media-bag name is replaced by its text, with a notice."""
    found = survey(document.blocks)
    depth = found.depth
    if depth > MAX_DEPTH:
        raise TooComplex(f"The document has {depth} levels of nesting. The limit is {MAX_DEPTH}.", extra={"limit": MAX_DEPTH})
    bound = set(media_of(document))
    removed: list[str] = []
    _refuse(sum(map(found.count, BLOCKS)), MAX_BLOCKS, "blocks")
    _refuse(found.count("Header"), MAX_HEADINGS, "headings")
    _refuse(sum(found.tags.values()), MAX_NODES, "words and marks")
    images = (node["c"][2][0] for node in query(document.blocks, {"Image"})) if found.count("Image") else ()
    if not (found.count("RawInline") or found.count("RawBlock") or any(name not in bound for name in images)):
        return document

    def visit(node: Node) -> Node | list[Node] | None:
        if node["t"].startswith("Raw"):
            removed.append(f"raw {node['c'][0]}")
            return None
        if node["t"] == "Image" and node["c"][2][0] not in bound:
            removed.append(node["c"][2][0][:200])
            alt: list[Node] = node["c"][1]
            return alt
        return node

    blocks = walk_blocks(document.blocks, visit)
    message = f"{len(removed)} references were removed, for nothing was uploaded or fetched under them."
    told = notice("image-blocked", message, stage="limits", data={"removed": removed[:100]})
    return replace(document, blocks=blocks, notices=(*document.notices, told))


def _refuse(count: int, most: int, what: str) -> None:
    if count > most:
        raise TooComplex(f"The document has more than {most:,} {what}.", extra={"limit": most})
