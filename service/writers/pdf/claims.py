"""The claims of a PDF: PDF/UA only if every picture has its description and every character its glyph.

Formulas have their TeX as a description, links their text; missing parts of the structure are added when it is written
(`engines.weasyprint.pdf`). PDF/UA-1 is ISO 14289-1, PDF/UA-2 ISO 14289-2.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.ast import descriptions
from service.engines.weasyprint import patches, rendering
from service.model.document import Document, Notice
from service.model.notices import notice
from service.writers.pdf.variants import Variant

UNKNOWN_CHARACTER = re.compile(r'"(.)" \(U\+[0-9A-F]+\)', re.DOTALL)
REPLACEMENT = "\ufffd"  # printed in a file of PDF/A for a character without a font


def without_glyph(messages: Sequence[str]) -> list[str]:
    """The characters that no installed font has, from WeasyPrint's messages, each once and in their order."""
    matches = (UNKNOWN_CHARACTER.search(each) for each in messages if each.startswith(rendering.MISSING_GLYPH))
    return list(dict.fromkeys(match[1] for match in matches if match))


def without_description(document: Document, part: int) -> list[Notice]:
    """A notice of the pictures that have no description; `part` is that of PDF/UA."""
    return descriptions.without_description(document, "pdf", f"the PDF does not claim PDF/UA-{part or 2}")


def part(variant: Variant, silent: Sequence[Notice]) -> int:
    """The part of PDF/UA that the file may claim, 0 for none; `silent` are the notices of `without_description`."""
    return 0 if silent or (variant.part == 2 and not patches.is_installed("tag_places")) else variant.part


def not_claimed(
    name: str, variant: Variant, document: Document, silent: Sequence[Notice], messages: Sequence[str]
) -> list[Notice]:
    """A notice if PDF/UA was requested and does not hold, with every reason."""
    reasons = ["pictures without a description"] * bool(silent)
    reasons += ["no language"] * (not document.metadata.lang)
    reasons += ["characters without a glyph"] * any(each.startswith(rendering.MISSING_GLYPH) for each in messages)
    reasons += ["a version of WeasyPrint that is not tested"] * (variant.part == 2 and not patches.is_installed("tag_places"))
    if not variant.asked or not reasons:
        return []
    message = f"The file does not claim PDF/UA-{variant.part}: it has {' and '.join(reasons)}."
    return [notice("conformance-not-claimed", message, stage="pdf", data={"variant": name, "reasons": reasons})]
