"""Articles that become one text: makes identifiers, links and images of each article unique."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from service.ast import pandoc_ast
from service.model.document import Asset, Block, Document
from service.model.siblings import ARTICLE
from service.pipeline.collections import links


def identifiers(article: Document) -> dict[str, str]:
    """The identifiers of an article, by their names in links."""
    at = pandoc_ast.ATTRIBUTES_AT
    return links.called(node["c"][at[node["t"]]][0] for node in pandoc_ast.query(article.blocks, at.keys()))


def apart(article: Document, number: int, known: Mapping[int, Mapping[str, str]]) -> list[Block]:
    """The blocks of the article with that number. `known` are the identifiers of each article, see `identifiers`."""
    own = {name for name, _ in assets(article, number)}

    def visit(node: dict[str, Any]) -> dict[str, Any]:
        content: Any = node.get("c")
        at = pandoc_ast.ATTRIBUTES_AT.get(node["t"])
        if at is not None and content[at][0]:
            content = [*content[:at], [f"c{number}-{content[at][0]}", *content[at][1:]], *content[at + 1 :]]
        if node["t"] == "Link" and content[2][0].startswith("#"):
            content = [*content[:2], [f"#c{number}-{content[2][0][1:]}", content[2][1]]]
        elif node["t"] == "Link" and content[2][0].startswith(ARTICLE):
            content = [*content[:2], [links.target(content[2][0], known), content[2][1]]]
        if node["t"] == "Image" and content[2][0] in own:
            content = [*content[:2], [asset_name(content[2][0], number), content[2][1]]]
        return {**node, "c": content} if content is not node.get("c") else node

    return pandoc_ast.walk(article.blocks, visit)


def assets(article: Document, number: int) -> list[tuple[str, Asset]]:
    """Each asset of the article: its name in the whole → the asset."""
    return [(name, replace(asset, name=asset_name(name, number))) for name, asset in article.assets.items()]


def asset_name(name: str, number: int) -> str:
    """Data and addresses are the same in every article; a file belongs to one article."""
    return name if name.startswith(("data:", "http://", "https://")) else f"c{number}/{name}"
