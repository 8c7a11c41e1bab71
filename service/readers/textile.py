"""Textile, as Redmine, Jekyll and Movable Type have it: front matter may stand before it, HTML within it."""

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
MOST = {"<": 1_500, "%": 1_000, "&": 2_000, "[": 200, "![": 100}
MAX_STARS = 40
LIST = re.compile(r"^(?:[*#]+[ \t]|-[ \t]|\|)")
BLOCK = re.compile(r"^(?:h[1-6]|p|bq|bc|pre|notextile|fn\d{1,4}|table|[*#]++|\|)[^\s.|*#]*+\.{0,2}(?=[ \t:|])", re.M)
TAG = re.compile(r"</?[A-Za-z!][^<>]*>")
IMAGE = re.compile(r"![^\s!()]+(?:\([^()\n]*\))?!")
ADDRESS = re.compile(r":?\bhttps?://\S+|(?<=\"):\S+")
STYLE = re.compile(r"\{[^{}\n]*\}|\[[\w-]+\]|\([\w #-]*\)|^\[\w+\]\S*", re.M)


def read(source: Source, conversion: Conversion, engines: Engines) -> Document:
    text = texts.opened(source, conversion, engines)
    nesting.refuse_indentation(text.body, text.line)
    open_marks.refuse(text.body, text.line, MOST)
    for number, line in enumerate(text.body.split("\n"), text.line):
        nesting.refuse(len(line) - len(line.lstrip("*#")), MAX_STARS, number, "marks of lists at the start")
        nesting.refuse(line.count("|"), nesting.MAX_COLUMNS, number, "cells in a row")
    one = Placeholders(text.body)
    found = texts.parsed(_settled(text.body, one) + "\n", FORMAT, engines, one, text.line)
    return texts.document(source, text, {}, found.blocks)


def _settled(text: str, one: Placeholders) -> str:
    """In each line only the marks that close are left; in code, too, where a stand-in comes back as it was."""
    return "\n".join(_line(line, one) for line in text.split("\n"))


def _line(line: str, one: Placeholders) -> str:
    lead = LIST.match(line)
    start = lead.end() if lead else 0
    return line[:start] + open_marks.settled(line[start:], MARKS, one)


def plain(text: str) -> str:
    """The text without markup."""
    return letters.without(text, TAG, IMAGE, ADDRESS, BLOCK, STYLE)


READER = Reader("textile", read, passages=letters.of_text(plain))
