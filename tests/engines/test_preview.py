"""A page as an image has the right size and content for each shape of page. Other files are refused."""

from __future__ import annotations

import io

import pikepdf
import pytest
from PIL import Image

from service.engines.preview import TALLEST, drawn_page
from service.model.errors import InvalidDocument, ValidationFailed


def pdf(width: float, height: float, content: bytes = b"", pages: int = 1, **save: object) -> bytes:
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page(page_size=(width, height)).Contents = made.make_stream(content)
    out = io.BytesIO()
    made.save(out, **save)  # type: ignore[arg-type]
    return out.getvalue()


def drawn(data: bytes, width: int = 200) -> Image.Image:
    picture = Image.open(io.BytesIO(drawn_page(data, width)[0]))
    assert picture.format == "PNG"
    return picture.convert("RGB")


@pytest.mark.parametrize(("width", "height"), [(595.3, 841.9), (841.9, 595.3), (72, 72), (14_400, 14_400), (3, 3)])
def test_size_follows_the_page(width: float, height: float) -> None:
    picture = drawn(pdf(width, height))
    assert picture.width == 200
    assert abs(picture.height - 200 * height / width) <= 1


def test_a_scroll_is_shown_from_its_top() -> None:
    red_at_the_top = b"1 0 0 rg 0 9900 100 100 re f"
    picture = drawn(pdf(100, 10_000, red_at_the_top))
    assert picture.size == (200, 200 * TALLEST)
    assert picture.getpixel((100, 50)) == (255, 0, 0)
    assert picture.getpixel((100, 500)) == (255, 255, 255)


def test_only_the_first_page_is_drawn() -> None:
    assert drawn(pdf(100, 100, b"0 0 1 rg 0 0 50 100 re f", pages=3)).getpixel((20, 20)) == (0, 0, 255)


def test_each_page_is_drawn_and_counted() -> None:
    made = pikepdf.new()
    for content in (b"0 0 1 rg 0 0 100 100 re f", b"1 0 0 rg 0 0 100 100 re f"):
        made.add_blank_page(page_size=(100, 100)).Contents = made.make_stream(content)
    out = io.BytesIO()
    made.save(out)
    png, pages = drawn_page(out.getvalue(), 200, 2)
    assert pages == 2
    assert Image.open(io.BytesIO(png)).convert("RGB").getpixel((20, 20)) == (255, 0, 0)
    with pytest.raises(ValidationFailed, match=r"has 2 pages\. Page 3 does not exist") as refused:
        drawn_page(out.getvalue(), 200, 3)
    assert refused.value.places[0].pointer == "/page"


LOCKED = {"encryption": pikepdf.Encryption(owner="a", user="b")}


@pytest.mark.parametrize(
    "data",
    [b"", b"%PDF-1.7\nnothing", b"text", pdf(100, 100, pages=0), pdf(100, 100, **LOCKED)],
    ids=["empty", "cut", "text", "none", "locked"],
)
def test_what_has_no_first_page_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidDocument):
        drawn_page(data, 200)
