"""Tables: columns by content, words whole, the head on each page, air around them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lxml import etree

from service.containers import packages
from service.model import profiles
from service.writers.docx import cell_widths, stylesheet
from service.writers.docx.tables import Column, shared
from service.writers.docx.wide_tables import Cell
from tests.writers.docx.conftest import Opened, W

Make = Callable[..., Opened]
LONG = "a description that goes on for longer than its column, as descriptions in tables will do, and so it is set in lines"


def widths(made: Opened, table: int = 0) -> list[int]:
    return [int(each.get(f"{{{W}}}w", "0")) for each in made.find("w:tblGrid/w:gridCol", made.find("//w:tbl")[table])]


def test_columns_are_as_wide_as_what_they_hold(opened: Make) -> None:
    made = opened(f"Before.\n\n| No | Count | What |\n|---|--:|---|\n| 1 | 1,234,567 | {LONG} |\n\nAfter.")
    first, second, third = widths(made)
    assert first < second < third
    assert second > 1_000  # the number stays on one line
    assert 8_300 < sum((first, second, third)) <= 8_402
    assert {each.get(f"{{{W}}}val") for each in made.find("//w:tblHeader")} <= {None, "on", "1"}
    assert len(made.find("//w:tr[w:trPr/w:tblHeader]")) == 1


def test_a_narrow_table_is_narrow(opened: Make) -> None:
    assert sum(widths(opened("| a | b |\n|---|---|\n| 1 | 2 |"))) < 2_000


def test_many_columns_get_smaller_type_before_a_word_breaks(opened: Make) -> None:
    head = "|" + "".join(f" Word{number:02} |" for number in range(9))
    made = opened(f"{head}\n|{'---|' * 9}\n{head}")
    assert sum(widths(made)) <= 9_073
    sizes = {int(each.get(f"{{{W}}}val", "0")) for each in made.find("//w:tbl//w:sz")}
    assert len(sizes) == 1 and 12 <= sizes.pop() < 19


def test_a_table_does_not_touch_the_text(opened: Make) -> None:
    table = "| a |\n|---|\n| 1 |\n"
    made = opened(f"Before.\n\n{table}\nAfter.\n\n- one\n\n{table}\n<!-- -->\n\n{table}")
    (after,) = made.find("//w:p[.//w:t='After.']/w:pPr/w:spacing")
    assert int(after.get(f"{{{W}}}before", "0")) >= 200
    for each in made.find("//w:tbl"):
        following = each.getnext()
        assert following is not None and following.tag != each.tag  # or Word made one table of two


def test_a_table_in_a_cell_fits_into_it(opened: Make) -> None:
    text = f"+---+-------+\n| a | | b | c |  |\n+---+-------+\n| x | {LONG[:30]} |\n+---+-------+\n"
    made = opened(text.replace("| | b | c |  |", "| b     |"))
    assert sum(widths(made)) <= 8_402


@pytest.mark.parametrize(
    ("columns", "room", "expected"),
    [
        ([(10, 20), (10, 30)], 100, [20, 30]),
        ([(10, 20), (10, 180)], 100, [10 + 80 * 10 / 100, 10 + 80 * 90 / 100]),
        ([(60, 60), (60, 60)], 100, [50, 50]),
    ],
)
def test_widths_are_shared(columns: list[tuple[float, float]], room: float, expected: list[float]) -> None:
    assert shared([Column(*each) for each in columns], room) == pytest.approx(expected)


def test_a_right_to_left_table_begins_at_the_right(opened: Make) -> None:
    made = opened("| أول | ثان |\n|---|---|\n| ١ | ٢ |", "ar")
    assert made.find("//w:tblPr/w:bidiVisual")
    assert abs(sum(widths(made)) - 8_402) < 3
    assert not opened("| a |\n|---|\n| b |").find("//w:bidiVisual")


def test_a_head_without_words_is_no_row(opened: Make) -> None:
    made = opened("|  |  |\n|---|---|\n| a | b |\n| c | d |\n\n| | Head |\n|---|---|\n| e | f |")
    first, second = made.find("//w:tbl")
    assert [len(made.find("w:tr", each)) for each in (first, second)] == [2, 2]
    (look,) = made.find("w:tblPr/w:tblLook", first)
    assert look.get(f"{{{W}}}firstRow") == "0" and look.get(f"{{{W}}}val") == "0000"


def test_a_short_table_stays_on_one_page(opened: Make) -> None:
    rows = "| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 3
    (short,) = opened(rows).find("//w:tbl")
    kept = [len(row.findall(f".//{{{W}}}keepNext")) for row in short.iter(f"{{{W}}}tr")]
    assert kept == [2, 2, 2, 0]
    assert not opened(rows + "| 1 | 2 |\n" * 20).find("//w:tbl//w:keepNext")


def wide(columns: int, *, rows: int = 3) -> str:
    line = "| " + " | ".join(f"Number{each:02}" for each in range(columns)) + " |\n"
    return line + "|" + "---|" * columns + "\n" + line * rows


def sections(made: Opened) -> list[tuple[int, int, str]]:
    found = made.find("//w:sectPr/w:pgSz")
    return [(int(each.get(f"{{{W}}}w", "")), int(each.get(f"{{{W}}}h", "")), each.get(f"{{{W}}}orient", "")) for each in found]


def test_a_wide_table_stands_in_a_section_on_its_side(opened: Make) -> None:
    made = opened(f"Before.\n\n# Over it\n\n{wide(12)}\nAfter.\n\n{wide(12)}")
    upright, turned = (11906, 16838, ""), (16838, 11906, "landscape")
    assert sections(made) == [upright, turned, upright, turned, upright]
    assert len(made.find("//w:sectPr[w:titlePg]")) == 1, "one title page"
    assert [len(made.find(".//w:p[.//w:t='Over it']", each)) for each in made.find("//w:body")] == [1]
    (heading,) = made.find("//w:p[.//w:t='Over it']")
    ends = [each for each in made.find("//w:p[w:pPr/w:sectPr]") if each in list(heading.itersiblings(preceding=True))]
    assert len(ends) == 1, "the heading goes with its table"
    assert sum(widths(made)) <= 16838 - 2 * 1134
    assert not made.find("//w:sectPr/w:sectPr") and made.find("//w:body/*[last()]")[0].tag == f"{{{W}}}sectPr"


def test_pages_on_their_side_have_headers_of_their_breadth(opened: Make) -> None:
    made = opened(f"Before.\n\n{wide(12)}")
    header = etree.fromstring(made.parts["word/header1turned.xml"])
    stops = [(each.get(f"{{{W}}}val"), each.get(f"{{{W}}}pos")) for each in header.iter(f"{{{W}}}tab") if each.get(f"{{{W}}}pos")]
    assert ("right", str(16838 - 2 * 1134)) in stops and stops[0][0] == "clear"
    assert b"/word/header1turned.xml" in made.parts["[Content_Types].xml"]
    assert len(set(made.find("//w:headerReference/@r:id"))) >= 3  # type: ignore[arg-type]


def test_tables_one_after_the_other_stand_in_one_section(opened: Make) -> None:
    made = opened(f"Before.\n\n{wide(12)}\n\n# Next\n\n{wide(12)}")
    assert len(sections(made)) == 3 and len(made.find("//w:tbl")) == 2


def test_what_has_no_room_on_a_page_on_its_side_is_set_in_parts(opened: Make) -> None:
    made = opened(f"Before.\n\n{wide(40)}")
    assert len(sections(made)) == 1
    tables = made.find("//w:tbl")
    assert len(tables) > 3
    for each in tables:
        first = made.find("w:tr[1]/w:tc[1]//w:t", each)
        assert [text.text for text in first] == ["Number00"]
    shown = [text.text for each in tables for text in made.find("w:tr[2]//w:t", each)]
    assert [text for text in shown if text != "Number00"] == [f"Number{each:02}" for each in range(1, 40)]


def test_notes_of_a_repeated_column_stand_once(opened: Make) -> None:
    text = wide(40).replace("Number00", "Number[^a]", 1) + "\n\n[^a]: About it.\n"
    assert len(opened(text).find("//w:footnoteReference")) == 1


@pytest.mark.parametrize(("style", "indents"), [("SourceCode", 226), ("BlockText", 453), ("CalloutTip", 473), ("BodyText", 0)])
def test_the_indents_of_a_style_need_room_in_a_cell(style: str, indents: int) -> None:
    styles = stylesheet.of(packages.unpack(profiles.path("article", "reference.docx").read_bytes())["word/styles.xml"])
    least = {}
    for name in ("", style):
        paragraph = f'<w:p><w:pPr><w:pStyle w:val="{name}"/></w:pPr><w:r><w:t>nnnn</w:t></w:r></w:p>'
        element = etree.fromstring(f'<w:tc xmlns:w="{W}">{paragraph}</w:tc>')
        least[name] = cell_widths.needed(Cell(element, 0, 1, bold=False), 20, styles)
    assert [round(one - other) for one, other in zip(least[style], least[""], strict=True)] == [indents, indents]


def test_a_link_in_the_head_can_be_read_on_a_dark_ground(opened: Make) -> None:
    made = opened("| [a](https://lamps.example/) |\n|---|\n| [b](https://lamps.example/) |\n", profile="report")
    colours = [
        each.xpath("string(w:rPr/w:color/@w:val)", namespaces=made.SPACES) for each in made.find("//w:tbl//w:hyperlink/w:r")
    ]
    assert colours == ["auto", ""]
    marked = opened("| [a]{.mark} |\n|---|\n| [b]{.mark} |\n", profile="report").find("//w:r[w:rPr/w:highlight]")
    assert [each.xpath("string(w:rPr/w:color/@w:val)", namespaces=made.SPACES) for each in marked] == ["000000", ""]
