"""Texts that end within a link, as in archives that keep only the first characters: `… [Label](https://exam...`.

75 of 400 real articles end so. CommonMark reads no link there, and the last line of the page would be brackets and half
an address. The words stay, with dots for the cut. Half an address leads nowhere, so it is only in a notice.
"""

from __future__ import annotations

import re

from service.model.document import Notice
from service.model.notices import notice
from service.readers.markdown.changes import Text
from service.readers.markdown.split_links import MARK

DOTS = r"(?P<dots>\.{3}|…)"
# Behind a label: half an address, or a whole one with the start of a title.
LINK_ADDRESS = re.compile(rf"\](?P<target>\(<?[^\s)<>\"]*?)(?P<title>[ ]++\"[^\"\n]*?)?{DOTS}?\Z")
LABEL = re.compile(rf"\]?{DOTS}\Z")
INDENTED = re.compile(r"(?: {4}|\t)(?![ \t]*(?:[-+*]|\d{1,9}[.)])[ \t])")
LAST = 4000  # characters at the end that are checked: an address and its label


def without_half_link(text: Text) -> tuple[Notice, ...]:
    """Removes the half of a link at the end of the text. Returns its notice."""
    prose = text.prose
    end = _end(prose)
    begin = _last_prose(prose) if end else 0
    if end is None or end.start() < begin:
        return ()
    source = text.text
    opened = _opened(source, begin, end.start())
    parts = end.groupdict()
    inner = opened[-1:] if parts.get("target") else []
    cut = [start for start in opened if start in inner or _begins_link(source, start)]
    if not cut or (parts.get("target") and not inner) or not _is_prose(source, cut[0]):
        return ()
    target = ""
    if parts.get("title"):
        cut, target = [start for start in cut if start not in inner], f"]{parts['target']})"
    first = min(cut + inner)
    data = {"removed": source[first:].strip()}
    number = text.line + source.count("\n", 0, first)
    openings = [(start, start + (2 if source[start] == "!" else 1), "") for start in cut]
    text.cut([*openings, (end.start(), len(source), f"{target}{parts['dots'] or '…'}\n")])
    return (notice("text-cut-off", stage="read", line=number, data=data),)


def _end(text: str) -> re.Match[str] | None:
    """The place of an address or a label at the end of the text; most texts need no pattern for that."""
    bare = text.rstrip()
    start = text.rfind("](", -LAST)
    if start >= 0 and (text.find(")", start) < 0 or '"' in text[start:]) and (found := LINK_ADDRESS.match(bare, start)):
        return found
    return LABEL.search(bare, len(bare) - 4) if bare.endswith(("...", "…")) else None


def _last_prose(prose: str) -> int:
    """The start of the search: behind the last block of code, and not further back than `LAST`."""
    block = max(prose.rfind("\0\n"), prose.rfind("\n\0"))
    return max(block + 1, len(prose) - LAST)


def _opened(text: str, begin: int, stop: int) -> list[int]:
    """The starts of links and images that are open at `stop`."""
    opened: list[int] = []
    for found in MARK.finditer(text, begin, stop):
        if found["open"]:
            opened.append(found.start() - (text[begin : found.start()][-1:] == "!"))
        elif opened and (found["end"] or found["close"]):
            opened.pop()
    return opened


def _begins_link(text: str, start: int) -> bool:
    """Whether it is not a bracket of the text: that of an image, or one around an image or a block."""
    return text[start] == "!" or text[start + 1] in "!\n"


def _is_prose(text: str, position: int) -> bool:
    line = text.rfind("\n", 0, position) + 1
    return text.count("`", line) % 2 == 0 and not INDENTED.match(text, line)
