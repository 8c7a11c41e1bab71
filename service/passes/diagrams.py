"""Replaces code in the language `mermaid` by a picture of its diagram. Invalid code stays code, and a notice names its line.

Runs for each target before its images are converted, so it is not a row of PASSES. Markdown and the AST keep the code, because
their programs draw it.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from service.ast.pandoc_ast import attr, image, plain, string, walk_blocks, words
from service.engines import diagrams
from service.model.document import Asset, Block, Conversion, Document, Notice
from service.model.notices import notice

LANGUAGE = "mermaid"
TEXTS = frozenset({"markdown", "ast"})
MOST = 50  # diagrams of a document
LONGEST = 500  # characters of a source that replaces a description


def run(document: Document, conversion: Conversion) -> Document:
    if TEXTS.issuperset(conversion.to):
        return document
    assets = dict(document.assets)
    left: list[tuple[str, diagrams.Unreadable]] = []
    drawn: dict[str, str] = {}

    def visit(node: Block) -> Block:
        (identifier, classes, pairs), source = node["c"]
        if LANGUAGE not in classes:
            return node
        try:
            if len(drawn) >= MOST and source not in drawn:
                raise diagrams.Unreadable(f"The document has more than {MOST} diagrams.")
            made = diagrams.draw(source)
        except diagrams.Unreadable as why:
            left.append((source, why))
            return node
        name = drawn.setdefault(source, f"diagram:{hashlib.sha256(source.encode()).hexdigest()[:16]}")
        assets[name] = Asset(name, made.svg, "image/svg+xml")
        picture = plain([image([string(_described(made, source))], name)])
        title = next((value for key, value in pairs if key == "title"), "")
        caption = [None, [plain(words(title))] if title.strip() else []]
        return {"t": "Figure", "c": [attr(identifier, ["diagram"]), caption, [picture]]}

    blocks = walk_blocks(document.blocks, visit, {"CodeBlock"})
    if not drawn and not left:
        return document
    reported = tuple(_reported(document, source, why) for source, why in left)
    return replace(document, blocks=blocks, assets=assets, notices=(*document.notices, *reported))


def _described(made: diagrams.Diagram, source: str) -> str:
    """The description in the diagram, else its source, which says the same as the picture."""
    own = ": ".join(filter(None, (made.title, made.description)))
    return own or " ".join(source.split())[:LONGEST]


def _reported(document: Document, source: str, why: diagrams.Unreadable) -> Notice:
    line = _first_line(document, source) + why.line - 1
    message = f"Line {line}: a diagram cannot be drawn and is shown as code: {why.reason}"
    return notice("diagram-unreadable", message, stage="diagrams", data={"line": line, "reason": why.reason})


def _first_line(document: Document, source: str) -> int:
    """The first line of the diagram's source in the upload; 1 if it is not found."""
    wanted = [line.strip() for line in source.splitlines() if line.strip()][:2]
    lines = [line.strip(" \t>") for line in document.source.data.decode("utf-8", "replace").splitlines()]
    starts = (number for number in range(len(lines)) if wanted and lines[number : number + len(wanted)] == wanted)
    return next(starts, 0) + 1
