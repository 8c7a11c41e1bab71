"""Images are distinguished from pages by their first bytes, in linear time."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from service.network.image_signatures import is_image

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'


@pytest.mark.parametrize("format", ["PNG", "JPEG", "GIF", "WEBP", "AVIF", "BMP", "TIFF", "ICO"])
def test_what_an_encoder_writes(format: str) -> None:
    output = io.BytesIO()
    Image.new("RGB", (16, 16), "red").save(output, format)
    assert is_image(output.getvalue())


@pytest.mark.parametrize(
    "data",
    [
        SVG, b"\xef\xbb\xbf \n" + SVG, b'<?xml version="1.0"?>\n<!-- drawn > by hand -->\n' + SVG,
        b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x.dtd">' + SVG, b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG,
        b'<s:svg xmlns:s="http://www.w3.org/2000/svg"/>', SVG.decode().encode("utf-16"),
        Path("examples/images/colophon.png").read_bytes(),
    ],
)  # fmt: skip
def test_images(data: bytes) -> None:
    assert is_image(data)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"Not found", b"<!doctype html><p>" + SVG, b"<html>" + SVG, b'{"error": "svg"}', b"<?xml version='1.0'?><html/>",
        b"<svgx/>",
        b"<!-- never closed " + SVG, b"<?" + SVG, b"<!DOCTYPE svg [" + SVG, b"RIFF....WAVE", b"....ftypmp42", b"%PDF-1.7",
    ],
)  # fmt: skip
def test_no_images(data: bytes) -> None:
    assert not is_image(data)


@pytest.mark.parametrize("piece", [b"<!---->", b"<??>", b"<!DOCTYPE[", b"<!DOCTYPE>", b"<!--", b"<a:", b" ", b"<"])
def test_repeated_pieces_are_no_bomb(piece: bytes) -> None:
    """Millions of steps a byte would not end within the limit of a test."""
    assert not is_image(piece * 2_000_000)
