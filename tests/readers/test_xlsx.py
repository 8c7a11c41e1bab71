"""XLSX: values as the workbook shows them, merged cells, hidden sheets, and what is refused."""

from __future__ import annotations

import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.document import Document
from service.model.errors import TooComplex
from tests.readers import markups, office
from tests.readers.ooxml import workbook

STYLES = (
    "<numFmts><numFmt numFmtId='164' formatCode='d\\.\\ mmmm\\ yyyy'/><numFmt numFmtId='165' formatCode='&quot;day&quot; 0.0'/>"
    "</numFmts>"
    "<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='10'/><xf numFmtId='4'/><xf numFmtId='164'/><xf numFmtId='22'/>"
    "<xf numFmtId='165'/><xf numFmtId='21'/></cellXfs>"
)
TEXTS = "<si><t>Name</t></si><si><r><t>Low </t></r><r><t>tide</t></r><rPh><t>reading</t></rPh></si>"


def texts(document: Document) -> list[str]:
    rows = pandoc_ast.query(document.blocks, {"Plain"})
    return [pandoc_ast.text(node["c"]) for node in rows]


@pytest.mark.parametrize(
    ("cell", "shown"),
    [("<c s='1'><v>45418</v></c>", "2024-05-06"), ("<c s='2'><v>0.125</v></c>", "12.50%"),
     ("<c s='3'><v>1234.5</v></c>", "1,234.50"),
     ("<c s='4'><v>45418</v></c>", "2024-05-06"),
     ("<c s='5'><v>45418.5</v></c>", "2024-05-06 12:00"),
     ("<c s='6'><v>7</v></c>", "7.0"),
     ("<c s='7'><v>0.75</v></c>", "18:00:00"), ("<c><v>0.1</v></c>", "0.1"), ("<c><v>12</v></c>", "12"),
     ("<c t='b'><v>1</v></c>", "TRUE"),
     ("<c t='e'><v>#REF!</v></c>", "#REF!"), ("<c t='str'><f>A1</f><v>made</v></c>", "made"),
     ("<c t='s'><v>1</v></c>", "Low tide"),
     ("<c t='inlineStr'><is><t>within</t></is></c>", "within"), ("<c><v>1.10E+2</v></c>", "110"),
     ("<c><v>1e999</v></c>", "1e999"), ("<c s='1'><v>nan</v></c>", "nan"), ("<c s='2'><v>-inf</v></c>", "-inf")],
)  # fmt: skip
def test_values(engines: Engines, conversion: markups.Recipe, cell: str, shown: str) -> None:
    sheet = f"<sheetData><row r='1'><c r='A1' t='s'><v>0</v></c></row><row r='2'>{cell}</row></sheetData>"
    document = markups.read(workbook({"A": sheet}, TEXTS, STYLES), "a.xlsx", engines, conversion("pdf"))
    assert (document.reader, document.metadata.title) == ("xlsx", "Tides")
    assert texts(document) == ["Name", shown]


def test_sheets_spans_and_links(engines: Engines, conversion: markups.Recipe) -> None:
    first = (
        "<sheetData><row r='1'><c r='A1' t='s'><v>0</v></c><c r='C1'><v>3</v></c></row>"
        "<row r='3'><c r='B3' t='s'><v>1</v></c></row>"
        "</sheetData><mergeCells><mergeCell ref='A1:B1'/></mergeCells><hyperlinks><hyperlink ref='B3' r:id='h'/></hyperlinks>"
    )
    second = "<sheetData><row><c><v>7</v></c></row></sheetData>"
    data = workbook(
        {"Sea": first, "Sand": second, "Secret": second}, TEXTS, hidden="Secret", links={"h": "https://tides.example/"}
    )
    document = markups.read(data, "a.xlsx", engines, conversion("pdf"))
    assert [pandoc_ast.text(node["c"][2]) for node in pandoc_ast.query(document.blocks, {"Header"})] == ["Sea", "Sand"]
    assert texts(document) == ["Name", "3", "Low tide", "7"]
    head = next(pandoc_ast.query(document.blocks, {"Table"}))["c"][3][1]
    assert [cell[3] for cell in head[0][1]] == [2, 1]
    assert next(pandoc_ast.query(document.blocks, {"Link"}))["c"][2][0] == "https://tides.example/"
    assert [reported.data["sheets"] for reported in document.notices if reported.code == "raw-html-dropped"] == [["Secret"]]


@pytest.mark.parametrize(
    "rows",
    ["".join(f"<row r='{n}'><c r='A{n}'><v>1</v></c><c r='CV{n}'><v>1</v></c></row>" for n in range(1, 500)),
     "".join(f"<row r='{n}'><c r='XFD{n}'><v>1</v></c></row>" for n in range(2, 9))],
)  # fmt: skip
def test_bombs(engines: Engines, conversion: markups.Recipe, rows: str) -> None:
    with pytest.raises(TooComplex, match="40,000 cells"):
        markups.read(workbook({"A": f"<sheetData>{rows}</sheetData>"}), "a.xlsx", engines, conversion("pdf"))


def test_a_cell_far_away(engines: Engines, conversion: markups.Recipe) -> None:
    rows = "<row r='1'><c r='A1'><v>1</v></c></row><row r='1048576'><c r='A1048576'><v>2</v></c></row>"
    document = markups.read(workbook({"A": f"<sheetData>{rows}</sheetData>"}), "a.xlsx", engines, conversion("pdf"))
    assert texts(document) == ["1", "2"]


def test_rows_far_apart_keep_their_spans_and_links(engines: Engines, conversion: markups.Recipe) -> None:
    sheet = (
        "<sheetData><row r='1'><c r='A1' t='s'><v>0</v></c></row>"
        "<row r='900000'><c r='A900000' t='s'><v>1</v></c><c r='B900000'><v>7</v></c></row>"
        "<row r='900001'><c r='A900001'><v>8</v></c><c r='B900001'><v>9</v></c></row></sheetData>"
        "<mergeCells><mergeCell ref='A900000:A900001'/><mergeCell ref='A1:B800000'/></mergeCells>"
        "<hyperlinks><hyperlink ref='B900001' r:id='h'/></hyperlinks>"
    )
    data = workbook({"Sea": sheet}, TEXTS, links={"h": "https://tides.example/"})
    document = markups.read(data, "a.xlsx", engines, conversion("pdf"))
    assert texts(document) == ["Name", "Low tide", "7", "9"]
    table = next(pandoc_ast.query(document.blocks, {"Table"}))
    rows = [*table["c"][3][1], *(row for body in table["c"][4] for row in body[3])]
    spans = [cell[2:4] for row in rows for cell in row[1]]
    assert spans == [[1, 2], [2, 1], [1, 1], [1, 1]]
    assert [pandoc_ast.text(node["c"][1]) for node in pandoc_ast.query(document.blocks, {"Link"})] == ["9"]
    assert [each.code for each in document.notices if "rows" in each.message] == ["blanks-shortened"]


@pytest.mark.parametrize(
    ("codes", "lines"),
    [
        ("<oddHeader>&amp;L&amp;\"Arial,Bold\"&amp;14Harbour &amp;R&amp;KFF0000board</oddHeader>", [["Harbour", "board"]]),
        ("<oddFooter>&amp;CPage &amp;P of &amp;N</oddFooter>", [["Page of"]]),
        ("<oddFooter>&amp;C&amp;P/&amp;N</oddFooter>", []),
    ],
)  # fmt: skip
def test_headers_and_footers_are_reported(
    codes: str, lines: list[list[str]], engines: Engines, conversion: markups.Recipe
) -> None:
    sheet = f"<sheetData><row><c><v>7</v></c></row></sheetData><headerFooter>{codes}</headerFooter>"
    document = markups.read(workbook({"Sea": sheet}), "a.xlsx", engines, conversion("pdf"))
    assert [reported.data["lines"] for reported in document.notices if reported.code == "page-header-removed"] == lines


def test_comments_are_reported(engines: Engines, conversion: markups.Recipe) -> None:
    comments = (
        b"<comments xmlns='urn:s'><commentList><comment ref='A1'><text><r><t>Too </t></r><r><t>low.</t></r></text></comment>"
    )
    data = workbook({"Sea": "<sheetData><row><c><v>7</v></c></row></sheetData>"})
    data = office.rezipped(data, {"xl/comments1.xml": comments + b"</commentList></comments>"})
    document = markups.read(data, "a.xlsx", engines, conversion("pdf"))
    assert [reported.data["comments"] for reported in document.notices if reported.code == "comment-removed"] == [["Too low."]]
