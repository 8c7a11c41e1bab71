"""The text of Org without its markup, for the count of letters."""

from __future__ import annotations

import re

from service.readers.shared import letters

BLOCK = re.compile(
    r"^[ \t]*#\+begin_(comment|export)\b.*?(?:^[ \t]*#\+end_\1\b.*?$|\Z)|^[ \t]*:(properties|logbook)\b:.*?(?:^[ \t]*:end:|\Z)",
    re.S | re.M | re.I,
)
LINE = re.compile(r"^[ \t]*(?:#\+|#[ \t]|#$|\|[-+]+\|?[ \t]*$|(?:SCHEDULED|DEADLINE|CLOSED|CLOCK):|:\w+:).*$", re.M | re.I)
HEAD = re.compile(r"^\*+[ \t]+(?:(?:TODO|DONE|NEXT|WAITING|CANCELLED)[ \t]+)?(?:\[#\w\][ \t]+)?|(?<=[ \t]):[\w@:]+:[ \t]*$", re.M)
ITEM = re.compile(r"^[ \t]*(?:\d+|[A-Za-z])[.)][ \t]+(?:\[@\d+\][ \t]*)?|\[[ xX-]\]|\[\d*[/%]\d*\]", re.M)
LINK = re.compile(r"\[\[[^\[\]\n]*\]\[|\[\[[^\[\]\n]*\]\]|\[(?:fn|cite)[:/][^\[\]]*\]:?|(?<!<)<<++[^<>\n]*+>++")
ADDRESS = re.compile(r"<?\b(?:https?|ftp|file|mailto|id|doi|info|irc|news|elisp|shell):[^\s<>\[\]]*>?")
MACRO = re.compile(
    r"\{\{\{(?>(?:[^{}\n]++|\{(?!\{\{)|\}(?!\}\}))*)\}\}\}|@@\w++:.*?@@"
    r"|(?<!\w)src_\w++(?:\[[^\[\]\n]*+\])?\{[^{}\n]*+\}|(?<!\w)call_\w++\([^()\n]*+\)"
)
FORMULA = re.compile(
    r"\\[\[(](?>(?:[^\\]++|\\(?![\[\]()]))*)\\[\])]"
    r"|\\begin\{(\w+\*?)\}.*?(?:\\end\{\1\}|\Z)|\$\$?[^$\n]+\$\$?|\\[A-Za-z]+(?:\{[^{}\n]*\})?",
    re.S,
)
STAMP = re.compile(r"[<\[]\d{4}-\d\d-\d\d[^<>\[\]\n]*[>\]](?:--[<\[][^<>\[\]\n]*[>\]])?")


HEADING = re.compile(r"(\*++)[ \t]")
TAGS = re.compile(r"(?>(?::[\w@#%]++)+):")  # at the end of a heading


def not_exported(text: str) -> list[tuple[int, int]]:
    """The lines [start, end), from 0, of the parts with a heading that excludes them (`:noexport:`)."""
    found: list[tuple[int, int]] = []
    start, level = -1, 0
    lines = text.split("\n")
    for at, line in enumerate([*lines, "* "]):
        stars = len(mark[1]) if (mark := HEADING.match(line)) else 0
        if start >= 0 and stars and stars <= level:
            found.append((start, at))
            start = -1
        if start < 0 and stars and _is_hidden(line):
            start, level = at, stars
    return found


def _is_hidden(heading: str) -> bool:
    last = heading.rstrip(" \t").replace("\t", " ").rpartition(" ")[2]
    return ":noexport:" in last and TAGS.fullmatch(last) is not None


def plain(text: str) -> str:
    """`text` with every line end and without its invisible parts."""
    lines = text.split("\n")
    for start, end in not_exported(text):
        lines[start:end] = [""] * (end - start)
    text = "\n".join(lines)
    return letters.without(text, BLOCK, LINE, HEAD, ITEM, LINK, ADDRESS, MACRO, FORMULA, STAMP)
