"""Adds the statements of a journal below the abstract and after the text: keywords, funding and conflicts of interest.

Statements that are in the text already are not added.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from service.ast import pandoc_ast
from service.model import title_fields
from service.model.blocks import Blocks
from service.model.document import Block, Conversion, Document, Metadata
from service.model.text import journal, labels
from service.model.text.characters import legal
from service.readers.shared import abstracts, letters

SAMPLE = 60  # letters that identify a statement


def run(document: Document, conversion: Conversion) -> Document:
    shown = title_fields.of(conversion)
    metadata = document.metadata
    if not {title_fields.KEYWORDS, *title_fields.STATEMENTS} & set(shown):
        return document
    said = {title_fields.KEYWORDS: labels.listed(metadata.keywords, metadata), **journal.found(metadata)}
    fields = [each for each in (title_fields.KEYWORDS, *title_fields.STATEMENTS) if each in shown and said.get(each)]
    if not fields:
        return document
    text = _letters(pandoc_ast.text(document.blocks))
    wanted = {each: said[each] for each in fields if _letters(said[each])[:SAMPLE] not in text}
    blocks = list(document.blocks)
    after = [_line(each, wanted[each], metadata) for each in title_fields.STATEMENTS if each in wanted]
    end = _references(blocks)
    blocks[end:end] = after
    if keywords := wanted.get(title_fields.KEYWORDS):
        start = next((number for number, each in enumerate(blocks, 1) if abstracts.is_abstract(each)), 0)
        blocks.insert(start, _line(title_fields.KEYWORDS, keywords, metadata))
    return replace(document, blocks=Blocks(blocks, like=document.blocks)) if wanted else document


def _line(field: str, text: str, metadata: Metadata) -> Block:
    label = pandoc_ast.string(labels.labelled(field, metadata.lang))
    paragraph = pandoc_ast.para([{"t": "Strong", "c": [label]}, *pandoc_ast.words(legal(text))])
    return pandoc_ast.div([paragraph], pandoc_ast.attr(classes=[field.replace("_", "-"), "statement"]))


def _references(blocks: Sequence[Block]) -> int:
    """The start of the list of references, with its heading; else the end of the text."""
    for number, block in enumerate(blocks):
        if block["t"] == "Div" and (block["c"][0][0] == "refs" or "references" in block["c"][0][1]):
            return number - (number > 0 and blocks[number - 1]["t"] == "Header")
    return len(blocks)


def _letters(text: str) -> str:
    return "".join(char for char in letters.folded(text).casefold() if char.isalnum())
