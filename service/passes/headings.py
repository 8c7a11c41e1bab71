"""Heading levels without jumps: only the title has level 1, so the body begins at level 2 and never skips a level.

A screen reader, the outline of a PDF and the contents of an EPUB all need that (PDF/UA-1, 7.4.2). They need words too: a
heading without text is not a heading, and a picture in it becomes a paragraph.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from service.ast.pandoc_ast import para, query, span, text, walk, walk_blocks
from service.model.document import Block, Conversion, Document
from service.model.notices import notice

DEEPEST = 6


def run(document: Document, conversion: Conversion) -> Document:  # noqa: ARG001
    return _levelled(_none_in_notes(_with_words(document)))


def _none_in_notes(document: Document) -> Document:
    """A heading in a note becomes a bold line, because notes are outside the order of the headings."""
    if not any(True for note in query(document.blocks, {"Note"}) for _ in query(note["c"], {"Header"})):
        return document
    changed: list[str] = []

    def bold(block: Block) -> Block:
        level, attributes, inlines = block["c"]
        changed.append(f"{level} → bold text of a note: {text(inlines).strip()}")
        line = [{"t": "Strong", "c": inlines}]
        return para([span(line, attributes)] if attributes[0] else line)

    def without(note: Block) -> Block:
        return {"t": "Note", "c": walk(note["c"], bold, {"Header"})}

    blocks = walk_blocks(document.blocks, without, {"Note"})
    reported = notice("heading-level-changed", stage="headings", data={"changed": changed})
    return replace(document, blocks=blocks, notices=(*document.notices, reported))


def _with_words(document: Document) -> Document:
    if all(text(block["c"][2]).strip() for block in query(document.blocks, {"Header"})):
        return document
    removed = 0

    def kept(block: Block) -> Block | list[Block]:
        nonlocal removed
        inlines = block["c"][2]
        if text(inlines).strip():
            return block
        if any(query(inlines, {"Image"})):
            return para(inlines)
        removed += 1
        return []

    blocks = walk_blocks(document.blocks, kept, {"Header"})
    reported = (notice("empty-heading-removed", stage="headings", data={"count": removed}),) if removed else ()
    return replace(document, blocks=blocks, notices=(*document.notices, *reported))


def _levelled(document: Document) -> Document:
    levels = [block["c"][0] for block in query(document.blocks, {"Header"})]
    wanted = normal_levels(levels)
    if levels == wanted:
        return document
    remaining = iter(wanted)
    changed: list[str] = []

    def relevel(block: Block) -> Block:
        level = next(remaining)
        if level == block["c"][0]:
            return block
        changed.append(f"{block['c'][0]} → {level}: {text(block['c'][2]).strip()}")
        return {"t": "Header", "c": [level, *block["c"][1:]]}

    blocks = walk_blocks(document.blocks, relevel, {"Header"})
    reported = notice("heading-level-changed", stage="headings", data={"changed": changed})
    return replace(document, blocks=blocks, notices=(*document.notices, reported))


def normal_levels(levels: Sequence[int]) -> list[int]:
    """The new levels: siblings stay siblings, deeper stays deeper, the first is 2 and no step down skips a level."""
    out: list[int] = []
    path: list[tuple[int, int]] = []  # (original, normal) of the headings that enclose the next one
    for level in levels:
        while path and path[-1][0] >= level:
            path.pop()
        normal = min(path[-1][1] + 1 if path else 2, DEEPEST)
        path.append((level, normal))
        out.append(normal)
    return out
