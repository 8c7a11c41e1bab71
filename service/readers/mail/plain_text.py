"""Plain text of a mail message as a page: paragraphs, quotes, addresses as links (RFC 3676)."""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Iterator

from service.readers.shared import line_wrapping

QUOTE = re.compile(r"(?>(?:> ?)+)")
MOST_QUOTES = 20  # levels; what is quoted deeper stands at the last
ADDRESS = re.compile(r"https?://[^\s<>\"]++")
TRAILING = ".,;:!?)]}'*_"
SIGNATURE = "-- "


def page(text: str, *, flowed: bool) -> str:
    """HTML. Lines that the mail program broke are joined: in a `flowed` text those that end with a space, else by width."""
    joined = flowed or line_wrapping.is_wrapped(text)
    out: list[str] = []
    depth = 0
    for level, lines in _paragraphs(text):
        out.append("<blockquote>" * (level - depth) + "</blockquote>" * (depth - level))
        depth = level
        out.append("<hr>" if lines == ["--"] else f"<p>{_paragraph(lines, flowed=flowed, joined=joined)}</p>")
    return "".join(out) + "</blockquote>" * depth


def unquoted(text: str) -> str:
    """The text without the marks of quotes; line ends stay."""
    return "\n".join(_split(line)[1] for line in text.split("\n"))


def _paragraphs(text: str) -> Iterator[tuple[int, list[str]]]:
    """Lines of one level of quotes up to a blank line. The line above a signature is a paragraph of its own."""
    lines: list[str] = []
    before = 0
    for written in text.split("\n"):
        level, line = _split(written)
        is_mark = line in (SIGNATURE, "--")
        if lines and (level != before or not line.strip() or is_mark):
            yield before, lines
            lines = []
        before = level
        if is_mark:
            yield level, ["--"]
        elif line.strip():
            lines.append(line)
    if lines:
        yield before, lines


def _split(line: str) -> tuple[int, str]:
    """The level of quotes, and the line without their marks. `>From` is how a mailbox stores a line that begins with `From`."""
    if line.startswith(">From "):
        return 0, line[1:]
    found = QUOTE.match(line)
    return (min(found.group().count(">"), MOST_QUOTES), line[found.end() :]) if found else (0, line)


def _paragraph(lines: list[str], *, flowed: bool, joined: bool) -> str:
    out = [_linked(lines[0].strip())]
    for before, line in itertools.pairwise(lines):
        out += [" " if joined and (not flowed or before.endswith(" ")) else "<br>", _linked(line.strip())]
    return "".join(out)


def _linked(line: str) -> str:
    """The line with its addresses as links."""
    out, at = [], 0
    for found in ADDRESS.finditer(line):
        address = found.group().rstrip(TRAILING)
        out += [html.escape(line[at : found.start()]), f'<a href="{html.escape(address)}">{html.escape(address)}</a>']
        at = found.start() + len(address)
    return "".join(out) + html.escape(line[at:])
