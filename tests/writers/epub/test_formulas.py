"""Formulas of an EPUB: MathML always, and a drawing where it costs little."""

from __future__ import annotations

import pytest
from lxml import etree

from service.writers.epub import formulas
from service.writers.epub.xhtml import tag


def body(*lengths: int) -> etree._Element:
    """Paragraphs of one formula each: that number of letters in a row, and another letter at its end."""
    out = etree.Element(tag("body"))
    for number, length in enumerate(lengths):
        math = etree.SubElement(etree.SubElement(out, tag("p")), f"{{{formulas.MATHML}}}math")
        semantics = etree.SubElement(math, f"{{{formulas.MATHML}}}semantics")
        row = etree.SubElement(semantics, f"{{{formulas.MATHML}}}mrow")
        for letter in "a" * length + str(number):
            etree.SubElement(row, f"{{{formulas.MATHML}}}mi").text = letter
        etree.SubElement(semantics, f"{{{formulas.MATHML}}}annotation").text = "a" * length + str(number)
    return out


def drawn(page: etree._Element) -> list[bool]:
    return [math.get("altimg") is not None for math in page.iter(f"{{{formulas.MATHML}}}math")]


def test_a_formula_that_is_long_has_no_drawing_and_its_mathml_stays() -> None:
    page = body(3, 5_000, 4)
    drawings, reported = formulas.settle(page)
    assert drawn(page) == [True, False, True]
    assert (len(drawings), reported) == (2, [])
    assert [len(list(math.iter(f"{{{formulas.MATHML}}}mi"))) for math in page.iter(f"{{{formulas.MATHML}}}math")] == [4, 5_001, 5]


def test_drawings_share_a_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formulas, "LONGEST_IN_ALL", 500)
    page = body(10, 10, 10, 10, 1)
    formulas.settle(page)
    assert drawn(page)[0] and not all(drawn(page))


def test_a_formula_that_is_there_again_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formulas, "MOST", 1)
    page = body(3)
    page.append(etree.fromstring(etree.tostring(page[0])))
    drawings, _ = formulas.settle(page)
    assert (drawn(page), len(drawings)) == ([True, True], 1)
