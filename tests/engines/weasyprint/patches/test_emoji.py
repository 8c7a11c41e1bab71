"""Each emoji's picture is made once a document, however often it is there."""

from __future__ import annotations

import gc
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from weasyprint.draw import text
from weasyprint.images import RasterImage

from service.engines.weasyprint import patches, rendering
from service.engines.weasyprint.patches import emoji
from service.engines.weasyprint.patches.emoji import Pictures

EMOJI = "😀🎉🌍🚀"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the pictures that were made."""
    names: list[str] = []

    def making(opened: Any, name: str, data: bytes) -> Any:
        names.append(name)
        return RasterImage(opened, name, data)

    monkeypatch.setattr(text, "RasterImage", Pictures(making))
    return names


def printed(body: str) -> bytes:
    return rendering.render(f"<body>{body}", [], {}, identifier=b"x").data


def test_once_a_document_whatever_is_around_it(made: list[str]) -> None:
    printed(f"<h1>{EMOJI}</h1><p>{EMOJI * 200}<p><u>{EMOJI[0]}</u>" + f"<p style='break-before: page'>{EMOJI}")
    assert len(made) == len(set(made)) == 2 * len(EMOJI)  # in two sizes


def test_more_than_are_kept_for_others(made: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(emoji, "MOST", 2)
    monkeypatch.setattr(text, "RasterImage", Pictures(text.RasterImage.plain))
    printed(f"<p>{EMOJI * 50}")
    assert len(made) == len(EMOJI)
    gc.collect()
    made.clear()
    printed(f"<p>{EMOJI[::-1]}")
    assert len(made) == len(EMOJI) - 2


def test_two_fonts_by_one_name() -> None:
    """Documents with fonts of their own may use a name that another document used."""
    pictures = Pictures(RasterImage)
    one, other = (pictures(opened, "a1", data) for opened, data in (picture("red"), picture("blue")))
    assert one.image_data.data != other.image_data.data


def picture(colour: str) -> tuple[Any, bytes]:
    saved = BytesIO()
    Image.new("RGB", (2, 2), colour).save(saved, "PNG")
    return Image.open(saved), saved.getvalue()


def test_installed_once() -> None:
    patches.install()
    before = text.RasterImage
    patches.install()
    assert text.RasterImage is before
