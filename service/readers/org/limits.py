"""Prepares Org for pandoc: marks of emphasis without an end are hidden from it, bombs are refused.

pandoc tries each mark as the start of emphasis and doubles its time with every unclosed one: a paragraph with
eight paths (`/usr /etc …`) did not end. So it only gets marks that close and are well nested.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from html.entities import html5

from service.model.errors import Place, TooComplex
from service.readers.shared import nesting
from service.readers.shared.placeholders import Placeholders
from service.readers.shared.spans import gaps

MAX_STARS = 50
MAX_BRACKETS = 200  # unclosed "[" in a paragraph
MAX_NOTES = 6  # unclosed notes in a paragraph: each doubles pandoc's time
MAX_CODE = 200  # unclosed inline programs in a paragraph: pandoc takes quadratic time for them
MAX_MACROS = 300  # pandoc takes quadratic time for them
MAX_KEYWORDS = 200  # consecutive lines of keywords, likewise
# A mark opens after a blank or an opening bracket, and closes before a blank, punctuation or an end: Org's own rule.
MARK = re.compile(r"(?:(?<=^)|(?<=[\s\-–—({'\"]))([*/_+=~])(?=\S)|(?<=\S)([*/_+=~])(?=$|[\s\-–—.,;:!?')}\"\]\[])", re.M)
BACKSLASH = re.compile(r"\\\\(?=[ \t]*+$)|(?<![\w:.])\\(?P<name>[A-Za-z]++[1-4]?+)(?P<given>\{)?|\\", re.M)
FORMULA = re.compile(r"\\(?:([\[(])|begin\{([^{}\n]++)\})")
FORMULA_END = re.compile(r"\\(?:([\])])|end\{([^{}\n]++)\})")
# Names of Org that HTML does not have.
ENTITIES = frozenset({
    "ast", "vert", "vbar", "dollar", "star", "to", "rarr", "larr", "dots", "hellip", "under", "slash", "plus", "EUR", "euro",
    "checkmark", "smiley", "frownie", "simple", "deg", "infty", "pm", "cdot", "times", "leq", "geq", "neq", "le", "ge", "ne",
    "LaTeX", "TeX", "nbsp", "ensp", "emsp", "thinsp", "shy", "zwj", "zwnj", "quot", "laquo", "raquo", "ldots", "AA", "l", "L",
})  # fmt: skip
RUN = re.compile(r"([*_+=~])\1+|(?<!:)//+")  # `*a**a**a*`: Org has no doubled marks
VERBATIM = frozenset("=~")
BLOCK = re.compile(r"[ \t]*#\+begin_(src|example|export|comment)\b", re.IGNORECASE)
BEGINNING = re.compile(r"[ \t]*+#\+begin_(\S++)", re.IGNORECASE)
DRAWER = re.compile(r"[ \t]*+:(?!end:)[\w-]++:[ \t]*+$", re.IGNORECASE)
APART = re.compile(r"[ \t]*(?:[-+][ \t]|\d+[.)][ \t]|\*+[ \t]|#\+|\||:\w+:)")
MACRO = re.compile(r"[ \t]*#\+macro:[ \t]*\S+[ \t].*\{\{\{", re.IGNORECASE)
NOTE = re.compile(r"\[fn:[\w-]*+:|[\[\]]")
LITERAL = re.compile(r"=[^=\n]++=|~[^~\n]++~|[$][^$\n]++[$]")  # a bracket in it closes nothing


def settled(text: str, first_line: int) -> tuple[str, Placeholders]:
    """The text for pandoc. Raises TooComplex with the line at fault."""
    one = Placeholders(text)
    nesting.refuse_indentation(text, first_line)
    lines = text.split("\n")
    _widen_tables(lines)
    _hide_unclosed(lines, one)
    paragraph, inside = 0, ""
    macros = keywords = 0
    for at, line in enumerate(lines):
        _check(line, first_line + at)
        bare = line.lstrip()[:8].lower()
        macros += bare.startswith("#+macro:")
        keywords = keywords + 1 if bare.startswith("#+") and not inside else 0
        nesting.refuse(macros, MAX_MACROS, first_line + at, "macros")
        nesting.refuse(keywords, MAX_KEYWORDS, first_line + at, "keywords one after another")
        if inside or (begins := BLOCK.match(line)):
            lines[paragraph:at] = _paragraph(lines[paragraph:at], one, first_line + paragraph)
            inside = "" if inside and line.strip().lower() == f"#+end_{inside}" else inside or begins[1].lower()  # type: ignore[index]
            paragraph = at + 1
        elif not line.strip() or APART.match(line):
            lines[paragraph:at] = _paragraph(lines[paragraph:at], one, first_line + paragraph)
            paragraph = at
    lines[paragraph:] = _paragraph(lines[paragraph:], one, first_line + paragraph)
    return "\n".join(lines), one


def _hide_unclosed(lines: list[str], one: Placeholders) -> None:
    """Blocks and drawers without an end are text: pandoc searches the rest of the text for each end."""
    ends = {
        line.strip().lower(): at for at, line in enumerate(lines) if line.lstrip()[:6].lower().startswith(("#+end_", ":end:"))
    }
    for at, line in enumerate(lines):
        if found := BEGINNING.match(line):
            end, marks = f"#+end_{found[1].lower()}", "#_"
        elif DRAWER.match(line):
            end, marks = ":end:", ":"
        else:
            continue
        if ends.get(end, -1) < at:
            for mark in marks:
                lines[at] = lines[at].replace(mark, one.of(mark), 1)


def _widen_tables(lines: list[str]) -> None:
    """Gives the first row of a table as many cells as its widest: pandoc loses cells beyond it."""
    first = widest = -1
    for at, line in enumerate([*lines, ""]):
        bare = line.strip()
        if not bare.startswith("|"):
            if first >= 0 and (lacking := widest - _cells(lines[first])) > 0:
                lines[first] = lines[first].rstrip().removesuffix("|") + "|" + " |" * lacking
            first = widest = -1
        elif not bare.startswith("|-"):
            first = at if first < 0 else first
            widest = max(widest, _cells(line))


def _cells(row: str) -> int:
    return row.strip().strip("|").count("|") + 1 if row.strip() != "|" else 0


def _check(line: str, number: int) -> None:
    if line.startswith("*"):
        nesting.refuse(len(line) - len(line.lstrip("*")), MAX_STARS, number, "stars at the start of a line")
    nesting.refuse(line.count("|"), nesting.MAX_COLUMNS, number, "cells in a row")
    if "{{{" in line and MACRO.match(line):
        detail = f"Line {number} defines a macro that calls macros."
        raise TooComplex(detail, places=[Place(detail, line=number)])


def _without_backslashes(text: str, one: Placeholders) -> str:
    """A stand-in for each backslash without a meaning: pandoc fails on it, or drops it as a command."""
    if "\\" not in text:
        return text

    def hidden(found: re.Match[str]) -> str:
        whole, name = found.group(), found["name"]
        known = (name is None and len(whole) > 1) or (
            name and (found["given"] or name in ENTITIES or (f"{name};" in html5 and name != "par"))
        )
        return whole if known else one.of(r"\\") + whole[1:]  # doubled, because it is removed from JSON

    return "".join(
        BACKSLASH.sub(hidden, text[start:end]) + text[end:next_start]
        for (start, end), next_start in _around(text, list(_formulas(text)))
    )


def _around(text: str, found: list[tuple[int, int]]) -> list[tuple[tuple[int, int], int]]:
    """The stretches outside the spans, each with the end of the span that follows it."""
    return list(zip(gaps(text, found), [*(end for _, end in found), len(text)], strict=True))


def _formulas(text: str) -> Iterator[tuple[int, int]]:
    """The places of formulas: from `\\[`, `\\(` or `\\begin{…}` to the first end of that kind."""
    ends: dict[str, list[int]] = {}
    for found in FORMULA_END.finditer(text):
        ends.setdefault(found[1] or found[2], []).append(found.end())
    last = 0
    for found in FORMULA.finditer(text):
        places = ends.get({"[": "]", "(": ")"}.get(found[1] or "", found[2] or ""), [])
        at = bisect.bisect_right(places, found.end())
        if found.start() >= last and at < len(places):
            last = places[at]
            yield found.start(), last


def _paragraph(lines: list[str], one: Placeholders, first_line: int) -> list[str]:
    """A paragraph with stand-ins for unclosed marks. A stack of at most six: no mark opens within itself."""
    text = _without_backslashes("\n".join(lines), one)
    _check_paragraph(text, first_line)
    starts = len(lines[0]) - len(lines[0].lstrip("*")) if lines and lines[0].startswith("*") else 0
    hidden = [at for found in RUN.finditer(text, starts) for at in range(*found.span())]
    opened: list[tuple[str, int]] = []
    found_marks = list(MARK.finditer(text, starts))
    closers = {each.group(): each.start() for each in found_marks if each[2]}  # the last of each
    for found in found_marks:
        mark, at = found.group(), found.start()
        if opened and opened[-1][0] in VERBATIM and opened[-1][0] != mark:
            continue
        if any(mark == other for other, _ in opened) and found[2]:
            while opened[-1][0] != mark:
                hidden.append(opened.pop()[1])
            opened.pop()
        elif found[1] and all(mark != other for other, _ in opened) and closers.get(mark, 0) > at:
            opened.append((mark, at))
        else:
            hidden.append(at)
    hidden += [at for _, at in opened]
    return _hidden(text, sorted(set(hidden)), one).split("\n") if hidden else text.split("\n") if lines else lines


def _check_paragraph(text: str, first_line: int) -> None:
    """Raises TooComplex for too many unclosed marks."""
    nesting.refuse(text.count("[") - text.count("]"), MAX_BRACKETS, first_line, "brackets left open in one paragraph")
    nesting.refuse(text.count("src_", text.rfind("}") + 1), MAX_CODE, first_line, "programs left open in one paragraph")
    if "[fn:" in text:
        notes = max(_open_notes(text), _open_notes(LITERAL.sub("", text)))
        nesting.refuse(notes, MAX_NOTES, first_line, "notes left open in one paragraph")


def _open_notes(text: str) -> int:
    opened: list[bool] = []  # whether each bracket that is open begins a note
    for found in NOTE.finditer(text):
        if found.group() != "]":
            opened.append(len(found.group()) > 1)
        elif opened:
            opened.pop()
    return sum(opened)


def _hidden(text: str, places: list[int], one: Placeholders) -> str:
    parts, end = [], 0
    for at in places:
        parts += [text[end:at], one.of(text[at])]
        end = at + 1
    return "".join([*parts, text[end:]])
