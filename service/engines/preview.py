"""The first page of a PDF as a picture, by PDFium, in a worker: a PDF is a stranger's, and so is what it does to a renderer."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from service.engines import Engines
from service.model.errors import InvalidDocument

TALLEST = 3  # times the width: a page as long as a scroll is shown from its top, and not all of it
SMALLEST = 1.0  # points: a page of no size can't be drawn


def first_page(pdf: bytes, width: int) -> bytes:
    """A PNG, `width` pixels wide. Raises InvalidDocument for what is no PDF, is locked, or has no page."""
    import pypdfium2  # 0.1 s, and most workers never draw

    try:
        with pypdfium2.PdfDocument(pdf) as document:
            page = document[0]
            across, down = page.get_size()
            scale = width / max(across, SMALLEST)
            below = max(0.0, down - TALLEST * across)  # cut off, in points
            picture = page.render(scale=scale, crop=(0, below, 0, 0), may_draw_forms=False).to_pil()
    except (pypdfium2.PdfiumError, IndexError) as error:
        raise InvalidDocument("The first page of the PDF cannot be drawn.") from error
    drawn = io.BytesIO()
    picture.convert("RGB").save(drawn, "PNG", compress_level=6)
    return drawn.getvalue()


def serve_preview(header: Mapping[str, Any], blobs: Sequence[bytes], _: Engines) -> tuple[dict[str, Any], list[bytes]]:
    """The worker's operation: `width` in pixels and a PDF in, a PNG out."""
    return {}, [first_page(blobs[0], header["width"])]
