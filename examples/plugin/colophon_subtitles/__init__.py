"""SubRip subtitles as a source, the outline of headings as a target, and a pass that writes `...` as one character."""

from __future__ import annotations

import re
from dataclasses import replace

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.blocks import Blocks
from service.model.document import Conversion, Document, Source
from service.model.metadata import Metadata
from service.passes.base import Pass
from service.readers.base import Reader
from service.writers.base import Writer, Written

TIMES = re.compile(r"^\d+\n(\d\d:\d\d:\d\d),\d+ --> .*\n", re.MULTILINE)


def read(source: Source, conversion: Conversion, engines: Engines) -> Document:
    """One paragraph for each subtitle."""
    text = source.data.decode("utf-8-sig").replace("\r\n", "\n")
    pieces = [" ".join(piece.split()) for piece in TIMES.split(text)[2::2]]
    blocks = [{"t": "Para", "c": pandoc_ast.words(piece)} for piece in pieces if piece]
    return Document(Metadata(), Blocks(blocks), source)


def write(document: Document, conversion: Conversion, engines: Engines) -> Written:
    """The headings, one on a line, indented by their level."""
    headings = [block["c"] for block in document.blocks if block["t"] == "Header"]
    lines = [document.metadata.title] + ["  " * (level - 1) + pandoc_ast.text(inlines) for level, _, inlines in headings]
    return Written("".join(f"{line}\n" for line in lines).encode())


def shorten(document: Document, conversion: Conversion) -> Document:
    """The document with `…` for `...` in its text."""

    def inline(node: pandoc_ast.Node) -> pandoc_ast.Node:
        return {"t": "Str", "c": node["c"].replace("...", "…")} if node["t"] == "Str" else node

    return replace(document, blocks=Blocks(pandoc_ast.walk(document.blocks, inline)))


READER = Reader("srt", read)
WRITER = Writer("outline", write)
ELLIPSES = Pass("ellipses", "read", shorten)
