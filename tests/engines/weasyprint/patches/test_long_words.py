"""A word that is longer than its line is laid out in a time that grows with its length, and as before."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from weasyprint.layout import inline
from weasyprint.text import line_break

from service.engines import Engines
from service.engines.weasyprint import patches, rendering
from service.engines.weasyprint.patches.long_words import Overlong
from service.model.document import Conversion, Source
from service.pipeline import steps

CSS = "html { font: 10pt 'Noto Serif', 'Noto Serif CJK SC'; hyphens: auto; overflow-wrap: break-word } p { width: 9em }"


@pytest.fixture(autouse=True)
def installed() -> Iterator[None]:
    now = inline.split_first_line
    yield
    inline.split_first_line = now


def plain() -> Any:
    found = inline.split_first_line
    while hasattr(found, "plain"):
        found = found.plain
    return found


def printed(split: Any, text: str) -> bytes:
    inline.split_first_line = split
    return rendering.render(f"<html lang=en><body><p>{text}", [CSS], {}).data


AROUND = re.compile(r"^\f?(\d+\s*/\s*\d+|T)$", re.MULTILINE)  # the foot and head of a page


class Counting:
    """Replaces `split_first_line`, and adds up the characters that it is given."""

    def __init__(self) -> None:
        self.characters, self.plain = 0, plain()

    def __call__(self, text: str, *given: Any, **rest: Any) -> Any:
        self.characters += len(text)
        return self.plain(text, *given, **rest)


def test_characters_that_are_set_grow_with_the_word() -> None:
    counted = []
    for length in (1_000, 4_000):
        counting = Counting()
        printed(Overlong(counting), "fabrication" * (length // 11))
        counted.append(counting.characters)
    assert counted[1] < 5 * counted[0]


def test_hyphens_beyond_the_line_are_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few per line, with any continuation; the farthest of all was tried first."""
    made: list[str] = []
    create = line_break.create_layout

    def counting(text: str, *given: Any) -> Any:
        made.append(text)
        return create(text, *given)

    monkeypatch.setattr(line_break, "create_layout", counting)
    counts = []
    for length in (1_100, 4_400):
        printed(Overlong(plain()), "fabrication" * (length // 11))
        counts.append(len(made))
        made.clear()
    assert counts[1] - counts[0] < 8 * (3_300 / 15)


@settings(max_examples=30, deadline=None)
@given(
    st.text("abfijlotW ,.-/é漢か1\u00a0\u00ad\u0301", min_size=1, max_size=12),
    st.text("abfijlotWé1\u0301", min_size=3, max_size=8),
    st.integers(20, 90),
)
def test_same_page(before: str, part: str, times: int) -> None:
    text = f"{before}{part * times} {before}"
    assert printed(Overlong(plain()), text) == printed(plain(), text)


def test_installed_once() -> None:
    patches.install()
    before = inline.split_first_line
    patches.install()
    assert inline.split_first_line is before


@pytest.mark.parametrize(
    ("letters", "text"),
    [
        ("abcdefghij" * 2_000, "Before {} after"),
        ("汉字排版测试文章书籍" * 2_000, "{}"),
        ("достопримечательность" * 900, "# {}\n\nText"),
        ("abcdefghij" * 2_000, "```\n{}\n```"),
        ("0123456789" * 2_000, "| a | b |\n|---|---|\n| {} | x |"),
        ("https://example.org/" + "abcdefghi/" * 500, "<{}>"),
    ],
)
def test_all_of_it_is_on_the_page_and_nothing_else(
    letters: str, text: str, conversion: Callable[..., Conversion], engines: Engines
) -> None:
    """20,000 letters in a row took four minutes; nothing is put between them that would be copied along."""
    asked, source = conversion("pdf"), f"---\ntitle: T\n---\n\nFirst.\n\n{text.format(letters)}"
    document = steps.read(Source("x.md", source.encode()), asked, engines)
    artifact = steps.write(document, asked, "pdf", engines)
    done = subprocess.run(["pdftotext", "-", "-"], input=artifact.data, capture_output=True, check=True)
    shown = "".join(AROUND.sub("", done.stdout.decode()).split())
    assert letters in "".join(each for each in shown if each in letters)
    assert "\u200b" not in shown
    assert {notice.severity for notice in artifact.notices} <= {"info"}
