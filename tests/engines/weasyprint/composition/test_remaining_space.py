"""Pictures take what is left of a page."""

from __future__ import annotations

import io

import pikepdf
import pytest

from service.engines.weasyprint import rendering

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="200" height="400"><rect width="200" height="400"/></svg>'
CSS = "@page { size: 300px 600px; margin: 0 } html { font: 10px/20px serif } p, figure { margin: 0; break-inside: avoid }"


def pages(body: str, height: int = 400) -> int:
    picture = SVG.replace(b"400", str(height).encode())
    html = f"<!DOCTYPE html><html><body style='margin: 0'>{body}</body></html>"
    made = rendering.render(html, [CSS], {"media/a.svg": ("image/svg+xml", picture)})
    with pikepdf.open(io.BytesIO(made.data)) as pdf:
        return len(pdf.pages)


PICTURE = '<p class="picture"><img src="media/a.svg"></p>'


@pytest.mark.parametrize("markup", [PICTURE, '<figure><img src="media/a.svg"><figcaption>Words</figcaption></figure>'])
def test_a_picture_that_almost_fits_becomes_smaller(markup: str) -> None:
    assert pages(f"<div style='height: 300px'>a</div>{markup}") == 1


def test_one_that_would_be_far_too_small_goes_to_the_next_page() -> None:
    assert pages(f"<div style='height: 420px'>a</div>{PICTURE}") == 2
    assert pages(f"<div style='height: 520px'>a</div>{PICTURE}", 120) == 2


def test_one_that_fits_is_left_alone() -> None:
    assert pages(f"<div style='height: 200px'>a</div>{PICTURE}<p>b</p>") == 2


def test_a_paragraph_of_text_with_a_picture_moves() -> None:
    assert pages("<div style='height: 300px'>a</div><p>Words <img src='media/a.svg'></p>") == 2
