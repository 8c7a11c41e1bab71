"""CSV and TSV: one table under the name of its file, the first row its head. Each cell is text, unchanged."""

from __future__ import annotations

import csv
import io
import re
from pathlib import PurePosixPath

from service.ast import tables
from service.ast.pandoc_ast import Node, attr, plain, words
from service.engines import Engines
from service.model.document import Conversion, Document, Source
from service.model.errors import EmptyDocument, InvalidDocument, Place, TooComplex
from service.readers.base import Reader
from service.readers.shared import letters
from service.readers.shared import text as texts

MAX_CELLS = 40_000
SEPARATORS = ",;\t|"
SAMPLE = 20  # rows
NAMED = re.compile(r"\A\"?sep=([,;\t|])\"?[ \t]*\r?\n", re.IGNORECASE)
QUOTED = re.compile(r'"[^"]*"')
NUMBER = str.maketrans("", "", " .,'%+-−€$£¥\u00a0\u202f")


def read(source: Source, conversion: Conversion, engines: Engines) -> Document:
    text = texts.opened(source, conversion, engines)
    rows = _rows(text.body, text.line)
    if not rows:
        raise EmptyDocument()
    called = source.siblings.called if source.siblings else ""
    title = called or PurePosixPath(source.name.replace("\\", "/")).stem
    return texts.document(source, text, {"title": title}, [_table(rows)])


def _rows(body: str, first_line: int) -> list[list[str]]:
    """Raises TooComplex for more cells than can be laid out, InvalidDocument if it is not a table."""
    reader = csv.reader(io.StringIO(NAMED.sub("\n", body, count=1), newline=""), delimiter=separator(body))
    rows: list[list[str]] = []
    width = 0
    try:
        for row in reader:
            rows += [row] if any(map(str.strip, row)) else []
            width = max(width, len(row))
            if width * len(rows) > MAX_CELLS:
                line = first_line - 1 + reader.line_num
                detail = f"The table has more than {MAX_CELLS:,} cells up to line {line}."
                raise TooComplex(detail, places=[Place(detail, line=line)], extra={"limit": MAX_CELLS})
    except csv.Error as error:
        line = first_line - 1 + max(1, reader.line_num)
        detail = f"The table cannot be read: {error} (line {line})."
        raise InvalidDocument(detail, places=[Place(detail, line=line)]) from error
    width = max(map(len, rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]


def separator(body: str) -> str:
    """The separator that the first line names (Excel).

    Else the one with the same number of cells, more than one, in the first rows; else the comma.
    """
    if named := NAMED.match(body):
        return named[1]
    best, most = ",", (0.0, 0)
    for each in SEPARATORS:
        sample = io.StringIO(QUOTED.sub("", body[:100_000]), newline="")
        rows = [row for _, row in zip(range(SAMPLE), csv.reader(sample, delimiter=each), strict=False) if row]
        widths = [len(row) for row in rows]
        common = max(set(widths), key=widths.count) if widths else 0
        rank = (widths.count(common) / len(widths), common) if common > 1 else (0.0, 0)
        if rank > most:
            best, most = each, rank
    return best


def _table(rows: list[list[str]]) -> Node:
    head, *body = rows
    columns = list(zip(*body, strict=True)) if body else [() for _ in head]
    right = [all(map(_is_number, filter(str.strip, column))) and any(map(str.strip, column)) for column in columns]
    made = [
        [attr(), [tables.cell(_cell(text), align="right" if right[at] else "") for at, text in enumerate(row)]] for row in rows
    ]
    return tables.table(made[:1], [made[1:]], [], [])


def _cell(text: str) -> list[Node]:
    lines = text.strip().split("\n")
    inlines = [
        part for number, line in enumerate(lines) for part in ([{"t": "LineBreak"}] if number else []) + words(line.strip())
    ]
    return [plain(inlines)] if text.strip() else []


def _is_number(text: str) -> bool:
    return text.strip().translate(NUMBER).isdecimal()


READER = Reader("csv", read, passages=letters.of_text(lambda text: NAMED.sub("\n", text, count=1)))
