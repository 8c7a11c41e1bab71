"""Addresses with blanks in them, as programs write them that copy an `href` as it is: `[tag](/tag.html?tag=edge devices)`.

CommonMark sees no link there. A blank within an address is `%20`, so that is what pandoc is given; only what begins like an
address and ends with its bracket counts.
"""

from __future__ import annotations

import re

from service.readers.markdown.split_links import outside_fences

CODE = r"\\.|(?<!`)(?P<ticks>`++)[^`\n]+(?P=ticks)(?!`)"
ADDRESS = r"(?:https?://|\.{0,2}/)[^\s()<>\"']*(?:[ ][^\s()<>\"']+)+"
SPACED = re.compile(rf"{CODE}|(?<=\]\()(?P<address>{ADDRESS})(?=(?:[ ]+\"[^\"\n]*\")?[ ]*\))")
LIKELY = re.compile(r"\]\([^\s()<>\"']*/[^\s()<>\"']*[ ][^\s()<>\"']")


def encode(text: str) -> str:
    if not LIKELY.search(text):
        return text
    parts: list[str] = []
    end = 0
    for begin, stop in outside_fences(text):
        parts += [text[end:begin], SPACED.sub(_encoded, text[begin:stop])]
        end = stop
    return "".join([*parts, text[end:]])


def _encoded(found: re.Match[str]) -> str:
    return found["address"].replace(" ", "%20") if found["address"] else found[0]
