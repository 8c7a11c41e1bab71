"""CSV and TSV: separators, the head, numbers, line ends in cells."""

from __future__ import annotations

import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from service.readers.csv import separator
from tests.readers import markups


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b\n1,2", ","),
        ("a;b\n1,5;2", ";"),
        ("a\tb\n1\t2, 3", "\t"),
        ('a,"b;c;d"\n1,"2;3;4"', ","),
        ("one\ntwo", ","),
        ("a|b\n1|2", "|"),
    ],
)
def test_separator(text: str, expected: str) -> None:
    assert separator(text) == expected


def test_table(engines: Engines, conversion: markups.Recipe) -> None:
    data = 'name;Preis\nAda;"1,50 €"\n"two\nlines";2\nshort\n'
    document = markups.read(data, "my prices.csv", engines, conversion("pdf"))
    assert document.metadata.title == "my prices"
    (table,) = document.blocks
    head, body = table["c"][3][1], table["c"][4][0][3]
    assert [pandoc_ast.text(cell[4]) for cell in head[0][1]] == ["name", "Preis"]
    assert len(body) == 3 and all(len(row[1]) == 2 for row in body)
    assert [row[1][1][1]["t"] for row in body] == ["AlignRight"] * 3
    assert {node["t"] for node in pandoc_ast.query(body)} == {"Plain", "Str", "Space", "LineBreak"}


def test_front_matter_and_tabs(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read("---\ntitle: Prices\nauthor: Ada\n---\na\tb\n1\t2\n", "x.tsv", engines, conversion("pdf"))
    assert (document.metadata.title, document.metadata.authors[0].name) == ("Prices", "Ada")
    assert markups.said(document) == "a b 1 2"


def test_encoding_is_detected(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read("名字,城市\n李伟,北京的灯塔在这里\n".encode("gb18030"), "表.csv", engines, conversion("pdf"))
    assert "李伟" in markups.said(document)
    assert "encoding-converted" in markups.codes(document)


@pytest.mark.parametrize("first", ["sep=;", "SEP=;", '"sep=;"'])
def test_the_line_that_names_the_separator(first: str, engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(f"{first}\r\na,b;c\r\n1;2\r\n", "a.csv", engines, conversion("pdf"))
    (table,) = document.blocks
    assert [pandoc_ast.text(cell[4]) for cell in table["c"][3][1][0][1]] == ["a,b", "c"]
    assert "text-missing" not in markups.codes(document)
