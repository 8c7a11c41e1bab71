"""pandoc's AST in one readable line for each block: `Para[Words Strong[bold]]`, `Header2{#id .class}[Words]`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Node = dict[str, Any]
PLAIN = {"Str": lambda text: text, "Space": lambda _: " ", "SoftBreak": lambda _: "⏎", "LineBreak": lambda _: "↵"}


def written(blocks: Sequence[Node]) -> str:
    return "\n".join(map(_node, blocks))


def _node(node: Node) -> str:
    tag, content = node["t"], node.get("c")
    if tag in PLAIN:
        return PLAIN[tag](content)
    if tag in {"HorizontalRule"}:
        return tag
    return SHAPES.get(tag, _inside)(tag, content)


def _nodes(nodes: Sequence[Node]) -> str:
    blocks = any(node["t"] in BLOCKS for node in nodes)
    return (" " if blocks else "").join(map(_node, nodes))


def _attributes(given: Sequence[Any]) -> str:
    identifier, classes, pairs = given
    parts = [f"#{identifier}"] * bool(identifier) + [f".{one}" for one in classes] + [f'{key}="{value}"' for key, value in pairs]
    return "{" + " ".join(parts) + "}" if parts else ""


def _inside(tag: str, content: Any) -> str:
    return f"{tag}[{_nodes(content)}]"


def _attributed(tag: str, content: Any) -> str:
    return f"{tag}{_attributes(content[0])}[{_nodes(content[1])}]"


def _verbatim(tag: str, content: Any) -> str:
    return f"{tag}{_attributes(content[0])}[{content[1]!r}]"


def _link(tag: str, content: Any) -> str:
    given, inlines, (url, title) = content
    return f"{tag}{_attributes(given)}[{_nodes(inlines)}]({url}{f' {title!r}' if title else ''})"


def _items(items: Sequence[Sequence[Node]]) -> str:
    return " ".join(f"• {_nodes(item)}".strip() for item in items)


def _ordered(tag: str, content: Any) -> str:
    (start, style, delimiter), items = content
    return f"{tag}({start} {style['t']} {delimiter['t']})[{_items(items)}]"


def _definitions(tag: str, content: Any) -> str:
    return f"{tag}[{' '.join(f'{_nodes(term)}: {_items(details)}' for term, details in content)}]"


def _table(tag: str, content: Any) -> str:
    given, (_, caption), columns, (_, head), bodies, _ = content
    aligned = "".join(column[0]["t"].removeprefix("Align")[0] for column in columns)
    rows = [" | ".join(_nodes(cell[4]) for cell in row[1]) for row in [*head, *bodies[0][3]]]
    title = f"“{_nodes(caption)}”" if caption else ""
    return f"{tag}{_attributes(given)}{title}({aligned}, {len(head)} head)[{' / '.join(rows)}]"


def _figure(tag: str, content: Any) -> str:
    given, (_, caption), blocks = content
    return f"{tag}{_attributes(given)}“{_nodes(caption)}”[{_nodes(blocks)}]"


SHAPES = {
    "Header": lambda tag, content: f"{tag}{content[0]}{_attributes(content[1])}[{_nodes(content[2])}]",
    "BulletList": lambda tag, content: f"{tag}[{_items(content)}]",
    "OrderedList": _ordered,
    "DefinitionList": _definitions,
    "LineBlock": lambda tag, content: f"{tag}[{' / '.join(map(_nodes, content))}]",
    "Table": _table,
    "Figure": _figure,
    "Code": _verbatim,
    "CodeBlock": _verbatim,
    "RawInline": lambda _, content: content[1],
    "RawBlock": lambda tag, content: f"{tag}[{content[1]!r}]",
    "Math": lambda _, content: f"{content[0]['t']}[{content[1]!r}]",
    "Link": _link,
    "Image": _link,
    "Span": _attributed,
    "Div": _attributed,
}
BLOCKS = frozenset({
    "Para", "Plain", "Header", "BulletList", "OrderedList", "DefinitionList", "LineBlock", "Table", "Figure", "CodeBlock",
    "RawBlock", "Div", "BlockQuote", "HorizontalRule",
})  # fmt: skip
