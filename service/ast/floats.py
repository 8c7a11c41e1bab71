"""Pictures and figures at one side, with the text next to them: the class `float-left` or `float-right`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from service.ast.pandoc_ast import Node

NAMES: Mapping[str, str] = {side: f"float-{side}" for side in ("left", "right")}
# Classes of HTML, reStructuredText, AsciiDoc, WordPress, Bootstrap and MediaWiki for pictures at one side.
SPELLINGS: Mapping[str, str] = {
    spelling: side
    for side, end in (("left", "start"), ("right", "end"))
    for spelling in (
        f"float-{side}", f"float{side}", f"float-{end}", f"align-{side}", f"align{side}", f"pull-{side}", f"image-{side}",
        f"img-{side}", f"figure-{side}", f"f{side}", side, f"t{side}",
    )
}  # fmt: skip


def side_of(classes: Sequence[str]) -> str:
    """`left`, `right`, or empty."""
    return next((side for name in classes for side, known in NAMES.items() if name == known), "")


def asked(attributes: Sequence[object]) -> str:
    """The side of a class or of the attribute `align`; empty without one."""
    _, classes, pairs = attributes
    said = next((value for key, value in pairs if key == "align" and value in NAMES), "")  # type: ignore[attr-defined]
    return said or next((SPELLINGS[name] for name in classes if name in SPELLINGS), "")  # type: ignore[attr-defined]


def placed(node: Node, at: int, side: str) -> Node:
    """The node with the one class for the side; its attributes are content number `at`."""
    identifier, classes, pairs = node["c"][at]
    kept = [name for name in classes if name not in SPELLINGS]
    attributes = [identifier, [*kept, NAMES[side]], [pair for pair in pairs if pair[0] != "align"]]
    return {"t": node["t"], "c": [*node["c"][:at], attributes, *node["c"][at + 1 :]]}
