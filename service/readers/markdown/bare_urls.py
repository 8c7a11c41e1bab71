"""Bare URLs become links, in the AST: pandoc's extension continues into Chinese text that follows without a space."""

from __future__ import annotations

import re

from service.ast.pandoc_ast import Node, link, string, walk, walk_blocks
from service.model.blocks import Blocks, Survey

# Only characters that RFC 3986 allows: the first CJK character or full-width mark ends it.
URL = re.compile(r"(?<![A-Za-z0-9@/])(?:(?:https?|ftp)://|www\.)[A-Za-z0-9][A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
# GFM's rule for addresses of mail; the last part of a domain begins with a letter, so `pkg@1.2.3` is not an address.
MAIL = re.compile(
    r"(?<![\w.+/:@-])[A-Za-z0-9][\w.+-]*+@(?>(?:[A-Za-z0-9_-]+\.(?=[\w-]))+)[A-Za-z][A-Za-z0-9]*+(?![\w@/-]|:\S)", re.ASCII
)
TRAILING = ".,;:!?'*_~"
ENTITY = re.compile(r"&[A-Za-z0-9]{1,32};\Z")  # `www.example.org&hl;` ends before it
MARKS = ("://", "www.", "@")
PAIRS = {")": "(", "]": "["}


def linkify(blocks: Blocks) -> Blocks:
    return walk_blocks(blocks, _visit, {"Str", "Link", "Image"}, _may_hold)


def _may_hold(found: Survey) -> bool:
    return any(mark in found.words for mark in MARKS) or "Link" in found.tags or "Image" in found.tags


def _visit(node: Node) -> Node | list[Node]:
    if node["t"] == "Str" and any(mark in node["c"] for mark in MARKS):
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
    for found in sorted([*URL.finditer(text), *MAIL.finditer(text)], key=re.Match.start):
        is_mail = found.re is MAIL
        url = found.group() if is_mail else _trimmed(found.group())
        if found.start() < end or ("." not in url.split("://")[-1] and "localhost" not in url):
            continue
        if found.start() > end:
            parts.append(string(text[end : found.start()]))
        target = f"mailto:{url}" if is_mail else url if "://" in url else f"http://{url}"
        parts.append(link([string(url)], target, attributes=["", ["uri"], []]))
        end = found.start() + len(url)
    return [*parts, string(text[end:])] if end < len(text) else parts


def _trimmed(url: str) -> str:
    """The URL without the punctuation of its sentence, and without an unmatched closing bracket."""
    url = ENTITY.sub("", url)
    while url and (url[-1] in TRAILING or (url[-1] in PAIRS and url.count(url[-1]) > url.count(PAIRS[url[-1]]))):
        url = url[:-1]
    return url
