"""Prepares MediaWiki for pandoc: marks without an end are hidden from it, bombs are refused.

pandoc doubles its time with each unclosed `''`, `[[`, `{{`, `[http` and `<ref>`. A wiki shows them unchanged,
and so does the document.
"""

from __future__ import annotations

import re

from service.readers.shared import nesting
from service.readers.shared.placeholders import Placeholders
from service.readers.shared.spans import gaps, spans

MAX_TABLES = 6  # in one another
MAX_MARKERS = 25  # of lists at the start of a line
MAX_COMMENTS = 200  # that nothing ends
MAX_ANGLES = 2000  # "<" in a paragraph
MAX_SYMBOLS = 8000  # in long rows: pandoc takes quadratic time for each
MAX_HEADINGS = 300  # without an end: likewise
MAX_DEPTH = 100
MAX_SPAN = 1000  # columns or rows of a cell: the limit of HTML
APART = ("nowiki", "pre", "math", "syntaxhighlight", "source")
LITERAL = tuple(name for name in APART if name != "math")
OPENS = {names: re.compile(rf"<({'|'.join(names)})\b[^<>]*+>|<!--", re.I) for names in (APART, LITERAL)}
ENDS = {name: re.compile(f"</{name}>", re.I) for name in APART} | {"": re.compile("-->")}
TOKEN = re.compile(r"\[\[|\]\]|\{\{|\}\}|\[(?=https?:|//|mailto:)|\]|</?ref\b[^<>]*+>|'{2,}+|\n", re.I)
BOTH = "'''''"  # bold and italics: pandoc doubles its time with each pair, but not if a comment separates the marks
BOTH_BEGIN, BOTH_END = "'''<!-- -->''", "''<!-- -->'''"
CLOSES = {"]]": "[[", "}}": "{{", "]": "["}
SPANNED = re.compile(r"\b(?:col|row)span\s*+=\s*+[\"']?+\s*+(\d++)", re.I)
MARKERS = re.compile(r"[*#:;]+")
SYMBOLS = re.compile(r"[&#:]{100,}+")


def settled(text: str, first_line: int) -> tuple[str, Placeholders]:
    """The text for pandoc. Raises TooComplex with the line at fault."""
    one = Placeholders(text)
    _check(text, first_line)
    hidden: list[tuple[int, int]] = []
    opened: list[tuple[str, int, int]] = []
    both: dict[int, str] = {}  # position of the marks: their replacement
    for start, end in gaps(text, apart(text)):
        unclosed = (found for found in OPENS[APART].finditer(text, start, end) if found[1] and found[0][-2] != "/")
        hidden += [(found.start(), found.start() + 1) for found in unclosed]  # pandoc searches the rest of the text for the end
        for found in TOKEN.finditer(text, start, end):
            _token(found, opened, hidden, both)
    hidden += [(start, end) for _, start, end in opened]
    parts, last = [], 0
    for start, end in sorted([*hidden, *((start, start + len(BOTH)) for start in both)]):
        parts += [text[last:start], *([both[start]] if start in both else (one.of(each) for each in text[start:end]))]
        last = end
    return "".join([*parts, text[last:]]), one


def apart(text: str, names: tuple[str, ...] = APART) -> list[tuple[int, int]]:
    """The places of text without the wiki's markup: comments, and elements of these names."""
    return [(each.start, each.end) for each in spans(text, OPENS[names], lambda found: ENDS[(found[1] or "").lower()])]


def _token(found: re.Match[str], opened: list[tuple[str, int, int]], hidden: list[tuple[int, int]], both: dict[int, str]) -> None:
    """One mark: it is pushed, closes an open one, or is hidden with all unclosed ones inside."""
    mark, span = found.group(), found.span()
    if mark == "\n":  # emphasis and plain links end with their line
        while opened and opened[-1][0] in ("''", "'''", BOTH, "["):
            hidden.append(opened.pop()[1:])
        return
    if mark[0] == "<":
        if mark.endswith("/>"):
            return
        mark = "</ref" if mark[1] == "/" else "<ref"
    wanted = "<ref" if mark == "</ref" else CLOSES.get(mark) or (mark if mark[0] == "'" else "")
    if wanted and any(each[0] == wanted for each in opened):
        while opened[-1][0] != wanted:
            hidden.append(opened.pop()[1:])
        _, start, _ = opened.pop()
        if mark == BOTH:
            both |= {start: BOTH_BEGIN, span[0]: BOTH_END}
    elif mark in ("]", "]]", "}}", "</ref"):
        return  # closes nothing: text
    elif mark[0] == "'" and len(mark) not in (2, 3, 5):
        hidden.append(span)
    else:
        opened.append((mark, *span))
        if len(opened) > MAX_DEPTH:
            hidden.append(opened.pop(0)[1:])


def _check(text: str, first_line: int) -> None:
    tables = angles = symbols = headings = 0
    for number, line in enumerate(text.split("\n"), first_line):
        bare = line.lstrip(" \t:*")
        if bare.startswith("{|"):
            tables += 1
        elif bare.startswith("|}"):
            tables = max(0, tables - 1)
        nesting.refuse(tables, MAX_TABLES, number, "tables in one another")
        if found := MARKERS.match(line):
            nesting.refuse(len(found.group()), MAX_MARKERS, number, "list marks at the start of a line")
        for found in SPANNED.finditer(line):
            nesting.refuse(int(found[1][:9]), MAX_SPAN, number, "columns or rows of a cell")
        symbols += sum(map(len, SYMBOLS.findall(line)))
        nesting.refuse(symbols, MAX_SYMBOLS, number, "symbols in rows")
        headings += line.startswith("=") and not line.rstrip().endswith("=", 1)
        nesting.refuse(headings, MAX_HEADINGS, number, "headings that nothing closes")
        angles = angles + line.count("<") if line.strip() else 0
        nesting.refuse(angles, MAX_ANGLES, number, "angle brackets in one paragraph")
    nesting.refuse(text.count("<!--") - text.count("-->"), MAX_COMMENTS, first_line, "comments that nothing ends")
