"""Callouts in the AST: a Div with the classes [kind, "callout"] whose first block is a Div with the class "title".

The kinds are those of GitHub, Obsidian, MkDocs, Docusaurus, VitePress, Quarto and MyST. They share five looks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.ast.pandoc_ast import Node, attr, div, para, plain, text, walk_blocks, words
from service.model.blocks import Blocks
from service.model.text import construct_labels

CALLOUT, TITLE = "callout", "title"
# Look → the kinds that have it.
LOOKS: Mapping[str, frozenset[str]] = {
    "note": frozenset({"note", "info", "abstract", "summary", "tldr", "seealso", "todo", "quote", "cite", "example", "details"}),
    "tip": frozenset({"tip", "hint", "success", "check", "done"}),
    "important": frozenset({"important", "question", "help", "faq"}),
    "warning": frozenset({"warning", "attention"}),
    "caution": frozenset({"caution", "danger", "error", "bug", "failure", "fail", "missing"}),
}  # fmt: skip
KINDS = {kind: look for look, kinds in LOOKS.items() for kind in kinds}


@dataclass(frozen=True, slots=True)
class Callout:
    """`look` is a row of LOOKS; `title` are the inlines of the title, never empty; `blocks` are the blocks below it."""

    kind: str
    look: str
    title: list[Node]
    blocks: Sequence[Node]


def of(node: Node, lang: str) -> Callout | None:
    """The callout of `node`, with its default title in the language `lang` (BCP 47); None for any other Div."""
    (_, classes, _), inner = node["c"]
    if CALLOUT not in classes:
        return None
    kind = next((name.lower() for name in classes if name != CALLOUT), "note")
    look = KINDS.get(kind, "note")
    title = _title(inner[0]) if inner else []
    blocks = inner[1:] if inner and _is_title(inner[0]) else inner
    if not title or text(title).strip().casefold() == kind:  # the title of readers if the author gave no title
        title = words(construct_labels.word(kind if kind in LOOKS else "", lang) or kind.replace("-", " ").capitalize())
    return Callout(kind, look, title, blocks)


def shaped(kind: str, title: Sequence[Node], blocks: Sequence[Node], identifier: str = "") -> Node:
    """The callout `kind` under the inlines `title`."""
    heading = div([para(title)], attr(classes=[TITLE]))
    return div([heading, *blocks], attr(identifier, [kind, CALLOUT]))


def divisions(blocks: Blocks, lang: str) -> Blocks:
    """Callouts in the form for HTML: a Div of the class "callout-<look>", its first block a Div of the class "callout-title"."""

    def visit(node: Node) -> Node:
        found = of(node, lang)
        if found is None:
            return node
        (identifier, classes, pairs), _ = node["c"]
        heading = div([plain(found.title)], attr(classes=[f"{CALLOUT}-title"]))
        names = [CALLOUT, f"{CALLOUT}-{found.look}", *(name for name in classes if name != CALLOUT)]
        return {"t": "Div", "c": [[identifier, names, pairs], [heading, *found.blocks]]}

    return walk_blocks(blocks, visit, {"Div"})


def is_alert(node: Node) -> bool:
    """Whether `node` is pandoc's own shape of an alert: the class of a kind, a title, and no class "callout"."""
    (_, classes, _), inner = node["c"]
    return CALLOUT not in classes and not KINDS.keys().isdisjoint(classes) and bool(inner) and _is_title(inner[0])


def _is_title(block: Node) -> bool:
    return block["t"] == "Div" and TITLE in block["c"][0][1] and all(one["t"] in {"Para", "Plain"} for one in block["c"][1])


def _title(block: Node) -> list[Node]:
    if not _is_title(block):
        return []
    parts = [one["c"] for one in block["c"][1]]
    return [node for number, part in enumerate(parts) for node in ([{"t": "Space"}] if number else []) + part]
