"""Room for the labels of ordered lists."""

from __future__ import annotations

import pytest
from lxml import etree

from service.model.text import numerals
from service.writers.epub import ordered_lists

XHTML = "http://www.w3.org/1999/xhtml"


@pytest.mark.parametrize(
    ("attributes", "count", "indent"),
    [
        ("", 9, ""), ("", 99, ""), ("", 100, "2.60em"), ('start="1986"', 2, "3.20em"), ('type="i"', 8, "3.20em"),
        ('type="a"', 26, ""), ('start="x"', 2, ""),
    ],
)  # fmt: skip
def test_a_long_label_has_room(attributes: str, count: int, indent: str) -> None:
    ordered = etree.fromstring(f'<ol xmlns="{XHTML}" {attributes}>' + "<li>x</li>" * count + "</ol>")
    ordered_lists.settle(ordered)
    assert ordered.get("style", "") == (f"padding-inline-start: {indent}" if indent else "")


@pytest.mark.parametrize(
    ("number", "kind", "label"),
    [(4, "1", "4"), (27, "a", "aa"), (1994, "I", "MCMXCIV"), (0, "a", "0"), (5000, "i", "5000"), (3, "x", "3")],
)
def test_labels(number: int, kind: str, label: str) -> None:
    assert numerals.label(number, kind) == label


@pytest.mark.parametrize(
    ("name", "kind", "label"), [("list-parens", "a", "(b) "), ("list-paren", "i", "ii) "), ("list-parens", "1", "(2) ")]
)
def test_labels_with_parentheses_are_strings(name: str, kind: str, label: str) -> None:
    around = etree.fromstring(f'<div xmlns="{XHTML}" class="{name}"><ol type="{kind}"><li>x</li><li>y</li></ol></div>')
    ordered_lists.settle(around[0])
    assert around[0][1].get("style") == f"list-style-type: '{label}'"


def test_usual_labels_need_no_string() -> None:
    ordered = etree.fromstring(f'<ol xmlns="{XHTML}" type="A"><li>x</li></ol>')
    ordered_lists.settle(ordered)
    assert ordered[0].get("style") is None
