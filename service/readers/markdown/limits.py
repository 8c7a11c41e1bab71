"""Limits for the dialects that pandoc reads: its parsers take quadratic to exponential time for some shapes of text.

docs/decisions.md has the seconds. Each limit is several times what the densest of 400 real articles has. A check takes
linear time; the deadline is the last limit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from service.ast.pandoc_ast import MAX_MARKED
from service.model.errors import Place, TooComplex
from service.readers.markdown import notes
from service.readers.markdown.parser import Parsed

MAX_LINKS = 3000  # "[" in a paragraph; the densest real one has 703
MAX_MARKERS = 40  # ">" and list markers at the start of a line; 2
MAX_TICK_RUNS = 100  # different lengths of runs of backticks in a paragraph; 3
MAX_INDENT = 400  # columns of indentation before a list item; 45
MAX_FENCES = 30  # ":::" fences open at once; 0
MAX_CHAINED_NOTES = 60  # footnotes whose text calls a footnote; 0
MAX_COLUMNS = 1000  # cells in a row of a table; 30
MAX_ROWS = 5000  # rows of a table; 127
MAX_ANGLES = 2000  # "<" in a paragraph; 40
MAX_RUN = 100  # marks of emphasis in one run; 8
MAX_TAGS = 100  # unclosed HTML elements, of those that must be closed; 4
PASSAGES = "links and formatted passages up to it"
MARKERS = re.compile(r"[ \t]{0,8}(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t]))")
BLOCK_START = re.compile(r"\s*$|[ \t>]*(?:[-+*]|\d{1,9}[.)])[ \t]|\s{0,3}#{1,6}\s")
RUN = re.compile(rf"([*_~^])\1{{{MAX_RUN},}}")
ELEMENT = re.compile(r"<(/?)(div|span|table|ul|ol|dl|b|i|blockquote|section|font)\b", re.IGNORECASE)
INTERESTING = re.compile(r"\\.|[\[\]]|`+")
NOTE = re.compile(r" {0,3}\[\^[^\]\s]+\]:")
DIV = re.compile(r"\s*(:{3,})\s*(\S?)")


MARKED = frozenset(
    {"Emph", "Strong", "Strikethrough", "Highlight", "Superscript", "Subscript", "Code", "Link", "Image", "WikiLink"}
)
SIGNS = ("*", "_", "~", "`", "[", "<", "=", "^")  # a marked passage has at least one of them


def check_marks(parsed: Parsed, first_line: int) -> None:
    """Raises TooComplex for more links and formatted passages than any writer takes, before they are read one by one.

    A text of five megabytes of `*a*` took 10 s of CPU to read, and was refused only then. Two HTML tags are one passage.
    """
    if sum(map(parsed.text.count, SIGNS)) <= MAX_MARKED:
        return
    marked = [node for name in MARKED for node in parsed.by_kind.get(name, ())]
    found = 2 * len(marked) + len(parsed.by_kind.get("HtmlInline", ()))
    if found > 2 * MAX_MARKED:
        last = [*marked, *marked, *parsed.by_kind.get("HtmlInline", ())]
        lines = sorted(node.sourcepos.start.line for node in last)
        _limit(MAX_MARKED + 1, MAX_MARKED, first_line + lines[2 * MAX_MARKED] - 1, PASSAGES)


@dataclass
class Paragraph:
    """The counts in the paragraph so far."""

    opened: int = 0
    deepest: int = 0
    links: int = 0
    angles: int = 0
    ticks: frozenset[int] = frozenset()


def check(prose: str, first_line: int = 1, nesting: int = 64) -> None:
    """Raises TooComplex with line and reason. `prose` is the text with its code blanked.

    `first_line` is the number of the text's first line in the upload; `nesting` is the limit of
    open square brackets, in which the dialects differ most.
    """
    lines = [*enumerate(prose.split("\n"), first_line)]
    if "[^" in prose:
        notes.check(lines)
    paragraph, divs, chained, rows, elements = Paragraph(), 0, 0, 0, 0
    runs = any(mark * (MAX_RUN + 1) in prose for mark in "*_~^")  # found in a tenth of the time that a pattern takes
    for number, line in lines:
        if not line or BLOCK_START.match(line):
            paragraph = Paragraph()
        if not line:  # every other one
            rows = 0
            continue
        _check_line(line, number)
        if runs:
            _check_runs(line, number)
        rows = rows + 1 if "|" in line else 0
        _limit(rows, MAX_ROWS, number, "rows in a table")
        if "<" in line:
            elements = _count_elements(paragraph, line, number, elements)
        if "[" in line or "]" in line or "`" in line:
            _count(paragraph, line, number, nesting)
        if line.lstrip().startswith(":::") and (div := DIV.match(line)):
            divs = divs + 1 if div[2] else max(0, divs - 1)
            _limit(divs, MAX_FENCES, number, "fenced divisions in one another")
        if "[^" in line and (note := NOTE.match(line)):
            chained += "[^" in line[note.end() :]
            _limit(chained, MAX_CHAINED_NOTES, number, "footnotes that call footnotes")


def _check_line(line: str, number: int) -> None:
    indent = len(line) - len(line.lstrip(" \t"))
    if indent < len(line):
        _limit(indent, MAX_INDENT, number, "columns of indentation")
    position, markers = 0, 0
    while found := MARKERS.match(line, position):
        position, markers = found.end(), markers + 1
        if markers > MAX_MARKERS and not _is_rule(line):
            _limit(markers, MAX_MARKERS, number, "quotation and list marks at the start of a line")
    if line.count("|") > MAX_COLUMNS:
        _limit(line.count("|"), MAX_COLUMNS, number, "cells in a row")


def _check_runs(line: str, number: int) -> None:
    if (run := RUN.search(line)) and len(set(line.strip())) > 1:
        _limit(len(run[0]), MAX_RUN, number, "marks of emphasis in a row")


def _count_elements(paragraph: Paragraph, line: str, number: int, opened: int) -> int:
    """The number of open HTML elements after the line. Unclosed ones of a whole text add up."""
    paragraph.angles += line.count("<")
    _limit(paragraph.angles, MAX_ANGLES, number, "angle brackets in one paragraph")
    for found in ELEMENT.finditer(line):
        opened = max(0, opened - 1) if found[1] else opened + 1
        _limit(opened, MAX_TAGS, number, "HTML elements that are open at once")
    return opened


def _is_rule(line: str) -> bool:
    """A thematic break, `- - - -` or `* * *`: its marks do not nest."""
    return len(set(line) - {" ", "\t"}) == 1 and ">" not in line and len(line) < 400


def _count(paragraph: Paragraph, line: str, number: int, nesting: int) -> None:
    for found in INTERESTING.finditer(line):
        mark = found.group()
        if mark == "[":
            paragraph.opened, paragraph.links = paragraph.opened + 1, paragraph.links + 1
            paragraph.deepest = max(paragraph.deepest, paragraph.opened)
        elif mark == "]":
            paragraph.opened = max(0, paragraph.opened - 1)
        elif mark[0] == "`":
            paragraph.ticks |= {len(mark)}
    _limit(paragraph.links, MAX_LINKS, number, "brackets in one paragraph")
    _limit(paragraph.deepest, nesting, number, "brackets that are open at once")
    _limit(len(paragraph.ticks), MAX_TICK_RUNS, number, "kinds of backtick runs in one paragraph")


def _limit(count: int, most: int, line: int, what: str) -> None:
    if count > most:
        detail = f"Line {line} has more than {most:,} {what}."
        raise TooComplex(detail, places=[Place(detail, line=line)], extra={"limit": most})
