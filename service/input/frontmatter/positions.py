"""Finds the place of a value in the raw front matter: line and column for doubts of the metadata.

The parsers keep no positions, and doubts are rare. So the key is searched in the text only for a doubt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from service.model.document import Notice

ENTRY = re.compile(r"^[ \t\u00a0]*+(?:[-%:][ \t]*+)?[\"']?(?P<key>[^\s:=：\"'][^:=：\"'\n]*+)[\"']?[ \t]*+[:=：]\s*")
ITEM = re.compile(r"^[ \t]*-[ \t]+")


def placed(notices: Iterable[Notice], raw: str, first_line: int = 1) -> tuple[Notice, ...]:
    """The notices that have a JSON pointer in `data`, with the line and column of the value that it points to.

    `raw` is the front matter unchanged from `first_line` of the upload on.
    """
    lines = raw.split("\n")
    out = []
    for each in notices:
        pointer = str(each.data.get("pointer") or "/" + str(each.data.get("key", "")))
        place = _find(lines, [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]])
        out.append(replace(each, line=place[0] + first_line, column=place[1] + 1) if place and each.line is None else each)
    return tuple(out)


def _find(lines: list[str], steps: list[str]) -> tuple[int, int] | None:
    """Line and column, from 0, of the deepest step of the path that stands on a line of its own."""
    found: tuple[int, int] | None = None
    at = 0
    for step in steps:
        place = _item(lines, at, int(step)) if found and step.isdecimal() else _key(lines, at, step)
        if place is None:
            break
        found, at = place, place[0] + (1 if step.isdecimal() is False and not found else 0)
    return found


def _key(lines: list[str], start: int, key: str) -> tuple[int, int] | None:
    for number in range(start, len(lines)):
        match = ENTRY.match(lines[number])
        if match and match["key"].strip() == key:
            return number, min(match.end(), len(lines[number]))
    return None


def _item(lines: list[str], start: int, index: int) -> tuple[int, int] | None:
    """The item of a block list below the line; a list in brackets has no lines of its own."""
    count = -1
    for number in range(start, len(lines)):
        match = ITEM.match(lines[number])
        count += bool(match)
        if match and count == index:
            return number, match.end()
        if not match and lines[number][:1].strip() and number > start:
            return None
    return None
