"""Notes embedded in other notes of a book: `![[note]]` and `![[note#part]]` become the text of that chapter.

Works on the bodies of the chapters in the book: identifiers, links and images are those of the whole. Each note
or part is embedded once in a book, so that texts cannot grow without limit. Further places become links to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from service.ast import pandoc_ast
from service.model.document import Block, Notice
from service.model.notices import notice

CLASS = "embed"
TARGET = re.compile(r"#(?:chapter-(?P<whole>\d+)|c(?P<number>\d+)-(?P<part>.+))\Z", re.S)


@dataclass(slots=True)
class _Bodies:
    given: Mapping[int, Sequence[Block]]
    done: set[str] = field(default_factory=set)
    failed: dict[str, None] = field(default_factory=dict)  # texts of links, each once

    def filled(self, blocks: Sequence[Block], open_chapters: tuple[int, ...]) -> list[Block]:
        """The blocks, with each paragraph that is only an embed replaced by the embedded text."""

        def visit(node: dict[str, Any]) -> dict[str, Any] | list[Block]:
            link = _only_embed(node)
            return node if link is None else self._text(link, node, open_chapters)

        return [_without_class(each) for each in pandoc_ast.walk(blocks, visit, {"Para", "Plain"})]

    def _text(self, link: dict[str, Any], node: dict[str, Any], open_chapters: tuple[int, ...]) -> dict[str, Any] | list[Block]:
        target = link["c"][2][0]
        match = TARGET.fullmatch(target)
        number = int(match["whole"] or match["number"]) if match else 0
        whole = bool(match and match["whole"])
        if number not in self.given or (whole and number in open_chapters):
            return self._refused(link, node)
        if target in self.done:
            return node
        body = self.given[number]
        part = body if whole else _section(body, target[1:])
        if not part or (not whole and _embeds(part, target)):
            return self._refused(link, node)
        self.done.add(target)
        inner = self.filled(part, (*open_chapters, number))
        return [pandoc_ast.div(_without_identifiers(inner), pandoc_ast.attr(classes=[CLASS]))]

    def _refused(self, link: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
        self.failed[pandoc_ast.text(link["c"][1])] = None
        return node


def placed(
    bodies: Mapping[int, Sequence[Block]], numbers: Iterable[int] = ()
) -> tuple[dict[int, list[Block]], tuple[Notice, ...]]:
    """The bodies of the chapters `numbers`, or of all, with their embeds, and a notice for embeds that are not possible."""
    wanted = list(numbers) or list(bodies)
    if not any(CLASS in node["c"][0][1] for number in wanted for node in pandoc_ast.query(bodies[number], {"Link"})):
        return {number: list(bodies[number]) for number in wanted}, ()
    found = _Bodies(bodies)
    filled = {number: found.filled(bodies[number], (number,)) for number in wanted}
    if not found.failed:
        return filled, ()
    data = {"notes": list(found.failed)[:50], "count": len(found.failed)}
    message = f"These notes could not be embedded: {', '.join(list(found.failed)[:5])}. A link replaces each"
    return filled, (notice("embed-not-possible", message, stage="combine", data=data),)


def _only_embed(node: dict[str, Any]) -> dict[str, Any] | None:
    content = [each for each in node["c"] if each["t"] not in ("Space", "SoftBreak", "LineBreak")]
    is_embed = len(content) == 1 and content[0]["t"] == "Link" and CLASS in content[0]["c"][0][1]
    return content[0] if is_embed else None


def _embeds(blocks: Sequence[Block], target: str) -> bool:
    """Whether the blocks have an embed of that target: a part of a note cannot embed itself, but another part of the note."""
    links = (node["c"] for node in pandoc_ast.query(blocks, {"Link"}))
    return any(content[2][0] == target and CLASS in content[0][1] for content in links)


def _section(body: Sequence[Block], identifier: str) -> list[Block]:
    """The heading with the identifier and all blocks below it, or the only block that has it."""
    for at, block in enumerate(body):
        if block["t"] == "Header" and block["c"][1][0] == identifier:
            level = block["c"][0]
            ends = (later for later in range(at + 1, len(body)) if body[later]["t"] == "Header" and body[later]["c"][0] <= level)
            return list(body[at : next(ends, len(body))])
    tags = pandoc_ast.ATTRIBUTES_AT
    holds = (
        [block]
        for block in body
        if any(node["c"][tags[node["t"]]][0] == identifier for node in pandoc_ast.query([block], tags.keys()))
    )
    return next(holds, [])


def _without_identifiers(blocks: Sequence[Block]) -> list[Block]:
    """The copy of a text: its identifiers stay with the original."""
    at = pandoc_ast.ATTRIBUTES_AT

    def visit(node: dict[str, Any]) -> dict[str, Any]:
        place = at[node["t"]]
        attributes = node["c"][place]
        if not attributes[0]:
            return node
        return {**node, "c": [*node["c"][:place], ["", *attributes[1:]], *node["c"][place + 1 :]]}

    return pandoc_ast.walk(blocks, visit, at.keys())


def _without_class(block: Block) -> Block:
    """Remaining embeds become ordinary links."""

    def visit(node: dict[str, Any]) -> dict[str, Any]:
        attributes, inlines, target = node["c"]
        if CLASS not in attributes[1]:
            return node
        kept = [attributes[0], [each for each in attributes[1] if each != CLASS], attributes[2]]
        return {**node, "c": [kept, inlines, target]}

    return pandoc_ast.walk([block], visit, {"Link"})[0]
