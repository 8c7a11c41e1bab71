"""Codes of ONIX for what a file says of its accessibility."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.containers import onix
from service.engines import Engines
from service.inspect import inspect
from service.inspect.check import check
from service.model.document import Conversion, Source
from service.pipeline import steps


def codes(found: list[dict[str, str]]) -> list[str]:
    return [each["code"] for each in found]


def test_a_package_that_conforms() -> None:
    said = {
        "conforms_to": ["EPUB Accessibility 1.1 - WCAG 2.2 Level AA"], "certified_by": ["Ida Quist"],
        "certifier_report": ["https://report.example"], "summary": ["It reflows."], "sufficient": ["textual"],
        "features": ["readingOrder", "tableOfContents", "unlocked", "alternativeText", "MathML", "latex"],
    }  # fmt: skip
    found = onix.of_epub(said)
    assert codes(found) == ["00", "04", "11", "13", "14", "17", "35", "52", "82", "85", "90", "94"]
    assert {each["code"]: each["value"] for each in found if each["value"]} == {
        "00": "It reflows.", "90": "Ida Quist", "94": "https://report.example",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, []),
        ({"certified_by": ["Ida Quist"]}, []),  # without conformance there is nothing that is certified
        ({"sufficient": ["textual,visual"]}, []),
        ({"conforms_to": ["http://www.idpf.org/epub/a11y/accessibility-20170105.html#wcag-aa"]}, ["03"]),
        ({"conforms_to": ["EPUB Accessibility 1.1 - WCAG 2.9 Level AA"]}, []),
        ({"features": ["pageNavigation", "printPageNumbers"]}, ["19"]),
    ],
)
def test_nothing_is_concluded(said: dict[str, list[str]], expected: list[str]) -> None:
    assert codes(onix.of_epub(said)) == expected


def test_claims_of_a_pdf() -> None:
    assert codes(onix.of_pdf(["pdf/a-4f", "pdf/ua-2"])) == ["06"] and onix.of_pdf(["pdf/a-2b"]) == []


@pytest.mark.parametrize(
    ("target", "expected"), [("pdf", {"05"}), ("epub", {"00", "04", "82", "85", "11", "13", "36", "52", "90"})]
)
def test_reports_have_them(target: str, expected: set[str], engines: Engines, conversion: Callable[..., Conversion]) -> None:
    """Those of a conversion, of an inspection and of a check."""
    source = Source("a.md", b"---\ntitle: Lamps\nlang: en\n---\n\nText.\n\n## Oil\n\nMore.\n")
    recipe = conversion(target)
    made = steps.write(steps.read(source, recipe, engines), recipe, target, engines)
    found = made.report["onix"]
    assert expected <= set(codes(found))
    assert inspect(made.data)["facts"]["onix"] == check(made.data)["facts"]["onix"] == found


def test_each_code_has_a_name() -> None:
    named = {*onix.FEATURES.values(), *onix.OLD.values(), *onix.LEVELS.values(), *onix.PDF.values(), "80", "81", "82"}
    assert named <= onix.NAMES.keys()
