"""Links around several paragraphs, which HTML has and Markdown does not: `[Headline`, blank line, `What it says](url)`.

Pages turned into Markdown by a program are full of them (81 of 400 real articles): teasers, menus, cards. CommonMark
reads no link there, and the page would show brackets and addresses. Each piece gets its own link before the text
is parsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.readers.markdown.changes import Text

# The relevant parts: an escape, a block of code, an image or a link of one line, an opening bracket, the end of a link,
# a closing bracket.
LABEL = r"[^\[\]\n]*"
TARGET = r"\((?:<[^<>\n]*>|[^\s()<>]*(?:\([^\s()]*\)[^\s()]*)*)(?:[ ]+\"[^\"\n]*\")?[ ]*\)"
AROUND = re.compile(rf"\]{TARGET}")  # the end of a link that an image is in
IMAGE = re.compile(rf"!\[{LABEL}\]{TARGET}")
MARK = re.compile(rf"\\.|\x00++(?P<code>\n\x00*+)?|!?\[{LABEL}\]{TARGET}|(?P<open>\[)|(?P<end>\]{TARGET})|(?P<close>\])")
# Before a piece of a link: indentation, marks of lists and quotations, of a heading.
LEAD = re.compile(r"[ \t]*(?:(?:[-+*]|\d{1,9}[.)]|#{1,6}|>)(?:[ \t]+|$))*")
BLOCK = re.compile(r"[ \t]*(?:(?:[-+*]|\d{1,9}[.)]|#{1,6})[ \t]|>)")
HEADING = re.compile(r"[ \t]*#{1,6}[ \t]")
LONGEST = 4000  # characters between the brackets; the longest real one has 318


def divide(text: Text) -> None:
    """Each link around several paragraphs or blocks becomes one for each of them."""
    if not any(line.count("]") > line.count("[") for line in text.text.split("\n") if "](" in line):
        return
    text.cut([_cut(text.text, *places) for places in _spanning(text.prose)])


def _cut(text: str, start: int, label_end: int, stop: int) -> tuple[int, int, str]:
    label, target = text[start + 1 : label_end], text[label_end:stop]
    if not text.endswith("!", 0, start) and label.strip():
        return start, stop, "\n".join(_linked(run, target) for run in _runs(label))
    made = f"[{' '.join(label.split())}{target}"  # an image with its text on several lines, or no text for a link
    around = AROUND.match(text, stop) if text.endswith("[!", 0, start) else None
    return (start, around.end(), made + around[0]) if around else (start, stop, made)


def _spanning(prose: str) -> Iterator[tuple[int, int, int]]:
    """The places of such links, in order: the opening bracket, the closing one, the end of the target."""
    opened: list[int] = []
    last = 0
    for found in MARK.finditer(prose):
        if found["code"]:
            opened.clear()
        elif found["open"]:
            opened.append(found.start())
        elif opened and (found["end"] or found["close"]):
            start = opened.pop()
            is_short = found.start() - start <= LONGEST
            if found["end"] and start >= last and is_short and _is_divided(prose[start + 1 : found.start()]):
                last = found.end()
                opened.clear()
                yield start, found.start(), last


def _is_divided(label: str) -> bool:
    """Whether CommonMark reads no link there: a blank line, or a line that begins a block."""
    lines = label.split("\n")[1:]
    return any(not line.strip() or BLOCK.match(line) for line in lines)


def _runs(label: str) -> list[list[str]]:
    """The lines of the label, grouped by paragraph."""
    first, *lines = label.split("\n")
    runs = [[first]]
    for line in lines:
        above = runs[-1][-1]
        if line.strip() and above.strip() and not BLOCK.match(line) and not HEADING.match(above):
            runs[-1].append(line)
        else:
            runs.append([line])
    return runs


def _linked(run: list[str], target: str) -> str:
    """The lines of one paragraph as a link to the target; blank ones, tables, and lines with a link unchanged."""
    piece = "\n".join(run)
    words = LEAD.sub("", piece, count=1).rstrip()
    lead = piece[: len(piece.rstrip()) - len(words)]
    if words in ("", "![]()") or words.startswith("|") or "](" in IMAGE.sub("", words):
        return lead + words
    return f"{lead}[{words}{target}"
