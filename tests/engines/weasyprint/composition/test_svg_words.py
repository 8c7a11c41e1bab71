"""Words of a drawing: letters that join stay together, and run in their direction."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
import weasyprint
from weasyprint.svg import SVG

from service.engines.weasyprint.composition import svg_words


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The texts that are set, one after the other."""
    from weasyprint.text import line_break

    found: list[str] = []
    plain = line_break.split_first_line

    def noted(text: str, *others: Any, **named: Any) -> Any:
        found.append(str(text))
        return plain(text, *others, **named)

    monkeypatch.setattr(line_break, "split_first_line", noted)
    svg_words.install()
    yield found


def draw(attributes: str, text: str) -> None:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30"><text y="20" {attributes}>{text}</text></svg>'
    weasyprint.HTML(string=f"<body>{svg}</body>").write_pdf(io.BytesIO())


@pytest.mark.parametrize("text", ["مسافة", "गति", "ความ", "שלום"])
def test_joined_scripts_are_one_piece(text: str, drawn: list[str]) -> None:
    draw("x='5'", text)
    assert set(drawn) == {text}


@pytest.mark.parametrize(("attributes", "text"), [("x='5'", "abc"), ("x='5 9 12'", "गति"), ("letter-spacing='2'", "مسافة")])
def test_others_are_set_letter_by_letter(attributes: str, text: str, drawn: list[str]) -> None:
    draw(attributes, text)
    assert set(text) <= set(drawn)


def test_it_is_installed_once() -> None:
    svg_words.install()
    first = weasyprint.svg.TAGS["text"]
    svg_words.install()
    assert weasyprint.svg.TAGS["text"] is first and SVG is not None
