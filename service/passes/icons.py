"""Removes icons that web pages draw with their own font: in other fonts they are boxes, and they are not text.

They are characters of Unicode's private use areas, mostly in their own element: `[*\\uf099*Tweet](…)`. One that
stands next to an ideograph, kana or hangul stays: there it is more likely a rare character than an icon.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from service.ast.pandoc_ast import walk_blocks
from service.model.document import Block, Conversion, Document, Inline
from service.model.notices import notice
from service.model.text.characters import CJK

# Characters without a meaning: a font decides on their look.
PRIVATE = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
ICONS = re.compile(rf"(?<![{CJK}{PRIVATE}])[{PRIVATE}]+(?![{CJK}{PRIVATE}])")
STYLES = {"Emph", "Strong", "Underline", "Span"}
TOLD = 100  # characters that a notice names


def run(document: Document, conversion: Conversion) -> Document:
    if conversion.clean == "none":
        return document
    removed = Counter[str]()

    def visit(node: Inline | Block) -> Inline | Block | None:
        if node["t"] != "Str":
            return node if any(node["c"] if node["t"] != "Span" else (node["c"][0][0], *node["c"][1])) else None
        found = ICONS.findall(node["c"])
        if not found:
            return node
        removed.update("".join(found))
        kept = ICONS.sub("", node["c"])
        return {"t": "Str", "c": kept} if kept else None

    blocks = walk_blocks(document.blocks, visit, {"Str", *STYLES}, lambda each: ICONS.search(each.words) is not None)
    if not removed:
        return document
    names = [f"U+{ord(each):04X}" for each, _ in removed.most_common(TOLD)]
    message = f"{removed.total()} icons of a font that is not here were removed"
    reported = notice("icon-removed", message, stage="icons", data={"count": removed.total(), "characters": names})
    return replace(document, blocks=blocks, notices=(*document.notices, reported))
