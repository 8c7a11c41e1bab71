"""The fit of tables: words stay whole, and many columns are divided into parts."""

from __future__ import annotations

import io
import subprocess

import pikepdf
import pytest
from lxml import etree

from schemas import options
from service.engines import Engines
from service.model.document import Source
from service.pipeline import steps
from service.writers.page import fixes, tables

NAMED, TWO_ROWS = " id='cell'", " rowspan='2'"


def table(*rows: str, head: str = "") -> str:
    body = f"<thead>{head}</thead><tbody>{''.join(rows)}</tbody>"
    return f"<table id='t'><colgroup><col/></colgroup><caption>Of it</caption>{body}</table>"


def row(*cells: str, tag: str = "td", attributes: str = "") -> str:
    return "<tr>" + "".join(f"<{tag}{attributes}>{cell}</{tag}>" for cell in cells) + "</tr>"


def parts(markup: str, measure: float | None = 1.0) -> list[etree._Element]:
    return list(fixes.fix(markup, measure).iter("table"))


def texts(part: etree._Element) -> list[list[str]]:
    return [["".join(cell.itertext()) for cell in each] for each in part.iter("tr")]


def names(count: int) -> list[str]:
    return [f"c{number:02}" + "x" * 6 for number in range(count)]


@pytest.mark.parametrize("measure", [1.0, 0.6])
def test_many_columns_are_set_in_parts(measure: float) -> None:
    columns = names(33)
    found = parts(table(row(*columns), row(*columns), head=row(*columns, tag="th")), measure)
    assert len(found) > 3
    for part in found:
        for line in texts(part):
            assert line[0] == columns[0]
            assert sum(len(name) + tables.GAP for name in line) <= tables.WIDE_ROOM * measure
    assert [name for part in found for name in texts(part)[1][1:]] == columns[1:]
    assert len({len(texts(part)) for part in found}) == 1, "each part has all rows"


def test_parts_are_about_equally_broad() -> None:
    assert [len(texts(part)[0]) for part in parts(table(row(*names(9))))] == [5, 5]


@pytest.mark.parametrize(("count", "size"), [(12, "wide"), (14, "dense")])
def test_more_columns_stand_on_a_page_on_its_side_with_their_heading(count: int, size: str) -> None:
    body = fixes.fix(f"<p>a</p><h2>Over it</h2><h3>Under it</h3>{table(row(*names(count)))}<p>b</p>", 1.0, 1.8)
    assert [(each.tag, each.get("class")) for each in body] == [
        ("p", None), ("h3", "turned"), ("h4", "turned"), ("table", f"short {size} turned"), ("p", None),
    ]  # fmt: skip


def test_what_has_no_room_on_a_page_on_its_side_is_set_in_parts() -> None:
    assert len(list(fixes.fix(table(row(*names(33))), 1.0, 1.8).iter("table"))) > 1
    inside = fixes.fix(f"<blockquote>{table(row(*names(14)))}</blockquote>", 1.0, 1.8)
    assert len(list(inside.iter("table"))) > 1, "a quotation is not turned"


@pytest.mark.parametrize(
    ("columns", "options_of"),
    [(13, {}), (8, {"profile": "book"}), (13, {"profile": "report"}), (8, {"paper": "a5"}), (12, {"margin": "40mm"})],
)
def test_pages_of_wide_tables_are_on_their_side(columns: int, options_of: dict[str, str], engines: Engines) -> None:
    text = f"Before.\n\n## Wide\n\n{pipe_table(names(columns), 30)}\n\nAfter.\n"
    made = pages(text, engines, **options_of)
    upright, turned = made[0][0], made[0][0][::-1]
    assert made[-1][0] == upright and {size for size, _ in made} == {upright, turned}
    found = [shown for size, shown in made if size == turned]
    assert "Wide" in found[0] and not any("Before." in each or "After." in each for each in found)
    assert all(names(13)[0] in each for each in found), "the head on each page"


def test_paper_that_lies_already_is_not_turned(engines: Engines) -> None:
    assert all(width > height for (width, height), _ in pages(pipe_table(names(18), 3), engines, paper="a4-landscape"))


def test_pages_of_the_callers_style_sheet_stay_as_they_are(engines: Engines) -> None:
    made = pages(pipe_table(names(13), 3), engines, css="@page { size: A5 landscape }")
    assert {size for size, _ in made} == {(595, 420)}


def pipe_table(columns: list[str], rows: int) -> str:
    line = "| " + " | ".join(columns) + " |\n"
    return line + "|" + "---|" * len(columns) + "\n" + line * rows


def pages(text: str, engines: Engines, **given: str) -> list[tuple[tuple[int, int], str]]:
    """Width and height in points, and text, of each page of a PDF."""
    conversion = options.defaults("pdf", **given)
    document = steps.read(Source("a.md", f"---\ntitle: T\nlang: en\n---\n\n{text}".encode()), conversion, engines)
    data = steps.write(document, conversion, "pdf", engines).data
    shown = subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True).stdout.decode().split("\f")
    with pikepdf.open(io.BytesIO(data)) as opened:
        sizes = [(round(float(page.mediabox[2])), round(float(page.mediabox[3]))) for page in opened.pages]
    return list(zip(sizes, shown, strict=False))


def test_a_page_that_can_be_scrolled_keeps_its_tables() -> None:
    assert len(parts(table(row(*names(33))), None)) == 1


@pytest.mark.parametrize("count", [6, 7])
def test_what_fits_stays_in_one_part(count: int) -> None:
    assert len(parts(table(row(*names(count))))) == 1


def test_captions_and_identifiers_come_once() -> None:
    cells = [f"<span id='i{number}'>{name}</span>" for number, name in enumerate(names(20))]
    body = fixes.fix(f"<p>a</p>{table(row(*cells, attributes=NAMED))}tail<p>b</p>", 1.0)
    assert len(list(body.iter("caption"))) == 1
    spans = [each.get("id") for each in body.iter("span") if each.get("id")]
    assert sorted(spans) == sorted(f"i{number}" for number in range(20))
    assert len([each for each in body.iter("table") if each.get("id")]) == 1
    assert "tail" in "".join(body.itertext())


def test_cells_that_span_columns_are_in_each_part_that_they_cover() -> None:
    columns = names(21)
    wide = "<tr><td colspan='21'>Over all</td></tr>"
    two = row(columns[0]) + "<tr><td>x</td>" + "".join(f"<td colspan='2'>pair{number}</td>" for number in range(10)) + "</tr>"
    for part in parts(table(wide, row(*columns), two)):
        (over,), line = texts(part)[:2]
        assert over == "Over all" and part.find(".//tr/td").get("colspan") == str(len(line))
        assert sum(int(cell.get("colspan", "1")) for cell in part.findall(".//tr")[3]) == len(line)


def test_cells_that_span_rows_keep_the_columns_apart() -> None:
    columns = names(20)
    first = "<tr>" + "".join(f"<td{TWO_ROWS if at in (0, 3) else ''}>{name}</td>" for at, name in enumerate(columns)) + "</tr>"
    second = row(*(f"n{number}" for number in range(20) if number not in (0, 3)))
    lines = [texts(part)[:2] for part in parts(table(first, second, row(*columns)))]
    for above, below in lines:
        assert below == [f"n{int(name[1:3])}" for name in above if name[1:3] not in ("00", "03")]


def test_the_name_of_a_column_breaks_where_its_parts_are_joined() -> None:
    columns = [f"share_{number:02}_of_people" for number in range(30)]
    body = fixes.fix(table(row(*["1,000.5"] * 30), head=row(*columns, tag="th")), 1.0)
    assert body.find(".//th/wbr") is not None
    assert {text for part in body.iter("table") for text in texts(part)[0]} == set(columns)


def test_short_words_stay_whole_next_to_long_ones() -> None:
    found = parts(table(row("x" * 300, "important", "words")))
    assert len(found) == 1 and "tight" in found[0].get("class")
    assert ["whole" in cell.get("class", "") for cell in found[0].iter("td")] == [False, True, True]


def test_short_cells_stay_on_one_line_next_to_much_text() -> None:
    (found,) = parts(table(row("Item 10", "1,234", "a remark " * 20), row("Item 11", "2", "none")))
    assert ["kept" in cell.get("class", "") for cell in found.iter("td")] == [True, False, False, True, False, False]


@pytest.mark.parametrize("cells", [["two words here"] * 5, ["<p>a b</p>", "c"]])
def test_cells_may_have_several_lines_where_there_is_no_room_or_they_hold_blocks(cells: list[str]) -> None:
    (found,) = parts(table(row(*cells, "a remark " * 20)))
    assert all("kept" not in cell.get("class", "") for cell in found.iter("td"))


def test_a_row_longer_than_a_page_begins_on_the_page_of_the_text_above(engines: Engines) -> None:
    cells = f"<tr><th>Key</th><th>Text</th></tr><tr><td>one</td><td>{'rain falls ' * 1500}</td></tr>"
    made = [shown for _, shown in pages(f"Before.\n\n<table>{cells}</table>\n", engines)]
    assert len(made) > 1 and "Before." in made[0]
    assert all("Key" in each and "rain" in each for each in made), "the head on each page"


def test_what_is_in_the_cells_is_fixed_in_every_part() -> None:
    done = "<label><input type='checkbox' checked=''/>done</label>"
    body = fixes.fix(table(row(done, *names(20))), 1.0)
    assert not list(body.iter("input")) and len(body.findall(".//span[@class='task']")) == len(list(body.iter("table")))


def test_no_word_is_broken_on_the_page(engines: Engines) -> None:
    """A table of 33 columns, as another program reads the PDF; every value is there."""
    head = ",".join(f"estimate_{number}" for number in range(33))
    lines = [",".join([f"Place{line}", *(f"{1000 + number}.{line}%" for number in range(1, 33))]) for line in range(20)]
    source = Source("wide.csv", "\n".join([head, *lines]).encode())
    recipe = options.load(("pdf",), {})
    made = steps.write(steps.read(source, recipe, engines), recipe, "pdf", engines).data
    text = subprocess.run(["pdftotext", "-layout", "-", "-"], input=made, capture_output=True, check=True).stdout.decode()
    words = set(text.split())
    assert {f"{1000 + number}.{line}%" for number in range(1, 33) for line in range(20)} <= words
    assert {f"Place{line}" for line in range(20)} <= words
