"""A page of a PDF as an image, drawn by PDFium in a worker, because the PDF comes from a client."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from service.engines import Engines
from service.model.errors import InvalidDocument, Place, ValidationFailed

TALLEST = 3  # times the width: of a very long page, only the top is drawn
SMALLEST = 1.0  # points: a page without a size cannot be drawn


def drawn_page(pdf: bytes, width: int, number: int = 1) -> tuple[bytes, int]:
    """A page as PNG, `width` pixels wide, and the number of pages. Pages count from 1.

    Raises InvalidDocument if the bytes are not a PDF, or the PDF is locked or has no page. Raises ValidationFailed if it
    has fewer than `number` pages.
    """
    import pypdfium2  # the import takes 0.1 s, and most workers never draw

    try:
        with pypdfium2.PdfDocument(pdf) as document:
            pages = len(document)
            if number > max(pages, 1):
                message = f"The document has {pages} pages. Page {number} does not exist."
                raise ValidationFailed(message, places=[Place(message, "/page")])
            page = document[number - 1]
            across, down = page.get_size()
            scale = width / max(across, SMALLEST)
            below = max(0.0, down - TALLEST * across)  # cut off, in points
            image = page.render(scale=scale, crop=(0, below, 0, 0), may_draw_forms=False).to_pil()
    except (pypdfium2.PdfiumError, IndexError) as error:
        raise InvalidDocument("The page of the PDF cannot be drawn.") from error
    drawn = io.BytesIO()
    image.convert("RGB").save(drawn, "PNG", compress_level=6)
    return drawn.getvalue(), pages


def serve_preview(header: Mapping[str, Any], blobs: Sequence[bytes], _: Engines) -> tuple[dict[str, Any], list[bytes]]:
    """The worker's operation: `width` in pixels, `page` and a PDF in; a PNG and the number of pages out."""
    png, pages = drawn_page(blobs[0], header["width"], header["page"])
    return {"pages": pages}, [png]
