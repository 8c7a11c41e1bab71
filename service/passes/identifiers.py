"""Identifiers that are unique and valid in every format, and internal links that lead to one of them.

pandoc makes identifiers from heading texts; raw HTML and attributes contain those of the author. The same document
always gets the same identifiers.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Any
from urllib.parse import unquote

from service.ast.heading_slugs import GitHubSlugs, HeadingSlugs
from service.ast.pandoc_ast import ATTRIBUTES_AT, query, text, walk_blocks
from service.model.document import Block, Conversion, Document, Inline
from service.model.free_names import FreeNames
from service.model.notices import notice

# An XML NCName, for the EPUB; letters and digits of any script are fine.
USELESS = re.compile(r"[^\w.\-]+")
# pandoc's names for footnotes.
RESERVED = re.compile(r"fn(ref)?\d+$")


def run(document: Document, conversion: Conversion) -> Document:  # noqa: ARG001
    names: dict[str, str] = {}
    taken: set[str] = set()
    free = FreeNames()
    changed: list[str] = []

    links = any(node["c"][2][0].startswith("#") for node in query(document.blocks, {"Link"}))
    made = GitHubSlugs()

    def rename(node: Inline | Block) -> Inline | Block:
        at = ATTRIBUTES_AT[node["t"]]
        given = identifier = _content(node, at)[0]
        if not identifier and links and node["t"] == "Header":  # GitHub gives one to a heading in HTML
            identifier = made.of(text(node["c"][2]))
        if not identifier:
            return node
        new = free.free(_valid(identifier), "{name}-{number}", taken.__contains__)
        taken.add(new)
        names.setdefault(identifier, new)
        if new == given:
            return node
        if given:
            changed.append(f"{given} → {new}")
        return _with_identifier(node, at, new)

    blocks = walk_blocks(document.blocks, rename, ATTRIBUTES_AT.keys())
    dead: list[str] = []

    @cache
    def slugs() -> HeadingSlugs:
        return HeadingSlugs(query(blocks, {"Header"}))

    def relink(node: Inline | Block) -> Inline | Block | list[Inline]:
        if not node["c"][2][0].startswith("#"):
            return node
        attributes, inlines, (url, title) = node["c"]
        target = names.get(url[1:]) or names.get(unquote(url[1:])) or slugs().identifier(url[1:])
        if target is None:
            dead.append(url)
            return list(inlines)
        return node if url == f"#{target}" else {"t": "Link", "c": [attributes, inlines, [f"#{target}", title]]}

    if links:
        blocks = walk_blocks(blocks, relink, {"Link"})
    notices = document.notices
    if changed:
        notices += (notice("identifier-changed", stage="identifiers", data={"changed": changed[:100]}),)
    if dead:
        message = f"{len(dead)} links within the document lead nowhere and became plain text"
        notices += (notice("dead-internal-link", message, stage="identifiers", data={"links": dead[:100]}),)
    return replace(document, blocks=blocks, notices=notices)


def _content(node: Inline | Block, at: int) -> list[Any]:
    attributes: list[Any] = node["c"][at]
    return attributes


def _with_identifier(node: Inline | Block, at: int, identifier: str) -> Inline | Block:
    content = list(node["c"])
    content[at] = [identifier, *content[at][1:]]
    return {"t": node["t"], "c": content}


def _valid(identifier: str) -> str:
    name = USELESS.sub("-", identifier).strip("-") or "section"
    if not (name[0].isalpha() or name[0] == "_") or RESERVED.match(name):
        name = f"s-{name}"
    return name
