"""Elements whose content is not Markdown (`<textarea>`, `<iframe>`, `<svg>`, `<math>`): the nodes of the Markdown reader are
written back as typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from service.ast.html import elements
from service.ast.html.shape import is_block
from service.ast.html.tree import TAG
from service.ast.pandoc_ast import Node
from service.model.blocks import ENUMERATIONS
from service.passes.raw.tags import HTML, OPAQUE, WHOLE

BREAKS = {"Space": " ", "SoftBreak": "\n", "LineBreak": "\n"}


def joined(nodes: Sequence[Node]) -> list[Node]:
    """Inlines, with one raw inline for each opaque element among them that is closed."""
    out: list[Node] = []
    place = 0
    ends = _ends(nodes)
    while place < len(nodes):
        end = ends.get(place)
        if end is None:
            out.append(nodes[place])
            place += 1
            continue
        inside = source(nodes[place + 1 : end], opened(nodes[place]))
        out.append({"t": "RawInline", "c": [WHOLE, nodes[place]["c"][1] + inside + nodes[end]["c"][1]]})
        place = end + 1
    return out


def _ends(nodes: Sequence[Node]) -> dict[int, int]:
    """The start and end of each outermost opaque element among inlines."""
    ends: dict[int, int] = {}
    starts: list[int] = []
    name = ""
    for place, node in enumerate(nodes):
        if node["t"] != "RawInline" or node["c"][0] not in HTML:
            continue
        found = TAG.fullmatch(node["c"][1].strip())
        if not found or (name and found[2].lower() != name):
            continue
        if not found[1] and (opening := opened(node)) and (not name or name in elements.FOREIGN):
            name = opening
            starts.append(place)
        elif found[1] and starts:
            ends[starts.pop()] = place
            name = name if starts else ""
    outermost: dict[int, int] = {}
    last = -1
    for start in sorted(ends):
        if start > last:
            outermost[start] = last = ends[start]
    return outermost


def opened(node: Node) -> str:
    """The opaque element that a raw inline opens; empty if it opens none."""
    found = TAG.fullmatch(node["c"][1].strip())
    name = found[2].lower() if found and not found[1] else ""
    return name if name in OPAQUE and not node["c"][1].rstrip().endswith("/>") else ""


def source(nodes: Sequence[Node], name: str) -> str:
    """Nodes as the text within the element `name`: markup unchanged, and words escaped."""
    entities = name in elements.FOREIGN or name == "textarea"  # the others have no entities
    parts: list[str] = []
    todo: list[Any] = [list(nodes)]
    while todo:
        part = todo.pop()
        if isinstance(part, list):
            todo += reversed([each for each in part if isinstance(each, list | dict)])
        elif part.get("t") in BREAKS:
            parts.append(BREAKS[part["t"]])
        elif part.get("t") in ("RawInline", "RawBlock") or part.get("t") == "CodeBlock":
            parts.append(part["c"][1])
        elif part.get("t") in ("Str", "Code", "Math"):
            words = part["c"] if part["t"] == "Str" else part["c"][1]
            parts.append(escape(words, quote=False) if entities else words)
        elif part.get("t") not in ENUMERATIONS:
            todo.append(part.get("c", []))
            parts.append("\n" if "t" in part and is_block(part) else "")
    return "".join(parts)
