"""Textile, as in Redmine, Jekyll and Movable Type: front matter may be before it, HTML within it."""

from __future__ import annotations

import re

from service.engines import Engines
from service.model.document import Conversion, Document, Source
from service.readers.base import Reader
from service.readers.shared import letters, nesting, open_marks
from service.readers.shared import text as texts
from service.readers.shared.placeholders import Placeholders

FORMAT = "textile-smart"
MARKS = open_marks.pattern(("**", "__", "??", "*", "_", "-", "+", "^", "~", "%"))
MOST = {"%": 1_000, "&": 2_000, "[": 200, "![": 100}
MAX_STARS = 40
LIST = re.compile(r"^(?:[*#]+[ \t]|-[ \t]|\|)")
BLOCK = re.compile(r"^(?:h[1-6]|p|bq|bc|pre|notextile|fn\d{1,4}|table|[*#]++|\|)[^\s.|*#]*+\.{0,2}(?=[ \t:|])", re.M)
TAG = re.compile(r"</?[A-Za-z!][^<>]*>")
IMAGE = re.compile(r"![^\s!()]+(?:\([^()\n]*\))?!")
ADDRESS = re.compile(r":?\bhttps?://\S+|(?<=\"):\S+")
STYLES = r"(?>(?:\([^()\n<]{0,99}\)|\{[^{}\n<]{0,99}\}|\[[\w-]{0,20}\]|[-=^~_()/\\\d])*)"
PLAIN = r"(?>(?:[^<>\"']++|\"[^<\"]*+\"|'[^<']*+')*)"
REST = rf"{PLAIN}(?>(?:(?:\"[^\"\n]{{0,300}}\"|'[^'\n]{{0,300}}'){PLAIN}){{0,3}})>"  # of a tag: three values may contain "<"
# Each "<" of the text, and in a group its kind: the alignment of a picture, of a block or a cell; a tag; a comment.
ANGLE = re.compile(
    rf"(?P<aligns>!<[^\s<>!]{{1,300}}!|(?:^|(?<=\|))\w{{0,12}}{STYLES}<>?{STYLES}\.(?=[ \t]))"
    rf"|<(?:(?P<tag>(?P<closes>/?)(?P<name>[A-Za-z][\w:-]*+){REST}|[!?][A-Za-z]{REST})|(?P<comment>!--))?",
    re.M,
)
END_TAG = re.compile(r"</(pre|notextile|tt|code)[^<>]*+>", re.IGNORECASE)
PAIRED = frozenset({"pre", "notextile", "tt", "code"})  # their content is read up to the end tag
MAX_QUOTED, MAX_PERCENT = 220, 14  # pandoc takes cubic time for the marks, and doubles its time with each %
PERCENT = re.compile(r'(?="%"|%"%)')
QUOTED = re.compile(r'(?=(?:"[*_+^~%?-]"|[*_+^~%?-]"[*_+^~%?-]))')
STYLE = re.compile(r"\{[^{}\n]*\}|\[[\w-]+\]|\([\w #-]*\)|^\[\w+\]\S*", re.M)


def read(source: Source, conversion: Conversion, engines: Engines) -> Document:
    text = texts.opened(source, conversion, engines)
    nesting.refuse_indentation(text.body, text.line)
    open_marks.refuse(text.body, text.line, MOST)
    quoted = percent = 0
    for number, line in enumerate(text.body.split("\n"), text.line):
        quoted = quoted + len(QUOTED.findall(line)) if line.strip() else 0
        percent = percent + len(PERCENT.findall(line)) if line.strip() else 0
        nesting.refuse(quoted, MAX_QUOTED, number, "marks between quotation marks in one paragraph")
        nesting.refuse(percent, MAX_PERCENT, number, "percent signs between quotation marks in one paragraph")
        nesting.refuse(len(line) - len(line.lstrip("*#")), MAX_STARS, number, "marks of lists at the start")
        nesting.refuse(line.count("|"), nesting.MAX_COLUMNS, number, "cells in a row")
    one = Placeholders(text.body)
    found = texts.parsed(_settled(_tags(text.body, one), one) + "\n", FORMAT, engines, one, text.line)
    return texts.document(source, text, {}, found.blocks)


def _tags(text: str, one: Placeholders) -> str:
    """The text with stand-ins for each "<" that begins no tag: pandoc searches the rest of the text for its end."""
    ends = {found[1].lower(): found.start() for found in END_TAG.finditer(text)}
    comment = text.rfind("-->")

    def visible(found: re.Match[str]) -> str:
        name = (found["name"] or "").lower()
        if name in PAIRED and not found["closes"]:
            is_markup = found.start() < ends.get(name, -1)
        elif found["comment"]:
            is_markup = found.start() < comment
        else:
            is_markup = bool(found["tag"] or found["aligns"])
        return found[0] if is_markup else one.of("<") + found[0][1:]

    return ANGLE.sub(visible, text)


def _settled(text: str, one: Placeholders) -> str:
    """Only the marks that close are left in each line; also in code, where a stand-in becomes the same mark again."""
    return "\n".join(_line(line, one) for line in text.split("\n"))


def _line(line: str, one: Placeholders) -> str:
    lead = LIST.match(line)
    start = lead.end() if lead else 0
    return line[:start] + open_marks.settled(line[start:], MARKS, one)


def plain(text: str) -> str:
    """The text without markup."""
    return letters.without(text, TAG, IMAGE, ADDRESS, BLOCK, STYLE)


READER = Reader("textile", read, passages=letters.of_text(plain))
