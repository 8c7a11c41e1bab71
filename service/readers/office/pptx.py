"""PPTX: each slide is a section with its title, lists, tables and pictures; the notes of the speaker follow it.

It has its own rules: pandoc's reader has no lists, no emphasis, no speaker notes (measured with 3.9).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lxml import etree

from service.ast import pandoc_ast, tables
from service.ast.pandoc_ast import Node
from service.model.document import Asset, Notice
from service.model.notices import notice
from service.readers.office.ooxml_package import A, Package, R
from service.readers.shared import page_headers

P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
TITLES = frozenset(("title", "ctrTitle"))
RUNNING = frozenset(("ftr", "hdr", "dt"))  # what stands on every slide
FURNITURE = RUNNING | {"sldNum", "sldImg"}
LISTED = frozenset(("body", "obj", ""))  # placeholders whose paragraphs have bullets by themselves
MAX_LEVEL = 9


@dataclass
class Slides:
    """The content of a presentation."""

    package: Package
    blocks: list[Node] = field(default_factory=list)
    assets: dict[str, Asset] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    title: str = ""
    running: list[str] = field(default_factory=list)  # the text of headers and footers


def read(package: Package) -> Slides:
    found = Slides(package)
    top = package.xml(package.main)
    targets = package.targets(package.main)
    ids = [each.get(f"{R}id", "") for each in top.iter(f"{P}sldId")] if top is not None else []
    for number, each in enumerate(ids, 1):
        if each in targets and (slide := package.xml(targets[each][1])) is not None:
            _read_slide(found, slide, targets[each][1], number)
    found.notices += page_headers.reported(found.running)
    return found


def _read_slide(found: Slides, slide: etree._Element, part: str, number: int) -> None:
    targets = found.package.targets(part)
    shapes = list(_shapes(slide))
    heads = [each for each in shapes if _placeholder(each) in TITLES and _words(each)]
    title = _words(heads[0]) if heads else ""
    if heads and number == 1 and _placeholder(heads[0]) == "ctrTitle":
        found.title = title
    found.blocks.append(pandoc_ast.header(1, pandoc_ast.words(title or f"{number}"), pandoc_ast.attr(classes=["slide"])))
    found.running += [_words(each) for each in shapes if _placeholder(each) in RUNNING]
    for shape in shapes:
        if shape not in heads[:1] and _placeholder(shape) not in FURNITURE:
            found.blocks += _blocks(found, shape, targets, number)
    for kind, target in targets.values():
        if kind == "notesSlide" and (notes := found.package.xml(target)) is not None:
            bodies = [each for each in _shapes(notes) if _placeholder(each) == "body"]
            said = [block for each in bodies for block in _paragraphs(each, {}, listed=False)]
            if said:
                quote = {"t": "BlockQuote", "c": said}
                found.blocks.append(pandoc_ast.div([quote], pandoc_ast.attr(classes=["speaker-notes"])))


def _shapes(top: etree._Element) -> Iterator[etree._Element]:
    """Shapes, pictures and frames of a slide, also those in groups; of alternatives the first."""
    todo = [each for tree in top.iter(f"{P}spTree") for each in reversed(tree)]
    while todo:
        shape = todo.pop()
        name = etree.QName(shape).localname if isinstance(shape.tag, str) else ""
        if name in ("grpSp", "Choice"):
            todo += reversed(shape)
        elif name == "AlternateContent":
            todo += list(shape)[:1]
        elif name in ("sp", "pic", "graphicFrame", "cxnSp"):
            yield shape


def _placeholder(shape: etree._Element) -> str | None:
    """The type of a placeholder, empty for one of content; None for a shape of its own."""
    found = shape.find(f"./*/{P}nvPr/{P}ph")
    return None if found is None else found.get("type", "")


def _words(shape: etree._Element) -> str:
    """The text of a shape in one line."""
    parts = ((each.text or "") if each.tag == f"{A}t" else " " for each in shape.iter(f"{A}t", f"{A}br", f"{A}p"))
    return " ".join("".join(parts).split())


def _blocks(found: Slides, shape: etree._Element, targets: dict[str, tuple[str, str]], number: int) -> list[Node]:
    name = etree.QName(shape).localname
    if name == "pic":
        return _picture(found, shape, targets)
    if name == "graphicFrame":
        return _frame(found, shape, targets, number)
    return _paragraphs(shape, targets, listed=_placeholder(shape) in LISTED)


def _picture(found: Slides, shape: etree._Element, targets: dict[str, tuple[str, str]]) -> list[Node]:
    about, blip = next(shape.iter(f"{P}cNvPr"), None), next(shape.iter(f"{A}blip"), None)
    words = (about.get("descr") or about.get("title") or "") if about is not None else ""
    target = targets.get(blip.get(f"{R}embed") or blip.get(f"{R}link") or "", ("", ""))[1] if blip is not None else ""
    if asset := found.package.picture(target):
        found.assets[asset.name] = asset
        target = asset.name
    return [pandoc_ast.para([pandoc_ast.image(pandoc_ast.words(words), target)])]


def _frame(found: Slides, shape: etree._Element, targets: dict[str, tuple[str, str]], number: int) -> list[Node]:
    if (table := next(shape.iter(f"{A}tbl"), None)) is not None:
        return [_table(table, targets)]
    for each in shape.iter(f"{DIAGRAM}relIds", f"{CHART}chart"):
        key = f"{R}dm" if each.tag == f"{DIAGRAM}relIds" else f"{R}id"
        part = found.package.xml(targets.get(each.get(key, ""), ("", ""))[1])
        if part is not None:
            return _chart(part) if each.tag == f"{CHART}chart" else _diagram(part)
    reported = f"Slide {number} contains an object without a counterpart. It was left out."
    found.notices.append(notice("raw-html-dropped", reported, stage="read", data={"markup": "object", "slide": number}))
    return []


def _diagram(part: etree._Element) -> list[Node]:
    """The words of a diagram (SmartArt) as a list."""
    lines = [_words(each) for each in part.iter(f"{DIAGRAM}t")]
    items = [[pandoc_ast.plain(pandoc_ast.words(line))] for line in lines if line]
    return [{"t": "BulletList", "c": items}] if items else []


def _chart(part: etree._Element) -> list[Node]:
    """The numbers of a chart as a table: a column for each series."""
    columns: list[tuple[str, list[str]]] = []
    for series in part.iter(f"{CHART}ser"):
        if not columns:
            columns.append(("", _values(series, "cat") or _values(series, "xVal")))
        columns.append((" ".join(_values(series, "tx")), _values(series, "val") or _values(series, "yVal")))
    length = max((len(values) for _, values in columns), default=0)
    if not length:
        return []
    rows = [[values[at] if at < len(values) else "" for _, values in columns] for at in range(length)]
    made = [_row([pandoc_ast.plain(pandoc_ast.words(text))] for text in row) for row in ([name for name, _ in columns], *rows)]
    caption = [pandoc_ast.plain(pandoc_ast.words(_words(each))) for each in part.iter(f"{CHART}title") if _words(each)]
    return [tables.table(made[:1], [made[1:]], [], caption[:1])]


def _values(series: etree._Element, name: str) -> list[str]:
    return [each.text or "" for each in series.iterfind(f"./{CHART}{name}//{CHART}v")]


def _row(cells: Iterator[list[Node]] | Sequence[list[Node]]) -> tables.Row:
    return [pandoc_ast.attr(), [tables.cell(each) for each in cells]]


def _table(table: etree._Element, targets: dict[str, tuple[str, str]]) -> Node:
    rows: list[tables.Row] = []
    for row in table.iter(f"{A}tr"):
        cells = []
        for each in row.iter(f"{A}tc"):
            if each.get("hMerge") in ("1", "true") or each.get("vMerge") in ("1", "true"):
                continue
            down, right = _span(each, "rowSpan"), _span(each, "gridSpan")
            cells.append(tables.cell(_paragraphs(each, targets, listed=False), down, right))
        rows.append([pandoc_ast.attr(), cells])
    about = table.find(f"{A}tblPr")
    heads = 1 if about is not None and about.get("firstRow") in ("1", "true") else 0
    return tables.table(rows[:heads], [rows[heads:]], [], [])


def _span(cell: etree._Element, name: str) -> int:
    value = cell.get(name, "1")
    return int(value) if value.isdecimal() and len(value) < 6 else 1


def _paragraphs(shape: etree._Element, targets: dict[str, tuple[str, str]], *, listed: bool) -> list[Node]:
    """The paragraphs of a shape; those with bullets as nested lists."""
    out: list[Node] = []
    items: list[tuple[int, bool, list[Node]]] = []
    for each in shape.iter(f"{A}p"):
        inlines = _inlines(each, targets)
        if not inlines:
            continue
        about = each.find(f"{A}pPr")
        kind = _bullet(about, listed=listed)
        if kind:
            level = min(_level(about), MAX_LEVEL) if about is not None else 0
            items.append((level, kind == "number", inlines))
            continue
        out += _lists(items)
        items = []
        out.append(pandoc_ast.para(inlines))
    return out + _lists(items)


def _level(about: etree._Element) -> int:
    value = about.get("lvl", "0")
    return int(value) if value.isdecimal() and len(value) < 4 else 0


def _bullet(about: etree._Element | None, *, listed: bool) -> str:
    if about is not None:
        if about.find(f"{A}buNone") is not None:
            return ""
        if about.find(f"{A}buAutoNum") is not None:
            return "number"
        if about.find(f"{A}buChar") is not None or about.find(f"{A}buBlip") is not None:
            return "bullet"
    return "bullet" if listed else ""


def _lists(items: Sequence[tuple[int, bool, list[Node]]]) -> list[Node]:
    """Items with their levels as lists in one another."""
    out: list[Node] = []
    at = 0
    while at < len(items):
        level, numbered, _ = items[at]
        made: list[list[Node]] = []
        while at < len(items) and items[at][0] >= level and (items[at][0] > level or items[at][1] == numbered):
            end = at + 1
            while end < len(items) and items[end][0] > level:
                end += 1
            made.append([pandoc_ast.plain(items[at][2]), *_lists(items[at + 1 : end])])
            at = end
        start = [1, {"t": "Decimal"}, {"t": "Period"}]
        out.append({"t": "OrderedList", "c": [start, made]} if numbered else {"t": "BulletList", "c": made})
    return out


def _inlines(paragraph: etree._Element, targets: dict[str, tuple[str, str]]) -> list[Node]:
    out: list[Node] = []
    for each in paragraph.iter(f"{A}r", f"{A}br", f"{A}fld"):
        if each.tag == f"{A}br":
            out.append({"t": "LineBreak"})
        elif each.tag == f"{A}r" or each.get("type", "") != "slidenum":
            text = each.findtext(f"{A}t") or ""
            inlines = _spaced(text)
            out += _styled(inlines, each.find(f"{A}rPr"), targets) if inlines else []
    while out and out[-1]["t"] in ("LineBreak", "Space"):
        out.pop()
    return out


def _spaced(text: str) -> list[Node]:
    """Words with the blanks at both ends, which separate them from the next run."""
    words = pandoc_ast.words(text.strip())
    space: list[Node] = [{"t": "Space"}]
    return [*(space if text[:1].isspace() else []), *words, *(space if words and text[-1:].isspace() else [])]


def _styled(inlines: list[Node], about: etree._Element | None, targets: dict[str, tuple[str, str]]) -> list[Node]:
    if about is None:
        return inlines
    for name, kind in (("b", "Strong"), ("i", "Emph")):
        if about.get(name) in ("1", "true"):
            inlines = [{"t": kind, "c": inlines}]
    if about.get("strike", "noStrike") != "noStrike":
        inlines = [{"t": "Strikeout", "c": inlines}]
    if (shift := about.get("baseline", "0").lstrip("+")) not in ("0", "0%"):
        inlines = [{"t": "Subscript" if shift.startswith("-") else "Superscript", "c": inlines}]
    link = about.find(f"{A}hlinkClick")
    kind, target = targets.get(link.get(f"{R}id", ""), ("", "")) if link is not None else ("", "")
    return [pandoc_ast.link(inlines, target)] if kind == "hyperlink" and target else inlines
