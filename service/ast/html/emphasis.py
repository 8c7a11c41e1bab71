"""Emphasis that a style gives: bold, italic, struck, underlined, raised and lowered text, and small capitals.

Google Docs, mails and word processors use the element's style or a class of the page's style sheet.
Source: CSS Fonts 4, CSS Text Decoration 3, CSS 2.2 section 10.8.1.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from service.ast.html.tree import Element
from service.ast.pandoc_ast import Node, query, walk

DECLARATION = re.compile(r"(?:^|;)\s*([a-z-]{3,30})\s*:\s*([^;!]{1,60})", re.IGNORECASE)
RULE = re.compile(r"([^{}]{1,500})\{([^{}]{0,2000})\}")
COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
SELECTOR = re.compile(r"(?:p|span|div|li|a|td)?\.([A-Za-z_-][\w-]*)")
SHEET = frozenset({
    "font-weight", "font-style", "font-variant", "font-variant-caps", "text-decoration", "text-decoration-line", "vertical-align",
    "text-align",
})  # fmt: skip
MOST_RULES = 5_000
LONGEST_SHEET = 500_000
BOLD = re.compile(r"bold(?:er)?|[6-9]00")
# Elements that are bold or italic by default, or whose look is not emphasis.
STRONG = frozenset({"b", "strong", "th", "dt", "summary", "legend", "h1", "h2", "h3", "h4", "h5", "h6"})
EMPH = frozenset({"i", "em", "cite", "var", "dfn", "address"})
UNDERLINED = frozenset({"a", "u", "ins", "abbr"})
SHOWN_OTHERWISE = frozenset({"code", "kbd", "samp", "tt", "math", "svg", "img", "ruby", "rt"})


def apply_sheets(page: Element) -> None:
    """Copies the rules of the page's style sheets for single classes into the styles of their elements."""
    found: dict[str, str] = {}
    for sheet in page.iter("style"):
        if sheet.get("media", "all").lower() in ("all", "screen", "print", ""):
            found |= rules(sheet.text())
    apply(page, found)


def apply(page: Element, found: Mapping[str, str]) -> None:
    """Copies `rules` into the styles of the elements with their classes. An element's own style has precedence."""
    if not found:
        return
    for element in page.iter():
        if names := [name for name in element.get("class").split() if name in found]:
            style = ";".join([*(found[name] for name in names), element.get("style")])
            element.attributes = element.attributes | {"style": style}


def rules(sheet: str) -> dict[str, str]:
    """Class → the declarations that emphasise or align."""
    found: dict[str, str] = {}
    for number, rule in enumerate(RULE.finditer(COMMENT.sub("", sheet[:LONGEST_SHEET]))):
        if number > MOST_RULES:
            break
        kept = ";".join(f"{name}:{value}" for name, value in _declared(rule[2]).items() if _counts(name, value))
        for selector in rule[1].split(",") if kept else ():
            if one := SELECTOR.fullmatch(selector.strip()):
                found[one[1]] = f"{found[one[1]]};{kept}" if one[1] in found else kept
    return found


def _counts(name: str, value: str) -> bool:
    """Whether a declaration has an effect in a document. One that aligns whole pages to the left, or justifies them, has none."""
    return name in SHEET and (name != "text-align" or value in ("center", "right", "end"))


def _declared(style: str) -> Mapping[str, str]:
    """Name → value in lower case; of two declarations the later counts."""
    return {name.lower(): value.strip().lower() for name, value in DECLARATION.findall(style)}


def of(element: Element) -> list[str]:
    """The nodes of the AST for the element's style, from the innermost."""
    style = element.get("style")
    if not style or element.tag in SHOWN_OTHERWISE:
        return []
    said = _declared(style)
    lines = f"{said.get('text-decoration', '')} {said.get('text-decoration-line', '')}"
    asked = {
        "Strong": element.tag not in STRONG and BOLD.match(said.get("font-weight", "")),
        "Emph": element.tag not in EMPH and said.get("font-style", "").startswith(("italic", "oblique")),
        "Strikeout": "line-through" in lines and element.tag not in ("s", "del", "strike"),
        "Underline": "underline" in lines and element.tag not in UNDERLINED,
        "Superscript": said.get("vertical-align") == "super" and element.tag != "sup",
        "Subscript": said.get("vertical-align") == "sub" and element.tag != "sub",
        "SmallCaps": said.get("font-variant", said.get("font-variant-caps")) == "small-caps",
    }
    return [tag for tag, wanted in asked.items() if wanted]


def is_undone(element: Element) -> bool:
    """Whether the style removes the element's own emphasis, as in the clipboard of Google Docs."""
    said = _declared(element.get("style"))
    if element.tag in ("b", "strong"):
        return said.get("font-weight") in ("normal", "400")
    return element.tag in ("i", "em") and said.get("font-style") == "normal"


def around(inlines: Sequence[Node], tags: Sequence[str]) -> list[Node]:
    """`inlines` in those nodes; a node of the same tag within is not needed, nor an underline around a link."""
    inside = list(inlines)
    for tag in tags:
        if not any(node["t"] not in ("Space", "LineBreak") for node in inside):
            return inside
        if tag == "Underline" and any(query(inside, {"Link"})):
            continue
        inside = [{"t": tag, "c": walk(inside, _content, {tag})}]
    return inside


def around_blocks(blocks: Sequence[Node], element: Element) -> list[Node]:
    """`blocks` with the emphasis of a block element's style in each of their texts; headings are bold anyway."""
    tags = [tag for tag in of(element) if tag in ("Strong", "Emph", "Strikeout", "Underline")]
    if not tags:
        return list(blocks)

    def visit(node: Node) -> Node:
        return {"t": node["t"], "c": around(node["c"], tags)}

    return walk(blocks, visit, {"Para", "Plain"})


def _content(node: Node) -> list[Node]:
    inside: list[Node] = node["c"]
    return inside
