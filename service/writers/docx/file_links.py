"""Links to other files of the same collection: a relative target, and the bookmark there (ECMA-376 part 1, 17.16.22)."""

from __future__ import annotations

import hashlib
from urllib.parse import unquote

from service.containers.packages import parse, serialize
from service.model.siblings import PRODUCED
from service.writers.docx.body import RELATIONS, R, w

LONGEST = 40  # letters of a bookmark's name


def settle(parts: dict[str, bytes], part: str, relations: str) -> None:
    """Replaces the mark of such links in the relationships of `part`, and names the bookmark at each of its links."""
    if PRODUCED.encode() not in parts[relations]:
        return
    top, bookmarks = parse(parts[relations]), dict[str, str]()
    for each in top.iter(f"{{{RELATIONS}}}Relationship"):
        target = each.get("Target", "")
        if target.startswith(PRODUCED):
            file, _, name = target.removeprefix(PRODUCED).partition("#")
            each.set("Target", file)
            bookmarks[each.get("Id", "")] = bookmark(unquote(name)) if name else ""
    parts[relations] = serialize(top)
    text = parse(parts[part])
    for link in text.iter(w("hyperlink")):
        if found := bookmarks.get(link.get(f"{{{R}}}id", "")):
            link.set(w("anchor"), found)
    parts[part] = serialize(text)


def bookmark(identifier: str) -> str:
    """The name that pandoc gives a bookmark: Word takes letters first, and 40 in all."""
    if identifier[:1].isalpha() and len(identifier) <= LONGEST:
        return identifier
    return "X" + hashlib.sha1(identifier.encode(), usedforsecurity=False).hexdigest()[1:]
