"""The last check before a writer: nothing too deep or too large, and only images of the media bag.

Each limit ends inside its deadline with half of it to spare: `python -m bench.limits` measures documents just inside.
Printing takes longest, so PDF has its own limits. A document that is refused there can become an EPUB, a DOCX or HTML.

pandoc's writers have no sandbox: they fetch every URL and read every path that is the target of an image. The
passes before leave no such target, and this pass checks that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from service.ast.pandoc_ast import MAX_DEPTH, MAX_MARKED, Node, query, walk_blocks
from service.model.blocks import Blocks, Survey, deepest, survey
from service.model.document import Block, Conversion, Document
from service.model.errors import TooComplex
from service.model.media_bag import media_of
from service.model.notices import notice

MAX_BLOCKS = 100_000  # the largest of 400 real articles has 3,000
MAX_NODES = 1_500_000  # 2,000,000 filled pandoc's heap, and an EPUB took more than 60 s of CPU
MAX_HEADINGS = 5_000  # 20,000 in an EPUB took more than 20 s
MAX_INLINES = 300_000  # words and marks of one paragraph: 2,000,000 took a DOCX 50 s; the time is quadratic
LONG_WORD = 1_000  # letters
MAX_CODE_BLOCKS, MAX_PRINTED_CODE_BLOCKS = 10_000, 5_000  # 25,000 took an EPUB 49 s, and a PDF more than 60 s
MAX_CODE, MAX_PRINTED_CODE = (
    1_000_000,
    500_000,
)  # letters: 500,000 took an EPUB 5 s of CPU and a PDF 25 s; the time is more than linear
MAX_PRINTED_MARKED = 80_000  # links and formatted passages of a PDF: 100,000 took 34 s of CPU
MAX_PRINTED = 800_000  # words and marks of a PDF: a thousand pages
MAX_PRINTED_BLOCKS = 60_000  # of a PDF: 100,000 short paragraphs took 43 s of CPU on a busy machine
MAX_PRINTED_CELLS = 42_000  # of tables in a PDF, 0.7 milliseconds each; a CSV of 40,000 has more, with repeated heads
MAX_WORD_LISTS = 8_000  # of a DOCX: 19,000 lists took more than 60 s of CPU; the time is quadratic
MAX_PRINTED_NOTES = 5_000  # of a PDF: 20,000 took all of a worker's memory
MAX_PRINTED_LONG = 300_000  # letters in long words in a PDF: 35 microseconds each
WORD = ", more than a DOCX can have. Divide it, or convert it to EPUB, PDF or HTML."
PRINTED = ", more than a PDF can have. Divide it, or convert it to EPUB, DOCX or HTML."
MARKED = (
    "Link", "Strong", "Emph", "Underline", "Strikeout", "Superscript", "Subscript", "SmallCaps", "Code", "Quoted", "Cite",
    "Image",
)  # fmt: skip
PARAGRAPHS = frozenset({"Plain", "Para", "Header", "LineBlock"})
BLOCKS = frozenset({"Plain", "Para", "Header", "CodeBlock", "Div", "BlockQuote", "HorizontalRule", "Table", "LineBlock"})


def run(document: Document, conversion: Conversion) -> Document:
    """Raises TooComplex. An image whose target is not in the media bag is replaced by its text, with a notice."""
    found = survey(document.blocks)
    depth = found.depth
    if depth > MAX_DEPTH:
        extra = {"limit": MAX_DEPTH, "passage": deepest(document.blocks)}
        raise TooComplex(f"The document has {depth} levels of nesting. The limit is {MAX_DEPTH}.", extra=extra)
    bound = set(media_of(document))
    removed: list[str] = []
    _refuse(sum(map(found.count, BLOCKS)), MAX_BLOCKS, "blocks")
    _refuse(found.count("Header"), MAX_HEADINGS, "headings")
    _refuse(sum(found.tags.values()), MAX_NODES, "words and marks")
    _refuse(found.count("CodeBlock"), MAX_CODE_BLOCKS, "blocks of code")
    _refuse(_code(document.blocks, found), MAX_CODE, "letters of code")
    _refuse(sum(map(found.count, MARKED)), MAX_MARKED, "links and formatted passages")
    _refuse(_longest(document.blocks), MAX_INLINES, "words and marks in one paragraph")
    if conversion.to == ("docx",):
        _refuse(found.count("BulletList") + found.count("OrderedList"), MAX_WORD_LISTS, "lists", WORD)
    if conversion.to == ("pdf",):
        _refuse_printing(document.blocks, found)
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
    reported = notice("image-blocked", message, stage="limits", data={"removed": removed[:100]})
    return replace(document, blocks=blocks, notices=(*document.notices, reported))


def _longest(blocks: Sequence[Block]) -> int:
    """The number of inlines of the longest paragraph. Only blocks with enough inlines are searched."""
    large = [block for block, each in zip(blocks, Blocks(blocks).surveys, strict=True) if sum(each.tags.values()) > MAX_INLINES]
    return max((sum(survey(node["c"]).tags.values()) for node in query(large, PARAGRAPHS)), default=0)


def _refuse_printing(blocks: Sequence[Block], found: Survey) -> None:
    """Checks the limits of layout by WeasyPrint within its deadline."""
    _refuse(sum(found.tags.values()), MAX_PRINTED, "words and marks", PRINTED)
    _refuse(sum(map(found.count, BLOCKS)), MAX_PRINTED_BLOCKS, "blocks", PRINTED)
    _refuse(found.count("CodeBlock"), MAX_PRINTED_CODE_BLOCKS, "blocks of code", PRINTED)
    _refuse(_code(blocks, found), MAX_PRINTED_CODE, "letters of code", PRINTED)
    _refuse(sum(map(found.count, MARKED)), MAX_PRINTED_MARKED, "links and formatted passages", PRINTED)
    _refuse(found.count("Note"), MAX_PRINTED_NOTES, "notes", PRINTED)
    if found.count("Table"):
        _refuse(sum(map(_cells, query(blocks, {"Table"}))), MAX_PRINTED_CELLS, "cells in tables", PRINTED)
    if len(found.words) > MAX_PRINTED_LONG:
        lengths = (len(node["c"]) for node in query(blocks, {"Str"}))
        _refuse(sum(each for each in lengths if each > LONG_WORD), MAX_PRINTED_LONG, "letters in words without a break", PRINTED)


def _code(blocks: Sequence[Block], found: Survey) -> int:
    kinds = {kind for kind in ("Code", "CodeBlock") if found.count(kind)}
    return sum(len(node["c"][1]) for node in query(blocks, kinds)) if kinds else 0


def _cells(node: Node) -> int:
    _, _, _, head, bodies, foot = node["c"]
    sections = [head[1], foot[1], *(rows for body in bodies for rows in body[2:4])]
    return sum(len(row[1]) for rows in sections for row in rows)


def _refuse(count: int, most: int, what: str, why: str = ".") -> None:
    if count > most:
        raise TooComplex(f"The document has more than {most:,} {what}{why}", extra={"limit": most})
