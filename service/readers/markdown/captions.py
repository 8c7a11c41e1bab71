"""Captions of tables: `Table: …` or `: …` above or below (pandoc, Quarto), `[…]` right below (MultiMarkdown).

An id in braces may be at the end of each.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.ast.pandoc_ast import Attr, Node, plain, text
from service.readers.markdown import attributes

MARKS = frozenset({"Table:", "table:", ":"})
LAST_ROW = re.compile(
    r"[ \t>]*+(?:(?:[Tt]able)?:[ \t]+(?P<text>\S[^|]*)|\[(?P<bracketed>[^\[\]|]+)\](?:[ \t]*\[[^\[\]|]*\])?[ \t]*)\Z"
)


def of_last_row(line: str) -> str:
    """The caption in the last line of a table, which the parser reads as a row of one cell; empty for another row."""
    found = LAST_ROW.match(line)
    return (found["text"] or found["bracketed"]) if found else ""


def joined(blocks: Sequence[Node]) -> list[Node]:
    """Each table with the caption below or above it."""
    out: list[Node] = []
    for block in blocks:
        last = out[-1] if out else None
        if last and last["t"] == "Table" and _may_be_caption(block) and not last["c"][1][1]:
            out[-1] = with_caption(last, block["c"][2:])
        elif last and block["t"] == "Table" and _may_be_caption(last) and not block["c"][1][1]:
            out[-1] = with_caption(block, last["c"][2:])
        else:
            out.append(block)
    return out


def _may_be_caption(block: Node) -> bool:
    """Whether it is a paragraph of a mark, a space and more."""
    inlines = block["c"] if block["t"] == "Para" else []
    return len(inlines) > 2 and inlines[0]["t"] == "Str" and inlines[0]["c"] in MARKS and inlines[1]["t"] == "Space"


def divided(caption: str) -> tuple[str, Attr | None]:
    """The words of a caption, and the attributes in braces at its end."""
    given = attributes.at_end(caption)
    return (caption[: caption.rindex("{")].rstrip(), given) if given else (caption, None)


def with_caption(table: Node, inlines: Sequence[Node], given: Attr | None = None) -> Node:
    caption, found = _apart(inlines)
    given = given or found
    return {"t": "Table", "c": [given or table["c"][0], [None, [plain(caption)]], *table["c"][2:]]}


def _apart(inlines: Sequence[Node]) -> tuple[list[Node], Attr | None]:
    """The words of a caption, and the attributes in braces at its end."""
    for place in range(len(inlines) - 1, -1, -1):
        one = inlines[place]
        if one["t"] == "Str" and one["c"].startswith("{"):
            given = attributes.at_end(text(inlines[place:]))
            kept = [*inlines[:place]]
            while given and kept and kept[-1]["t"] in {"Space", "SoftBreak", "LineBreak"}:
                kept.pop()
            return (kept, given) if given else (list(inlines), None)
    return list(inlines), None
