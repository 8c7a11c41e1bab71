"""XLSX: each sheet is a table, its cells as the workbook shows them: dates as dates, percent as percent, merged cells merged."""

from __future__ import annotations

import bisect
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lxml import etree

from service.ast import pandoc_ast, tables
from service.ast.pandoc_ast import Node
from service.model.document import Asset, Notice
from service.model.errors import TooComplex
from service.model.notices import notice
from service.readers.office import page_headers
from service.readers.office.ooxml_package import A, Package, R

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
MAX_CELLS = 40_000  # of all sheets: what can be laid out
MAX_COLUMN, MAX_ROW = 16_384, 1_048_576  # the format's own (ECMA-376 part 1, 18.3.1.73)
REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
QUOTED = re.compile(r"\"[^\"]*\"|\\.|\[[^\]\[]*\]|_.")
DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 18: "h:mm", 19: "h:mm:ss", 20: "h:mm", 21: "h:mm:ss",
    37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 22: "m/d/yy h:mm",
}  # fmt: skip


@dataclass
class Sheets:
    """The content of a workbook."""

    package: Package
    blocks: list[Node] = field(default_factory=list)
    assets: dict[str, Asset] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Workbook:
    texts: Sequence[str]
    formats: Sequence[str]  # by the number of a cell's style
    epoch: datetime


def read(package: Package) -> Sheets:
    """Raises TooComplex for more cells than can be laid out."""
    found, cells = Sheets(package), 0
    headed: list[etree._Element] = []
    top, targets = package.xml(package.main), package.targets(package.main)
    if top is None:
        return found
    book = _workbook(package, top, dict(targets.values()))
    sheets = list(top.iter(f"{S}sheet"))
    shown = [each for each in sheets if each.get("state", "visible") == "visible"]
    if hidden := [each.get("name", "") for each in sheets if each not in shown]:
        reported = f"Hidden sheets were left out: {', '.join(hidden)[:300]}."
        found.notices.append(
            notice("raw-html-dropped", reported, stage="read", data={"markup": "hidden sheets", "sheets": hidden[:100]})
        )
    for each in shown:
        part = targets.get(each.get(f"{R}id", ""), ("", ""))[1]
        sheet = package.xml(part)
        if sheet is None:
            continue
        headed.append(sheet)
        rows, is_whole = _rows(sheet, book)
        spans = _spans(sheet)
        if not is_whole:
            name = each.get("name", "")[:100]
            found.notices.append(notice("blanks-shortened", f"Empty rows of the sheet {name!r} were left out.", stage="read"))
        cells += len(rows) * (1 + max((max(row, default=0) for row in rows.values()), default=0))
        if cells > MAX_CELLS:
            raise TooComplex(f"The workbook has more than {MAX_CELLS:,} cells.", extra={"limit": MAX_CELLS})
        if len(shown) > 1:
            found.blocks.append(pandoc_ast.header(1, pandoc_ast.words(each.get("name", "")), pandoc_ast.attr(classes=["sheet"])))
        if rows:
            found.blocks.append(_table(rows, spans, sheet, package.targets(part)))
        found.blocks += _pictures(found, part)
    found.notices += page_headers.of_sheets(headed)
    return found


def _workbook(package: Package, top: etree._Element, parts: Mapping[str, str]) -> Workbook:
    shared, styles = package.xml(parts.get("sharedStrings", "")), package.xml(parts.get("styles", ""))
    texts = [_text(each) for each in shared.iter(f"{S}si")] if shared is not None else []
    formats: list[str] = []
    if styles is not None:
        codes = {each.get("numFmtId", ""): each.get("formatCode", "") for each in styles.iter(f"{S}numFmt")}
        for each in styles.iterfind(f"{S}cellXfs/{S}xf"):
            number = each.get("numFmtId", "0")
            formats.append(codes.get(number) or _built_in(int(number) if number.isdecimal() else 0))
    about = top.find(f"{S}workbookPr")
    since_1904 = about is not None and about.get("date1904") in ("1", "true")
    return Workbook(texts, formats, datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30))  # noqa: DTZ001 (no zone in a cell)


def _built_in(number: int) -> str:
    return BUILT_IN.get(number, "yyyy-mm-dd" if number in DATES else "")


def _text(element: etree._Element) -> str:
    """The runs of a text without its readings (phonetic hints)."""
    runs = [*element.iterfind(f"{S}t"), *element.iterfind(f"{S}r/{S}t")]
    return "".join(each.text or "" for each in runs)


def _rows(sheet: etree._Element, book: Workbook) -> tuple[dict[int, dict[int, str]], bool]:
    """The rows by number, each its cells by column, both from 0, without the empty rows at the end; whether these are all.

    If a cell is far away from the others, all empty rows are left out.
    """
    rows: dict[int, dict[int, str]] = {}
    row_number = 0
    for row in sheet.iter(f"{S}row"):
        given = row.get("r", "")
        row_number = int(given) if given.isdecimal() and len(given) < 8 else row_number + 1
        column = -1
        for cell in row.iter(f"{S}c"):
            place = REFERENCE.fullmatch(cell.get("r", ""))
            column = _column(place[1]) if place else column + 1
            if (text := _shown(cell, book)) and column < MAX_COLUMN:
                rows.setdefault(row_number, {})[column] = text
    if not rows:
        return {}, True
    width, last = max(max(row) for row in rows.values()) + 1, max(rows)
    if last * width > MAX_CELLS:
        return {number - 1: rows[number] for number in sorted(rows)}, len(rows) == last
    return {number: rows.get(number + 1, {}) for number in range(last)}, True


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _shown(cell: etree._Element, book: Workbook) -> str:
    """The value as the workbook shows it."""
    kind, value = cell.get("t", "n"), cell.findtext(f"{S}v") or ""
    if kind == "s":
        return book.texts[int(value)] if value.isdecimal() and int(value) < len(book.texts) else ""
    if kind == "inlineStr":
        inline = cell.find(f"{S}is")
        return _text(inline) if inline is not None else ""
    if kind == "b":
        return {"1": "TRUE", "0": "FALSE"}.get(value, value)
    style = cell.get("s", "0")
    code = book.formats[int(style)] if style.isdecimal() and int(style) < len(book.formats) else ""
    return value if kind in ("str", "e", "d") or not value else _number(value, code, book.epoch)


def _number(text: str, code: str, epoch: datetime) -> str:
    try:
        value = float(text)
    except ValueError:
        return text
    if not math.isfinite(value):
        return text
    code = QUOTED.sub("", code.split(";", maxsplit=1)[0])
    if re.search("[ymdhs]", code, re.IGNORECASE) and "general" not in code.lower():
        return _moment(value, code.lower(), epoch) or text
    if not re.search("[0#]", code) or "e+" in code.lower() or "?" in code:
        return str(int(value)) if value == int(value) and abs(value) < 1e15 else f"{value:.15g}"
    percent = "%" in code
    decimals = len(re.findall("[0#]", code.partition(".")[2]))
    comma = "," if "," in code.partition(".")[0] else ""
    return f"{value * 100 if percent else value:{comma}.{min(decimals, 15)}f}" + ("%" if percent else "")


def _moment(value: float, code: str, epoch: datetime) -> str:
    """A date, a time or both, in ISO's form: of cells alone no order of day and month is known."""
    try:
        moment = epoch + timedelta(seconds=round(value * 86_400))
    except OverflowError:
        return ""
    has_day, has_time = bool(re.search("[yd]", code)), bool(re.search("[hs]", code))
    time = f"{moment:%H:%M:%S}" if "s" in code else f"{moment:%H:%M}"
    if has_day or not has_time:
        return f"{moment:%Y-%m-%d} {time}" if has_time else f"{moment:%Y-%m-%d}"
    return time


def _spans(sheet: etree._Element) -> dict[tuple[int, int], tuple[int, int]]:
    """Merged cells: place of the first, from 0, → rows and columns."""
    found = {}
    for each in sheet.iter(f"{S}mergeCell"):
        places = [REFERENCE.fullmatch(part) for part in each.get("ref", "").split(":")]
        if len(places) == 2 and places[0] and places[1]:
            (left, top), (right, bottom) = ((_column(place[1]), int(place[2]) - 1) for place in places if place)
            if 0 <= right - left < MAX_COLUMN and 0 <= bottom - top < MAX_ROW:
                found[top, left] = bottom - top + 1, right - left + 1
    return found


def _table(
    rows: Mapping[int, Mapping[int, str]], spans: Mapping[tuple[int, int], tuple[int, int]], sheet: etree._Element,
    targets: Mapping[str, tuple[str, str]],
) -> Node:  # fmt: skip
    links = {each.get("ref", ""): targets.get(each.get(f"{R}id", ""), ("", ""))[1] for each in sheet.iter(f"{S}hyperlink")}
    by_place = {
        (int(found[2]) - 1, _column(found[1])): target for ref, target in links.items() if (found := REFERENCE.fullmatch(ref))
    }
    width, numbers = max(max(row, default=0) for row in rows.values()) + 1, list(rows)
    covered: set[tuple[int, int]] = set()
    made: list[tables.Row] = []
    for at, (number, row) in enumerate(rows.items()):
        cells = []
        for column in range(width):
            if (at, column) in covered:
                continue
            down, right = spans.get((number, column), (1, 1))
            down, right = bisect.bisect_left(numbers, number + down) - at, min(right, width - column)
            covered |= {(at + y, column + x) for y in range(down) for x in range(right)} if down * right > 1 else set()
            text = row.get(column, "")
            align = "right" if re.fullmatch(r"-?[\d,. ]+%?", text) else ""
            cells.append(tables.cell(_cell(text, by_place.get((number, column), "")), down, right, align))
        made.append([pandoc_ast.attr(), cells])
    heads = 1 if len(made) > 1 and not any(span[0] > 1 for place, span in spans.items() if place[0] == 0) else 0
    return tables.table(made[:heads], [made[heads:]], [], [])


def _cell(text: str, target: str) -> list[Node]:
    inlines: list[Node] = []
    for number, line in enumerate(text.strip().split("\n")):
        inlines += [*([{"t": "LineBreak"}] if number else []), *pandoc_ast.words(line.strip())]
    if target and inlines:
        inlines = [pandoc_ast.link(inlines, target)]
    return [pandoc_ast.plain(inlines)] if inlines else []


def _pictures(found: Sheets, part: str) -> list[Node]:
    """The pictures of a sheet, after its table."""
    out = []
    for kind, target in found.package.targets(part).values():
        drawing = found.package.xml(target) if kind == "drawing" else None
        targets = found.package.targets(target) if drawing is not None else {}
        for blip in drawing.iter(f"{A}blip") if drawing is not None else ():
            if asset := found.package.picture(targets.get(blip.get(f"{R}embed", ""), ("", ""))[1]):
                found.assets[asset.name] = asset
                out.append(pandoc_ast.para([pandoc_ast.image([], asset.name)]))
    return out
