"""Callouts of a page in the output of site generators: one table of classes.

Sources, seen in their output: Sphinx, MkDocs, Docusaurus, VitePress, Starlight, Quarto, GitHub, Obsidian Publish, Confluence,
Asciidoctor, Bootstrap, Notion.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from service.ast import callouts
from service.ast.html.attributes import attributes_of
from service.ast.html.shape import trimmed
from service.ast.html.tree import Element
from service.ast.pandoc_ast import Node, text, walk, words

if TYPE_CHECKING:
    from service.ast.html import Converter

TAGS = frozenset({"div", "aside", "section", "figure", "blockquote", "article"})
# Class of a callout → whether it is one without a class for its kind.
FAMILIES: Mapping[str, bool] = {
    "admonition": True, "theme-admonition": True, "markdown-alert": True, "callout": True, "custom-block": True,
    "confluence-information-macro": False, "admonitionblock": True, "starlight-aside": True, "alert": False, "hint": False,
    "notice": False, "docutils": False,
}  # fmt: skip
OTHER_NAMES: Mapping[str, str] = {"information": "info", "secondary": "note", "primary": "note", "caution": "caution"}
TITLE = re.compile(
    r"(?:^|[-_])(?:title|heading|header)(?:[-_](?:text|inner|container)|_[A-Za-z0-9]+)?$|^admonitionHeading_", re.I
)
ICON = re.compile(r"(?:^|[-_])icon(?:[-_]|$)", re.I)
DEEPEST = 3  # elements around a title


def callout(converter: Converter, element: Element) -> list[Node]:
    """The callout of the element; None for any other element."""
    kind = _kind(element)
    if not kind:
        return []
    heading = _heading(element, DEEPEST)
    title: list[Node] = []
    if heading is not None:
        title = trimmed([node for node in converter.inlines_in(heading) if node["t"] not in ("Image", "LineBreak")])
        title = walk(title, _unlinked, {"Link", "Image"})
        element.drop({heading})
    if "admonitionblock" in element.get("class").split():
        element.drop({each for each in element.below("td") if "icon" in each.get("class").split()})
        cells = [each for each in element.below("td") if "content" in each.get("class").split()]
        element = _joined(element, cells)
    blocks = _unwrapped(converter.blocks_in(element))
    if not blocks and not title:
        return []
    shown = title if text(title).strip() else words(kind.capitalize())
    return [callouts.shaped(kind, shown, blocks, attributes_of(element)[0])]


def _unwrapped(blocks: list[Node]) -> list[Node]:
    """Removes the division that a page has around the text of a callout for its look."""
    while len(blocks) == 1 and blocks[0]["t"] == "Div" and not blocks[0]["c"][0][0] and not blocks[0]["c"][0][2]:
        blocks = blocks[0]["c"][1]
    return blocks


def _joined(element: Element, parts: list[Element]) -> Element:
    """`element` with only the content of `parts`, if there are any."""
    if parts:
        element.children = [child for part in parts for child in part.children]
    return element


def _kind(element: Element) -> str:
    """The kind; empty if it is not a callout."""
    if element.tag not in TAGS or not (element.get("class") or element.get("data-callout")):
        return ""
    classes = element.get("class").lower().split()
    families = [name for name in classes if name in FAMILIES]
    if not families:
        return ""
    named = [element.get("data-callout").lower(), *(_plain(name, families) for name in classes if name not in FAMILIES)]
    found = next((OTHER_NAMES.get(name, name) for name in named if OTHER_NAMES.get(name, name) in callouts.KINDS), "")
    return found or ("note" if any(FAMILIES[name] for name in families) else "")


def _plain(name: str, families: list[str]) -> str:
    """`alert--info` and `callout-note` are the kinds `info` and `note`."""
    for family in families:
        if name.startswith(f"{family}-"):
            return name.removeprefix(family).lstrip("-")
    return name


def _heading(element: Element, depth: int) -> Element | None:
    """The element with the title: the first one, or the first in the first one."""
    first = next((each for each in element.elements() if each.tag not in ("style", "script") and not _is_icon(each)), None)
    if first is None or depth == 0:
        return None
    before = element.children[: element.children.index(first)]
    if any(isinstance(child, str) and child.strip() for child in before):
        return None
    if any(TITLE.search(name) for name in first.get("class").split()):
        return first
    return _heading(first, depth - 1) if first.tag in ("div", "p", "header", "strong") else None


def _is_icon(element: Element) -> bool:
    return element.tag == "svg" or (not element.text().strip() and any(map(ICON.search, element.get("class").split())))


def _unlinked(node: Node) -> list[Node]:
    inside: list[Node] = node["c"][1] if node["t"] == "Link" else []
    return inside
