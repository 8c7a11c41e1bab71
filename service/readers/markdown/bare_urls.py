"""Bare URLs become links, in the AST: pandoc's own extension runs on into the Chinese that follows without a space."""

from __future__ import annotations

import re

from service.ast.pandoc_ast import Node, link, string, walk, walk_blocks
from service.model.blocks import Blocks, Survey

# Only what RFC 3986 lets stand in a URL: the first CJK character or full-width mark ends it.
URL = re.compile(r"(?<![A-Za-z0-9@/])(?:(?:https?|ftp)://|www\.)[A-Za-z0-9][A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
TRAILING = ".,;:!?'*_~"
PAIRS = {")": "(", "]": "["}


def linkify(blocks: Blocks) -> Blocks:
    return walk_blocks(blocks, _visit, {"Str", "Link", "Image"}, _may_hold)


def _may_hold(found: Survey) -> bool:
    return "://" in found.words or "www." in found.words or "Link" in found.tags or "Image" in found.tags


def _visit(node: Node) -> Node | list[Node]:
    if node["t"] == "Str" and ("://" in node["c"] or "www." in node["c"]):
        return _split(node["c"])
    if node["t"] in ("Link", "Image"):  # no link within a link
        attributes, inlines, target = node["c"]
        bare = walk(inlines, _unlinked, {"Link"})
        return node if bare == inlines else {"t": node["t"], "c": [attributes, bare, target]}
    return node


def _unlinked(node: Node) -> Node | list[Node]:
    inlines: list[Node] = node["c"][1]
    return inlines


def _split(text: str) -> list[Node]:
    parts: list[Node] = []
    end = 0
    for found in URL.finditer(text):
        url = _trimmed(found.group())
        if "." not in url.split("://")[-1] and "localhost" not in url:
            continue
        if found.start() > end:
            parts.append(string(text[end : found.start()]))
        target = url if "://" in url else f"http://{url}"
        parts.append(link([string(url)], target, attributes=["", ["uri"], []]))
        end = found.start() + len(url)
    return [*parts, string(text[end:])] if end < len(text) else parts


def _trimmed(url: str) -> str:
    """Without the punctuation of the sentence around it, and a closing bracket that it does not open."""
    while url and (url[-1] in TRAILING or (url[-1] in PAIRS and url.count(url[-1]) > url.count(PAIRS[url[-1]]))):
        url = url[:-1]
    return url
