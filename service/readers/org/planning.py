"""The data of Org at a heading for its owner: dates of planning, properties, a log. Org's export omits them too."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.model.document import Notice
from service.model.notices import notice

HEADING = re.compile(r"\*+ ")
DATES = re.compile(r"[ \t]*(?:CLOSED|SCHEDULED|DEADLINE):[ \t]*[<\[]")
DRAWER = re.compile(r"[ \t]*:(?:PROPERTIES|LOGBOOK):[ \t]*", re.I)
END = re.compile(r"[ \t]*:END:[ \t]*", re.I)
MOST_LISTED = 1_000


def reported(text: str, first_line: int) -> list[Notice]:
    """One notice of all such lines below headings; `first_line` is that of `text` in the upload."""
    found = list(_lines(text.split("\n")))
    if not found:
        return []
    message = f"{len(found)} lines of planning, properties or log below headings are not shown."
    removed = [line.strip() for _, line in found[:MOST_LISTED]]
    return [notice("comment-removed", message, stage="read", line=first_line + found[0][0], data={"removed": removed})]


def _lines(lines: list[str]) -> Iterator[tuple[int, str]]:
    below, inside = False, False
    for at, line in enumerate(lines):
        if inside:
            inside = not END.fullmatch(line) and not HEADING.match(line)
            if inside:
                yield at, line
        elif HEADING.match(line):
            below = True
        elif below and DATES.match(line):
            yield at, line
        elif below and DRAWER.fullmatch(line):
            inside = True
        else:
            below = False
