"""Removes the parts of a web page around the article, as far as `clean` allows. A notice lists each removal with its text.

`safe` (the default) removes only invisible parts: images without an address, links without text. `web` also removes the
site's chrome by the rules of chrome.yaml. Rules match whole blocks, because a rule inside a block could remove prose.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from service.ast.pandoc_ast import query, text, walk_blocks
from service.model.blocks import Blocks, Survey
from service.model.document import Block, Conversion, Document, Inline, Notice
from service.model.notices import notice

RULES = Path(__file__).with_name("chrome.yaml")
PROSE = 80  # characters of a paragraph outside links that make it prose
Test = Callable[[Block], bool]


@dataclass(frozen=True, slots=True)
class Family:
    name: str
    hosts: tuple[str, ...]
    tail_from: re.Pattern[str] | None
    tail_most: int
    lines: re.Pattern[str] | None
    navigation: bool

    def covers(self, host: str) -> bool:
        return any(each in {"*", host} or host.endswith(f".{each}") for each in self.hosts)


@functools.cache
def families() -> tuple[Family, ...]:
    rules = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    return tuple(
        Family(
            name, tuple(rule["hosts"]), _any_of(rule.get("tail_from")), int(rule.get("tail_most", 1_000)),
            _any_of(rule.get("lines")), bool(rule.get("navigation")),
        )
        for name, rule in rules.items()
    )  # fmt: skip


def _any_of(patterns: Sequence[str] | None) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns)) if patterns else None


def run(document: Document, conversion: Conversion) -> Document:
    if conversion.clean == "none":
        return document
    document = _without_empty(document)
    if conversion.clean != "web":
        return document
    host = _host(document.metadata.source_url)
    for family in families():
        if family.covers(host):
            document = _without_chrome(document, family)
    return document


def _host(url: str) -> str:
    """The host; empty if the URL has none, or cannot be parsed."""
    try:
        return urlsplit(url).hostname or "" if "//" in url else ""
    except ValueError:
        return ""


def _without_empty(document: Document) -> Document:
    """Removes images without an address, links with neither text nor picture, and elements that become empty."""
    images: list[str] = []
    links: list[str] = []

    def visit(node: Inline | Block) -> Inline | Block | list[Inline] | None:
        tag = node["t"]
        if tag == "Image" and not node["c"][2][0].strip():
            images.append(text(node["c"][1]).strip())
            return list(node["c"][1])
        if tag == "Link" and not text(node["c"][1]).strip() and not _shows_image(node["c"][1]):
            links.append(node["c"][2][0])
            return None
        if tag in {"Para", "Plain"} and not _shows(node["c"]):
            return None
        return node

    blocks = walk_blocks(document.blocks, visit, {"Image", "Link", "Para", "Plain"}, _may_be_empty)
    notices: list[Notice] = []
    if images:
        message = f"{len(images)} images without an address were removed"
        notices.append(
            notice("empty-image-removed", message, stage="boilerplate", data={"texts": [each for each in images if each]})
        )
    if links:
        message = f"{len(links)} links without text were removed"
        notices.append(notice("empty-link-removed", message, stage="boilerplate", data={"urls": links[:100]}))
    return replace(document, blocks=blocks, notices=document.notices + tuple(notices))


def _may_be_empty(found: Survey) -> bool:
    """Whether the block may have something to remove: most blocks are one paragraph with words."""
    paragraphs = found.count("Para") + found.count("Plain")
    return "Image" in found.tags or "Link" in found.tags or paragraphs > 1 or (paragraphs == 1 and not found.words)


def _shows_image(inlines: Sequence[Inline]) -> bool:
    return any(node["t"] == "Image" for node in query(inlines))


def _shows(inlines: Sequence[Inline]) -> bool:
    return any(node["t"] not in {"Space", "SoftBreak", "LineBreak"} for node in inlines)


def _without_chrome(document: Document, family: Family) -> Document:
    blocks = list(document.blocks)
    removed: list[str] = []
    if family.tail_from is not None:
        blocks, tail = _cut_tail(blocks, family.tail_from, family.tail_most)
        removed += tail
    for matches in (_line_test(family), _navigation_test(family)):
        if matches is not None:
            blocks, edges = _cut_edges(blocks, matches)
            removed += edges
    if not removed:
        return document
    message = f"{len(removed)} blocks of the web page around the article were removed (rules: {family.name})"
    reported = notice("boilerplate-removed", message, stage="boilerplate", data={"family": family.name, "removed": removed})
    return replace(document, blocks=Blocks(blocks, like=document.blocks), notices=(*document.notices, reported))


def folded(block: Block) -> str:
    return " ".join(text(block).split())


def _cut_tail(blocks: list[Block], start: re.Pattern[str], most: int) -> tuple[list[Block], list[str]]:
    for position, block in enumerate(blocks):
        if start.fullmatch(folded(block)):
            tail = [folded(each) for each in blocks[position:]]
            if sum(map(len, tail)) <= most:
                return blocks[:position], tail
    return blocks, []


def _line_test(family: Family) -> Test | None:
    lines = family.lines
    return None if lines is None else lambda block: lines.fullmatch(folded(block)) is not None


def _navigation_test(family: Family) -> Test | None:
    return is_navigation if family.navigation else None


def is_navigation(block: Block) -> bool:
    """A list or paragraph of at least three links with hardly a word outside them."""
    if block["t"] not in {"BulletList", "OrderedList"}:
        return False
    links = list(query(block, {"Link"}))
    inside = sum(len(text(node["c"][1]).strip()) for node in links)
    return len(links) >= 3 and inside >= 0.8 * len(folded(block))


def _cut_edges(blocks: list[Block], matches: Test) -> tuple[list[Block], list[str]]:
    """Removes matching blocks before the first and after the last paragraph of prose."""
    prose = [position for position, block in enumerate(blocks) if block["t"] == "Para" and len(folded(block)) >= PROSE]
    first, last = (prose[0], prose[-1]) if prose else (len(blocks), -1)
    kept, removed = [], []
    for position, block in enumerate(blocks):
        if (position < first or position > last) and matches(block):
            removed.append(folded(block))
        else:
            kept.append(block)
    return kept, removed
