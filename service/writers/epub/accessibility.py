"""The true accessibility metadata of an EPUB (schema.org vocabulary; EPUB Accessibility 1.1, W3C).

Conformance is claimed if the checks of this room, which follow Ace by DAISY, find nothing. Otherwise the summary in the
file names the defects.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.ast import accessibility, descriptions, pandoc_ast
from service.ast.descriptions import undescribed
from service.model.document import Block, Conversion, Document, Notice
from service.model.notices import notice

ANIMATED = frozenset({"image/gif", "image/webp"})
CONFORMANCE = "EPUB Accessibility 1.1 - WCAG 2.2 Level AA"  # the form of EPUB Accessibility 1.1, 3.4.1
CERTIFIER = "Colophon (automatic checks)"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The result of the checks of a book.

    `gaps` are the defects that prevent conformance, in plain words. `certifier` and `report`, a URL, are those of the options.
    """

    gaps: tuple[str, ...] = ()
    certifier: str = ""
    report: str = ""

    @property
    def statements(self) -> list[tuple[str, str]]:
        """Property and value pairs of the package document; empty if the book does not conform."""
        if self.gaps:
            return []
        return [("dcterms:conformsTo", CONFORMANCE), ("a11y:certifiedBy", self.certifier or CERTIFIER)]

    def notices(self, document: Document) -> list[Notice]:
        """The pictures without a description; and each gap, if a certifier confirms a book with gaps."""
        reported = descriptions.without_description(document, "epub", "the EPUB does not claim to be accessible")
        if self.gaps and self.certifier:
            message = f"The file does not claim {CONFORMANCE}: it has {' and '.join(self.gaps)}."
            about = {"variant": CONFORMANCE, "reasons": list(self.gaps)}
            reported.append(notice("conformance-not-claimed", message, stage="epub", data=about))
        return reported


def evaluate(document: Document, conversion: Conversion, media: Mapping[str, tuple[str, bytes]], css: str) -> Evaluation:
    """Checks a book; `media` is its media bag and `css` the caller's own style sheet."""
    found = accessibility.gaps(document.blocks)
    found += ["no language"] * (not document.metadata.lang)
    found += ["moving pictures"] * any(is_animated(data) for _, data in media.values())
    found += ["colours that are not the profile's"] * bool(css or conversion.highlight_style not in ("pygments", "none"))
    return Evaluation(tuple(found), conversion.certified_by.strip(), conversion.certifier_report.strip())


def is_animated(data: bytes) -> bool:
    """Whether an image moves: GIF89a with a loop or a second frame, animated WebP, APNG."""
    if data.startswith(b"GIF8"):
        return b"NETSCAPE2.0" in data or b"ANIMEXTS1.0" in data or data.count(b"\0\x21\xf9\x04") > 1
    return (data[8:12] == b"WEBP" and b"ANIM" in data[:64]) or (data.startswith(b"\x89PNG") and b"acTL" in data[:256])


def claims(
    blocks: Sequence[Block], media_types: frozenset[str], gaps: Sequence[str] = (), with_mathml: bool = True
) -> list[tuple[str, str]]:
    """Property and value pairs that are true for this article.

    `media_types` are those of the images, without types of ANIMATED whose images do not move.
    """
    nodes = list(pandoc_ast.query(blocks, {"Image", "Math"}))
    images = [node for node in nodes if node["t"] == "Image"]
    described = not undescribed(blocks)
    math = any(node["t"] == "Math" for node in nodes)
    pairs = [("accessMode", "textual")] + [("accessMode", "visual")] * bool(images)
    pairs += [("accessModeSufficient", "textual")] if described else [("accessModeSufficient", "textual,visual")]
    features = ["readingOrder", "structuralNavigation", "tableOfContents", "displayTransformability", "unlocked"]
    features += ["alternativeText"] * (bool(images) and described) + [*["MathML"] * with_mathml, "latex"] * math
    features += ["rubyAnnotations"] * any("ruby" in node["c"][0][1] for node in pandoc_ast.query(blocks, {"Span"}))
    pairs += [("accessibilityFeature", feature) for feature in features]
    pairs.append(("accessibilityHazard", "unknown" if media_types & ANIMATED else "none"))
    pairs.append(("accessibilitySummary", _summary(len(images), described, math and with_mathml, gaps)))
    return pairs


def _summary(images: int, described: bool, math: bool, gaps: Sequence[str]) -> str:
    parts = ["The text reflows, can be restyled and read aloud, and has a table of contents that follows its headings."]
    if images:
        parts.append("Every image has a text alternative." if described else "Some images have no text alternative.")
    if math:
        parts.append("Formulas are MathML.")
    if gaps:
        parts.append(f"Conformance is not claimed, for automatic checks found {', '.join(gaps)}.")
    return " ".join(parts)
