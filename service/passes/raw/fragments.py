"""Writes siblings of the AST as one piece of HTML and reads it, so that the tags of an element find each other.

Markdown gives the opening tag in one raw node, the content as its own nodes, and the closing tag in another raw node. Finished
nodes become placeholders, so that Markdown in an element stays what it is. An element without an end tag ends with the raw node
that opens it. Otherwise it would contain everything that follows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from service.ast.html import Converter, Dropped, elements
from service.ast.html.shape import is_block
from service.ast.html.tree import TAG
from service.ast.pandoc_ast import Node, attr, plain, words
from service.model.blocks import ENUMERATIONS
from service.passes.raw import opaque
from service.passes.raw.tags import HTML, OPAQUE, Tag, ended, is_known, tags_of

COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
INSTRUCTION = re.compile(r"<\?(?P<code>.*?)\?>|<\?.*\Z|<!\[CDATA\[.*?(?:\]\]>|\Z)", re.DOTALL)
# These continue over empty lines: one without an end contains the rest of the text.
RUNNING_ON = re.compile(r"<(script|style|textarea)\b", re.IGNORECASE)


@dataclass
class Fragments:
    """`closed` are the elements with an end tag somewhere: a start tag of one is markup and not its name."""

    converter: Converter
    closed: frozenset[str] = frozenset()
    comments: int = 0
    other: list[tuple[str, str]] = field(default_factory=list)

    def siblings(self, nodes: Sequence[Node]) -> list[Node]:
        """Blocks or inlines of one parent, without raw nodes among or below them."""
        if nodes and is_block(nodes[0]):
            if any(node["t"] == "RawBlock" for node in nodes):
                return self.converter.blocks(Writing(self).written(nodes))
            return [one for node in nodes for one in self.block(node)]
        html, rest = self._inline_html(nodes)
        return self.converter.inlines(html) if html else rest

    def block(self, node: Node) -> list[Node]:
        """A block with its content converted. A paragraph with block elements is divided into them."""
        if node["t"] not in ("Para", "Plain"):
            return [self._inside(node)]
        html, rest = self._inline_html(node["c"])
        if not html:
            return [{"t": node["t"], "c": rest}] if rest or not node["c"] else []
        if not any(found[2].lower() in elements.BLOCKS for found in TAG.finditer(html)):
            inlines = self.converter.inlines(html)
            return [{"t": node["t"], "c": inlines}] if inlines else []
        blocks = self.converter.blocks(html)
        if node["t"] == "Plain":
            return [plain(block["c"]) if block["t"] == "Para" else block for block in blocks]
        return blocks

    def _below(self, part: Any) -> Any:
        if isinstance(part, list):
            if part and isinstance(part[0], dict) and "t" in part[0] and part[0]["t"] not in ENUMERATIONS:
                return self.siblings(part)
            return [self._below(one) for one in part]
        if isinstance(part, dict) and "citationId" in part:
            return {key: self._below(value) for key, value in part.items()}
        return part

    def _inside(self, node: Node) -> Node:
        has_parts = isinstance(node.get("c"), list) and node["t"] not in ("RawInline", "RawBlock")
        return {"t": node["t"], "c": self._below(node["c"])} if has_parts else node

    def _inline_html(self, nodes: Sequence[Node]) -> tuple[str, list[Node]]:
        """The inlines as HTML with placeholders; if no tag among them is markup, no HTML, and the inlines without raw ones."""
        nodes = opaque.joined(nodes)
        tags = tags_of(nodes, self.closed)
        parts: list[str] = []
        run: list[Node] = []
        for place, node in enumerate(nodes):
            tag = tags.get(place)
            if tag is None or not tag.keep:
                run += self._plain(node, tag)
                continue
            if run:
                parts.append(self.converter.stand_in(run))
                run = []
            parts.append(tag.markup())
            self.note_unknown(tag.name, tag.closes)
        if not parts:
            return "", run
        return "".join(parts) + (self.converter.stand_in(run) if run else ""), []

    def note_unknown(self, name: str, closes: bool) -> None:
        """A custom element shows only its text."""
        if name not in elements.KNOWN and not closes:
            self.converter.dropped.append(Dropped(name, "", 0))

    def note_program(self, source: str) -> None:
        name = source[: 2 + len(source[2:].split(maxsplit=1)[0])] if source[2:].strip() else "<?"
        self.converter.dropped.append(Dropped(name.removeprefix("<"), source, 0))

    def _plain(self, node: Node, tag: Tag | None) -> list[Node]:
        """The rest of an inline that is not markup for the converter."""
        if node["t"] != "RawInline":
            return [self._inside(node)]
        kind, source = node["c"]
        if kind not in HTML:
            self.other.append((kind, source))
        elif tag is None and source.startswith("<!--"):
            self.comments += 1
        elif tag is None and (found := INSTRUCTION.fullmatch(source)) and found["code"] is not None:
            self.note_program(source)
        elif tag is None or tag.literal:
            return words(source)
        elif not (tag.closes and tag.name in elements.HIDDEN):  # its start tag is listed
            self.converter.dropped.append(Dropped(tag.name, "", 0))
        return []


@dataclass
class Writing:
    """One list of blocks during its conversion to HTML. `inside` are the open opaque elements: one, or nested pictures."""

    fragments: Fragments
    parts: list[str] = field(default_factory=list)
    run: list[Node] = field(default_factory=list)
    inside: list[str] = field(default_factory=list)

    def written(self, nodes: Sequence[Node]) -> str:
        nodes = _continued(nodes)
        ends = _missing_ends(nodes)
        for place, node in enumerate(nodes):
            if node["t"] == "RawBlock" and node["c"][0] not in HTML:
                self.fragments.other.append(tuple(node["c"]))
            elif node["t"] == "RawBlock":
                self._flush()
                self.parts += [self._markup(node["c"][1]), *(f"</{name}>" for name in ends.get(place, ()))]
                self.inside = self.inside[: len(self.inside) - sum(name in OPAQUE for name in ends.get(place, ()))]
            elif self.inside:
                self.parts.append(opaque.source([node], self.inside[-1]))
            else:
                self.run += self.fragments.block(node)
        self._flush()
        return ended("".join(self.parts))

    def _flush(self) -> None:
        if self.run:
            self.parts.append(self.fragments.converter.stand_in(self.run))
            self.run = []

    def _markup(self, source: str) -> str:
        """The part of a raw block for the converter: known elements. Everything else becomes text or code."""
        found = None if self.inside else RUNNING_ON.match(source.lstrip())
        if found and f"</{found[1].lower()}" not in source.lower():  # it does not continue
            return f"<pre>{escape(source)}</pre>"
        self.fragments.comments += len(COMMENT.findall(source))
        source = INSTRUCTION.sub(self._instruction, COMMENT.sub("", source))
        return TAG.sub(self._tag, source)

    def _instruction(self, found: re.Match[str]) -> str:
        """A program (`<?php … ?>`) is removed. One without an end contains the rest of the text, and is shown."""
        if found["code"] is None:
            return f"<pre>{escape(found[0])}</pre>"
        self.fragments.note_program(found[0])
        return ""

    def _tag(self, found: re.Match[str]) -> str:
        name, closes = found[2].lower(), bool(found[1])
        if self.inside:
            if closes and name == self.inside[-1]:
                self.inside.pop()
            elif not closes and name == self.inside[-1] and name in elements.FOREIGN and not found.group().endswith("/>"):
                self.inside.append(name)
            return found.group()
        if not closes and name in OPAQUE and not (found.group().endswith("/>") and name in elements.FOREIGN):
            self.inside.append(name)
        if not is_known(name, self.fragments.closed):
            return escape(found.group())
        self.fragments.note_unknown(name, closes)
        return found.group()


def _continued(nodes: Sequence[Node]) -> list[Node]:
    """Blocks, with indented lines as markup: those in a drawing, and those that begin with the end tag of an open
    element.
    """
    out: list[Node] = []
    opened: Counter[str] = Counter()
    for node in nodes:
        is_indented = node["t"] == "CodeBlock" and node["c"][0] == attr()
        found = TAG.match(node["c"][1].lstrip()) if is_indented else None
        in_drawing = is_indented and any(opened[name] > 0 for name in elements.FOREIGN)
        continues = in_drawing or (found is not None and bool(found[1]) and opened[found[2].lower()] > 0)
        out.append({"t": "RawBlock", "c": ["html", node["c"][1]]} if continues else node)
        if continues or (node["t"] == "RawBlock" and node["c"][0] in HTML):
            for tag in TAG.finditer(node["c"][1]):
                opened[tag[2].lower()] += -1 if tag[1] else 1
    return out


def _missing_ends(nodes: Sequence[Node]) -> dict[int, list[str]]:
    """The elements that a raw block opens and no tag closes, by the block's place; the last opened one first."""
    opened: list[tuple[str, int]] = []
    last: dict[str, list[int]] = {}
    for place, node in enumerate(nodes):
        if node["t"] != "RawBlock" or node["c"][0] not in HTML:
            continue
        for found in TAG.finditer(COMMENT.sub("", node["c"][1])):
            name = found[2].lower()
            if name in elements.VOID or (found.group().endswith("/>") and name not in elements.KNOWN):
                continue
            if not found[1]:
                last.setdefault(name, []).append(len(opened))
                opened.append((name, place))
            elif held := last.get(name):
                _close(opened, last, held[-1])
    ends: dict[int, list[str]] = {}
    for name, place in reversed(opened):
        if name in elements.KNOWN:
            ends.setdefault(place, []).append(name)
    return ends


def _close(opened: list[tuple[str, int]], last: dict[str, list[int]], down_to: int) -> None:
    """An end tag also ends all open elements within its element."""
    while len(opened) > down_to:
        last[opened.pop()[0]].pop()
