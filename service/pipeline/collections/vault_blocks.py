"""Blocks of a vault that other notes name: `![[note#^block]]` becomes the block, and `[[note#^block]]` leads to it.

help.obsidian.md/links, "Link to a block in a note": `^block` ends the block, or stands on a line of its own after it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping

from service.pipeline.collections.base import Changed, Collection, decoded
from service.pipeline.collections.substitutions import outside_code

NAMED = re.compile(r"(?P<embed>!?)\[\[(?P<note>[^\[\]|#\n]{0,200}+)#\^(?P<block>[\w-]{1,60}+)(?:\|[^\[\]\n]{0,200}+)?\]\]")
MARK = re.compile(r"(?:(?<=[ \t])|^)\^(?P<block>[\w-]{1,60}+)[ \t]*$", re.M)
ITEM = re.compile(r"[ \t]*+(?:[-*+]|\d{1,9}[.)])[ \t]")


def placed(files: Mapping[str, bytes], collection: Collection) -> Changed:
    """The notes with the blocks that they embed, and with places where links lead to."""
    if collection.kind != "obsidian":
        return Changed()
    texts = {name: decoded(files[name]) for name in collection.names if b"^" in files[name]}
    by_name = {_called(name): name for name in reversed(collection.names)}
    blocks = {(name, block): words for name, text in texts.items() for block, words in _blocks(text)}

    def embedded(found: re.Match[str], own: str) -> str:
        note = by_name.get(_called(found["note"]), "") if found["note"].strip() else own
        return blocks.get((note, found["block"]), "") or found[0] if found["embed"] else found[0]

    def changed(text: str, own: str) -> str:
        text = MARK.sub(lambda mark: f'<a id="{mark["block"]}"></a>' if (own, mark["block"]) in wanted else mark[0], text)
        return NAMED.sub(lambda found: embedded(found, own), text)

    named = ((name, found) for name, text in texts.items() for found in NAMED.finditer(text) if not found["embed"])
    wanted = {(by_name.get(_called(found["note"]), name), found["block"]) for name, found in named}
    found = {name: outside_code(text, lambda part, own=name: changed(part, own)) for name, text in texts.items()}  # type: ignore[misc]
    return Changed({name: text.encode() for name, text in found.items() if text != texts[name]})


def _called(note: str) -> str:
    base = posixpath.basename(note.strip()).casefold()
    return base.removesuffix(".md")


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """Each block with its name: a line of a list, or the lines of a paragraph, table or quotation."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        mark = MARK.search(line)
        if not mark:
            continue
        last = line[: mark.start()].rstrip()
        at = number if last.strip() else number - 1
        while not last.strip() and at > 0 and not lines[at].strip():
            at -= 1
        inside = [last] if last.strip() else [lines[at]]
        while at > 0 and lines[at - 1].strip() and not ITEM.match(inside[0]) and not lines[at - 1].startswith("#"):
            at -= 1
            inside.insert(0, lines[at])
        yield mark["block"], "\n".join(inside)
