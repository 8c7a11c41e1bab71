"""The page headers and footers of an RTF file, with the words of watermarks in them (RTF 1.9.1, "Headers and Footers")."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.readers.rtf import characters, passages

BEGINS = re.compile(r"\\.|\{\s*+\\(?:header|footer)[lrf]?+(?![a-z])", re.S)


def lines(text: str) -> Iterator[str]:
    """The paragraphs of each such group, in the order of the file."""
    end = 0
    for found in BEGINS.finditer(text):
        if found.group()[0] != "{" or found.start() < end:
            continue
        end = characters.group_end(text, found.start())
        yield from passages.shown(text[found.end() : end]).split("\n")
