"""Pictures at one side, in any spelling, get the class for writers (`ast.floats`).

Sources are `align=right` of an image, the classes of site builders, and AsciiDoc's role around a block. In a figure the
figure has the class, not the picture.
"""

from __future__ import annotations

from dataclasses import replace

from service.ast import floats
from service.ast.pandoc_ast import Node, walk_blocks
from service.model.blocks import Survey
from service.model.document import Conversion, Document

HELD = frozenset({"Image", "Figure", "Div"})


def run(document: Document, conversion: Conversion) -> Document:  # noqa: ARG001
    return replace(document, blocks=walk_blocks(document.blocks, _visited, HELD, _may_be_one))


def _may_be_one(found: Survey) -> bool:
    return found.count("Image") > 0


def _visited(node: Node) -> Node:
    side = floats.asked(node["c"][0])
    if node["t"] == "Image":
        return floats.placed(node, 0, side) if side and floats.NAMES[side] not in node["c"][0][1] else node
    pictures = _only_pictures(node)
    if len(pictures) != 1:
        return node
    (picture,) = pictures
    if node["t"] == "Figure":
        side = side or floats.side_of(picture["c"][0][1])
        return _held(floats.placed(node, 0, side), picture, "") if side else node
    inner = node["c"][1][0]
    if not side or (any(key == "align" for key, _ in node["c"][0][2]) and not set(node["c"][0][1]) & floats.SPELLINGS.keys()):
        return node  # a right-aligned paragraph with a picture
    return floats.placed(inner, 0, side) if inner["t"] == "Figure" else _held(inner, picture, side)


def _only_pictures(node: Node) -> list[Node]:
    """The only picture of a figure, or of a division with nothing else."""
    blocks = node["c"][2] if node["t"] == "Figure" else node["c"][1]
    if len(blocks) != 1:
        return []
    (block,) = blocks
    if block["t"] == "Figure" and node["t"] == "Div":
        return _only_pictures(block)
    inlines = block["c"] if block["t"] in ("Para", "Plain") else []
    shown = [each for each in inlines if each["t"] not in ("Space", "SoftBreak")]
    return shown if len(shown) == 1 and shown[0]["t"] == "Image" else []


def _held(holder: Node, picture: Node, side: str) -> Node:
    """The figure or division with its picture at that side; an empty `side` removes it."""
    identifier, classes, pairs = picture["c"][0]
    kept = [name for name in classes if name not in floats.SPELLINGS] + ([floats.NAMES[side]] if side else [])
    new = {"t": "Image", "c": [[identifier, kept, pairs], *picture["c"][1:]]}
    if holder["t"] == "Figure":
        (block,) = holder["c"][2]
        return {"t": "Figure", "c": [*holder["c"][:2], [{"t": block["t"], "c": [new]}]]}
    return {"t": holder["t"], "c": [new]}
