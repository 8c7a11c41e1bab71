"""Notes that are measured two by two: the same pages, byte for byte, and far fewer notes laid out."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
from weasyprint import layout

from service.engines.weasyprint import rendering
from service.engines.weasyprint.patches import footnote_area

CSS = """@page { size: 300pt 400pt; margin: 20pt; @footnote { padding: .6em 0 .2pt; border-top: .5pt solid } }
html { font: 10pt 'Noto Serif' } .n { float: footnote; margin-top: .3em; font-size: 8pt } .b { display: block; margin: .4em 0 }"""


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    kept = layout.LayoutContext._update_footnote_area
    yield
    layout.LayoutContext._update_footnote_area = kept


def printed(html: str, css: str = "", *, plain: bool) -> bytes:
    update: Any = layout.LayoutContext._update_footnote_area
    if plain:
        layout.LayoutContext._update_footnote_area = update.plain
    data = rendering.render(html, [CSS, css], {}).data
    layout.LayoutContext._update_footnote_area = update
    return data


def article(seed: int, notes: int) -> str:
    chance = random.Random(seed)
    words = ["lamp", "water", "keeper", "morning", "the", "of", "a", "wind"]

    def text(length: int) -> str:
        return " ".join(chance.choice(words) for _ in range(length))

    parts = []
    for _ in range(notes):
        note = (
            f"{text(chance.randint(1, 30))}<span class=b>{text(5)}</span>"
            if chance.random() < 0.2
            else text(chance.randint(1, 30))
        )
        parts.append(f"{text(chance.randint(2, 25))}<span class=n>{note}</span>")
    return f"<html lang=en><body><p>{'</p><p>'.join(' '.join(parts[at : at + 4]) for at in range(0, notes, 4))}</p>"


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("css", [
    "", ".n { margin-bottom: .8em }", "@page { @footnote { max-height: 90pt } }",
    ".n { margin-top: -.2em }", "@page { @footnote { padding: 0; border: 0 } }"])  # fmt: skip
def test_same_pages(seed: int, css: str) -> None:
    html = article(seed, 40)
    assert printed(html, css, plain=False) == printed(html, css, plain=True)


def test_each_note_is_laid_out_a_few_times(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = 0
    real = footnote_area.block_level_layout

    def counting(*given: Any) -> Any:
        nonlocal counted
        counted += 1
        return real(*given)

    monkeypatch.setattr(footnote_area, "block_level_layout", counting)
    printed(article(1, 60), plain=False)
    assert 0 < counted <= 60 * 2
