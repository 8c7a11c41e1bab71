"""Puts the abstract of the metadata under the title, before the text."""

from __future__ import annotations

from collections.abc import Sequence

from schemas import languages
from service.ast import pandoc_ast
from service.model.document import Block, Metadata
from service.readers.shared import letters, title_heading
from service.readers.shared import text as texts

NEAR_THE_TOP = 15  # number of first blocks that are searched for an abstract
SAMPLE = 60  # letters that are compared


def put_in(blocks: Sequence[Block], abstract: Sequence[Block], metadata: Metadata) -> list[Block]:
    """`blocks` with those of the abstract before them, below a first heading that is the title; unless it is there already."""
    if not abstract or stands_in(blocks, metadata.abstract):
        return list(blocks)
    start = int(_begins_with_title(blocks, metadata.title))
    lang = metadata.lang or languages.detected(metadata.abstract) or ""
    return [*blocks[:start], *texts.with_abstract(blocks[start:], abstract, lang)]


def paragraphs(text: str) -> list[Block]:
    """A text without markup as blocks."""
    return [pandoc_ast.para(pandoc_ast.words(each)) for part in text.split("\n\n") if (each := " ".join(part.split()))]


def stands_in(blocks: Sequence[Block], abstract: str) -> bool:
    """Whether the text itself begins with the abstract: a division of that class, or its words."""
    top = blocks[:NEAR_THE_TOP]
    if any(map(is_abstract, top)):
        return True
    wanted = _letters(abstract)[:SAMPLE]
    return bool(wanted) and wanted in _letters(" ".join(pandoc_ast.text([block]) for block in top))


def is_abstract(block: Block) -> bool:
    return block["t"] == "Div" and "abstract" in block["c"][0][1]


def _letters(text: str) -> str:
    return "".join(char for char in letters.folded(text).casefold() if char.isalnum())


def _begins_with_title(blocks: Sequence[Block], title: str) -> bool:
    if not blocks or blocks[0]["t"] != "Header":
        return False
    return _letters(pandoc_ast.text(blocks[0]["c"][2])) == _letters(title) if title else title_heading.find(blocks) is blocks[0]
