"""A field for a signature in a PDF, as an incremental update: the bytes before it do not change (ISO 32000-2, 12.8).

A worker adds the field, because the PDF must be parsed for it. `service.conversion.signing` fills it in: only the front has the
key. pyHanko is the extra `sign`.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from service.engines import Engines

FIELD = "Signature1"
DIGEST = "sha256"


def reserve(data: bytes, moment: datetime, size: int) -> tuple[bytes, int, int]:
    """The PDF with an empty signature of `size` bytes, and the start and end of its hexadecimal string.

    The field has no appearance and is outside of the page: for PDF/UA it is not content, and PDF/A allows it.
    """
    from pyhanko.pdf_utils.generic import pdf_name
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields
    from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
    from pyhanko.sign.signers.pdf_byterange import SignatureObject

    class Update(IncrementalPdfFileWriter):  # type: ignore[misc, unused-ignore]
        def _update_meta(self) -> None:
            """Changes nothing: the date of the document is that of the article, and its XMP stays the same."""

    writer = Update(io.BytesIO(data))
    invisible = fields.InvisSigSettings(box_out_of_bounds=True)
    field = fields.SigFieldSpec(FIELD, on_page=0, readable_field_name="Signature", invis_sig_settings=invisible)
    steps = PdfCMSEmbedder(new_field_spec=field).write_cms(FIELD, writer)
    next(steps)
    page = writer.find_page_for_modification(0)[0].get_object()
    page[pdf_name("/Tabs")] = pdf_name("/S")  # a page with annotations has the order of the structure (ISO 14289-1, 7.18.3)
    writer.update_container(page)
    subfilter = fields.SigSeedSubFilter.PADES
    steps.send(SigObjSetup(SignatureObject(timestamp=moment, subfilter=subfilter, bytes_reserved=2 * size)))
    prepared, output = steps.send(SigIOSetup(DIGEST))
    return output.getvalue(), prepared.reserved_region_start, prepared.reserved_region_end


def serve_reserve(header: Mapping[str, Any], blobs: Sequence[bytes], _: Engines) -> tuple[dict[str, Any], list[bytes]]:
    """The worker's operation."""
    data, start, end = reserve(blobs[0], datetime.fromisoformat(header["moment"]), header["size"])
    return {"start": start, "end": end}, [data]
