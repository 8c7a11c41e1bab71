"""What a PDF may claim: PDF/UA-1 only where every picture has its description and every character its glyph.

Formulas have their TeX as a description, links the text that they are; what the structure lacks is mended as it is written
(`engines.weasyprint.pdf`). PDF/UA-1 is ISO 14289-1.
"""

from __future__ import annotations

from collections.abc import Sequence

from service.ast.descriptions import undescribed
from service.engines.weasyprint import rendering
from service.model.document import Document, Notice
from service.model.media_bag import SUFFIXES, media_name
from service.model.notices import notice

MOST = 100  # pictures that a notice names


def without_description(document: Document) -> list[Notice]:
    """A notice of the pictures that have no description, with the line of the first where it is known."""
    shown = {media_name(each): each.name for each in document.assets.values() if each.data and each.media_type in SUFFIXES}
    names = [shown.get(image["c"][2][0], image["c"][2][0]) for image in undescribed(document.blocks)]
    if not names:
        return []
    what = f"{len(names)} pictures have" if len(names) > 1 else "A picture has"
    message = (
        f"{what} no description, so that the PDF does not claim PDF/UA-1. Describe what it shows,"
        " as in ![A lamp](lamp.png), or mark what only decorates as {.decorative}."
    )
    images = [{"image": name[:500], "line": _line(document, name)} for name in names[:MOST]]
    line = next((int(each["line"]) for each in images if each["line"]), None)
    told = [{key: value for key, value in each.items() if value} for each in images]
    return [notice("image-without-description", message, stage="pdf", line=line, data={"images": told, "count": len(names)})]


def _line(document: Document, name: str) -> int:
    """The line of a text that has the picture without a description, or first names it, from 1; 0 where none is known."""
    data, reference = document.source.data, name.encode()
    if not reference or b"\0" in data[:4096]:
        return 0
    spellings = (b"![](" + reference + b")\n", b"![](" + reference + b")", b"![](<" + reference + b">)", reference)
    at = next((at for each in spellings if (at := data.find(each)) >= 0), -1)
    return data.count(b"\n", 0, at) + 1 if at >= 0 else 0


def not_claimed(variant: str, document: Document, silent: Sequence[Notice], messages: Sequence[str]) -> list[Notice]:
    """A notice where PDF/UA-1 was asked for and does not hold, with every reason."""
    reasons = ["pictures without a description"] * bool(silent)
    reasons += ["no language"] * (not document.metadata.lang)
    reasons += ["characters without a glyph"] * any(each.startswith(rendering.MISSING_GLYPH) for each in messages)
    if variant != "pdf/ua-1" or not reasons:
        return []
    message = f"The file does not claim PDF/UA-1: it has {' and '.join(reasons)}."
    return [notice("conformance-not-claimed", message, stage="pdf", data={"variant": variant, "reasons": reasons})]
