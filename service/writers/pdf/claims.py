"""What a PDF may claim: PDF/UA-1 only where every picture has its description and every character its glyph.

Formulas have their TeX as a description, links the text that they are; what the structure lacks is mended as it is written
(`engines.weasyprint.pdf`). PDF/UA-1 is ISO 14289-1.
"""

from __future__ import annotations

from collections.abc import Sequence

from service.ast import descriptions
from service.engines.weasyprint import rendering
from service.model.document import Document, Notice
from service.model.notices import notice


def without_description(document: Document) -> list[Notice]:
    """A notice of the pictures that have no description."""
    return descriptions.without_description(document, "pdf", "the PDF does not claim PDF/UA-1")


def not_claimed(variant: str, document: Document, silent: Sequence[Notice], messages: Sequence[str]) -> list[Notice]:
    """A notice where PDF/UA-1 was asked for and does not hold, with every reason."""
    reasons = ["pictures without a description"] * bool(silent)
    reasons += ["no language"] * (not document.metadata.lang)
    reasons += ["characters without a glyph"] * any(each.startswith(rendering.MISSING_GLYPH) for each in messages)
    if variant != "pdf/ua-1" or not reasons:
        return []
    message = f"The file does not claim PDF/UA-1: it has {' and '.join(reasons)}."
    return [notice("conformance-not-claimed", message, stage="pdf", data={"variant": variant, "reasons": reasons})]
