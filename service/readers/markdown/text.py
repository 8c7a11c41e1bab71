"""Texts as pandoc's inlines, and joined inlines."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from service.ast import pandoc_ast

Inline = pandoc_ast.Node
SPACE: Inline = {"t": "Space"}
BLANKS = re.compile(r"[ \t]+")
HELD = "Blocks"  # the tag of an inline that represents blocks: the paragraph around it is divided there
BREAKS: Mapping[str, int] = {"Space": 0, "SoftBreak": 1, "LineBreak": 2}  # of consecutive ones, the last of these stays


def words(text: str) -> list[Inline]:
    """`text` as Str and Space: spaces and tabs in a row are one Space, every other character stays."""
    if "  " in text or "\t" in text:
        text = BLANKS.sub(" ", text)
    if " " not in text:
        return [{"t": "Str", "c": text}] if text else []
    parts = text.split(" ")
    inlines = [SPACE] * (2 * len(parts) - 1)
    inlines[::2] = [{"t": "Str", "c": part} for part in parts]
    return inlines[not parts[0] : -1 if not parts[-1] else None]


def joined(inlines: Iterable[Inline], *, wrapped: bool = False) -> list[Inline]:
    """Joins adjacent texts, and consecutive spaces.

    `wrapped`: a line end between two wide characters is not a space (Chinese and Japanese put none between words).
    """
    out: list[Inline] = []
    for node in inlines:
        append(out, node)
    return without_east_asian_breaks(out) if wrapped else out


def append(out: list[Inline], node: Inline) -> None:
    """Puts `node` behind inlines that are joined already."""
    last = out[-1] if out else None
    if node["t"] == "Str" and last and last["t"] == "Str":
        out[-1] = {"t": "Str", "c": last["c"] + node["c"]}
    elif node["t"] in BREAKS and last and last["t"] in BREAKS:
        out[-1] = max(last, node, key=lambda one: BREAKS[one["t"]])
    else:
        out.append(node)


def without_east_asian_breaks(inlines: Sequence[Inline]) -> list[Inline]:
    """`wrapped` of `joined`, of inlines that are joined."""
    kept = list(inlines)
    for place in reversed(range(1, len(kept) - 1)):
        before, node, behind = kept[place - 1], kept[place], kept[place + 1]
        if node["t"] == "SoftBreak" and before["t"] == behind["t"] == "Str" and _is_wide(before["c"][-1], behind["c"][0]):
            kept[place - 1 : place + 2] = [{"t": "Str", "c": before["c"] + behind["c"]}]
    return kept


def _is_wide(*characters: str) -> bool:
    return all(unicodedata.east_asian_width(character) in "WF" for character in characters)


def trimmed(inlines: list[Inline]) -> list[Inline]:
    """Without blanks and line ends at both ends."""
    filled = [place for place, one in enumerate(inlines) if one["t"] not in {"Space", "SoftBreak", "LineBreak"}]
    return inlines[filled[0] : filled[-1] + 1] if filled else []


def without_blocks(inlines: list[Inline]) -> list[Inline]:
    """For places without blocks, a heading or a cell: the text of the blocks, and their pictures."""
    out: list[Inline] = []
    for one in inlines:
        if one["t"] != HELD:
            out.append(one)
            continue
        for node in pandoc_ast.query(one["c"], {"Para", "Plain"}):
            out += node["c"]
    return out
