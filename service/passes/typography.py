"""Removes invisible characters that break lines, searches and fonts. The author's text does not change.

Removed: zero-width spaces and byte order marks in the text (editors of web pages leave them by the dozen), and the
characters that XML forbids. In Thai, Lao, Burmese and Khmer zero-width spaces divide words, and stay. Zero-width joiners
stay, because emoji and Indic scripts need them. Quotes, dashes and spaces
are never changed, because a wrong guess would change the text.
"""

from __future__ import annotations

import re
from dataclasses import replace

from service.ast.pandoc_ast import walk_blocks
from service.model.document import Block, Conversion, Document, Inline
from service.model.notices import notice

# Between letters of Thai, Lao, Burmese and Khmer a zero-width space ends a word. Only there a line may break.
ASIAN = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
UNSEEN = re.compile(f"[\ufeff\u2060]|(?<![{ASIAN}])\u200b|\u200b(?![{ASIAN}])")
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")
TEXTS = {"Code", "CodeBlock", "Math", "RawInline", "RawBlock"}


def run(document: Document, conversion: Conversion) -> Document:  # noqa: ARG001
    removed = 0

    def clean(node: Inline | Block) -> Inline | Block | None:
        nonlocal removed
        if node["t"] == "Str":
            kept = FORBIDDEN.sub("", UNSEEN.sub("", node["c"]))
            if kept == node["c"]:
                return node
            removed += len(FORBIDDEN.findall(node["c"]))
            return {"t": "Str", "c": kept} if kept else None
        if node["t"] in TEXTS and FORBIDDEN.search(node["c"][1]):
            kept = FORBIDDEN.sub("", node["c"][1])
            removed += len(node["c"][1]) - len(kept)
            return {"t": node["t"], "c": [node["c"][0], kept]}
        return node

    blocks = walk_blocks(document.blocks, clean, {"Str"}, lambda found: not found.words.isprintable())
    blocks = walk_blocks(blocks, clean, TEXTS)
    if not removed:
        return replace(document, blocks=blocks)
    reported = notice("control-characters-removed", stage="typography", data={"count": removed})
    return replace(document, blocks=blocks, notices=(*document.notices, reported))
