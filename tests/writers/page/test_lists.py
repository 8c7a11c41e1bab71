"""Ordered lists on a page: starts, types, parentheses, and room for long numbers. The PDF is read by pdftotext."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from schemas import options
from service.engines import Engines
from service.model.document import Conversion, Source
from service.pipeline import steps


@pytest.fixture
def lines(engines: Engines, conversion: Callable[..., Conversion], tmp_path: Path) -> Callable[[str, str], list[str]]:
    """The lines of the PDF of a text, each with single blanks."""

    def printed(text: str, name: str = "a.md") -> list[str]:
        options_of = conversion("pdf")
        document = steps.read(Source(name, text.encode()), options_of, engines)
        made = tmp_path / "a.pdf"
        made.write_bytes(steps.write(document, options_of, "pdf", engines).data)
        shown = subprocess.run(["pdftotext", "-layout", made, "-"], check=True, capture_output=True, text=True).stdout
        return [" ".join(line.split()) for line in shown.splitlines() if line.strip()]

    return printed


Lines = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("7. seven\n8. eight\n", ["7. seven", "8. eight"]),
        ("0. nought\n1. one\n", ["0. nought", "1. one"]),
        ("1. a\n\nBetween.\n\n2. b\n", ["1. a", "Between.", "2. b"]),
        ("2024. A good year.\n", ["2024. A good year."]),
        ("4) four\n5) five\n", ["4) four", "5) five"]),
        ('<ol type="A" start="26"><li>last<li>next</ol>', ["Z. last", "AA. next"]),
        ('<ol type="i" start="9"><li>nine<li>ten</ol>', ["ix. nine", "x. ten"]),
        ('<ol><li>one<li value="5">five<li>six</ol>', ["1. one", "5. five", "6. six"]),
        ("<ol reversed><li>b<li>a</ol>", ["2. b", "1. a"]),
        ('<ol start="-1"><li>below</ol>', ["-1. below"]),
        ("3. three\n   1. inner\n   - dot\n4. four\n", ["3. three", "1. inner", "– dot", "4. four"]),
    ],
)
def test_numbers_are_those_of_the_author(lines: Lines, text: str, shown: list[str]) -> None:
    assert lines(f"---\ntitle: T\nlang: en\n---\n\nStart.\n\n{text}")[2:-1] == shown


def test_a_list_in_a_note_has_its_numbers(lines: Lines) -> None:
    assert "3) third" in lines("---\ntitle: T\nlang: en\n---\n\nWord[^1].\n\n[^1]: Note.\n\n    3) third\n")


def test_a_long_number_stands_inside_the_measure(engines: Engines) -> None:
    wanted = options.defaults("html")
    document = steps.read(Source("a.md", b"123456. x\n\n- y\n"), wanted, engines)
    assert b"padding-inline-start:4.45em" in steps.write(document, wanted, "html", engines).data
