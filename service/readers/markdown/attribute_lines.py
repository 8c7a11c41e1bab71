"""kramdown's attributes on their own line (`{: .note }`), for the block above or below them.

A heading gets an id and classes, a picture a size, and the class of a callout makes one (`.note`, `.prompt-tip`). Other styles
have no words, and are removed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from service.ast import callouts
from service.ast.pandoc_ast import Attr, Node, words

TAG = "Attributes"  # the tag of a block that represents such a line
CALLOUTS = callouts.KINDS.keys() - {"quote", "cite", "details"}
PREFIXES = ("prompt-", "alert-", "callout-", "admonition-", "notice--", "is-", "bd-callout-")
NOTICES = {"notice": "note", "info": "info", "success": "success", "primary": "note", "new": "note", "highlight": "note"}


def directed(blocks: list[Node], *, above: bool) -> list[Node]:
    """The blocks of one paragraph with each line of attributes at its block; `above` is the block for a separate line."""
    if all(block["t"] != TAG for block in blocks):
        return blocks
    if len(blocks) == 1:
        return [{"t": TAG, "c": blocks[0]["c"], "above": above}]
    return [{**block, "above": place > 0} if block["t"] == TAG else block for place, block in enumerate(blocks)]


def applied(blocks: Sequence[Node]) -> list[Node]:
    """The blocks without lines of attributes."""
    out: list[Node] = []
    waiting: list[Attr] = []
    for block in blocks:
        if block["t"] != TAG:
            out.append(reduce(_with, waiting, block))
            waiting = []
        elif block["above"] and out:
            out[-1] = _with(out[-1], block["c"])
        else:
            waiting.append(block["c"])
    return out


def _with(block: Node, given: Attr) -> Node:
    kind = next((name for one in given[1] if (name := _callout(one))), "")
    if kind and block["t"] in {"Para", "BlockQuote", "BulletList", "OrderedList", "Div"}:
        return _as_callout(block, kind, title_first=any(one.endswith("-title") for one in given[1]))
    if block["t"] == "Header":
        level, attributes, inlines = block["c"]
        return {"t": "Header", "c": [level, _merged(attributes, given), inlines]}
    if block["t"] in {"CodeBlock", "Div", "Figure"}:
        return {"t": block["t"], "c": [_merged(block["c"][0], given), *block["c"][1:]]}
    if block["t"] == "Para" and len(block["c"]) == 1 and block["c"][0]["t"] == "Image":
        attributes, alt, target = block["c"][0]["c"]
        return {"t": "Para", "c": [{"t": "Image", "c": [_merged(attributes, given), alt, target]}]}
    return block


def _callout(name: str) -> str:
    name = name.lower().removesuffix("-title")
    bare = next((name.removeprefix(one) for one in PREFIXES if name.startswith(one)), name)
    if bare in CALLOUTS:
        return bare
    return NOTICES.get(bare, "") if bare != name or name == "notice" else ""


def _as_callout(block: Node, kind: str, *, title_first: bool) -> Node:
    inner = block["c"] if block["t"] == "BlockQuote" else [block]
    title: list[Node] = []
    if title_first and inner and inner[0]["t"] == "Para":
        line = next(
            (place for place, one in enumerate(inner[0]["c"]) if one["t"] in {"SoftBreak", "LineBreak"}), len(inner[0]["c"])
        )
        title, rest = inner[0]["c"][:line], inner[0]["c"][line + 1 :]
        inner = [*([{"t": "Para", "c": rest}] if rest else []), *inner[1:]]
    return callouts.shaped(kind, title or words(kind.capitalize()), inner)


def _merged(attributes: Attr, given: Attr) -> Attr:
    language = [one.removeprefix("language-") for one in given[1]]
    return [given[0] or attributes[0], [*attributes[1], *language], [*attributes[2], *given[2]]]
