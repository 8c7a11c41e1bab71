"""What an EPUB may truthfully say of its own accessibility, told from the AST (schema.org vocabulary, W3C)."""

from __future__ import annotations

from collections.abc import Sequence

from service.ast import pandoc_ast
from service.ast.descriptions import undescribed
from service.model.document import Block

ANIMATED = frozenset({"image/gif", "image/webp"})


def claims(blocks: Sequence[Block], media_types: frozenset[str]) -> list[tuple[str, str]]:
    """Property and value pairs; only what holds for this very article."""
    nodes = list(pandoc_ast.query(blocks, {"Image", "Math"}))
    images = [node for node in nodes if node["t"] == "Image"]
    described = not undescribed(blocks)
    math = any(node["t"] == "Math" for node in nodes)
    pairs = [("accessMode", "textual")] + [("accessMode", "visual")] * bool(images)
    pairs += [("accessModeSufficient", "textual")] if described else [("accessModeSufficient", "textual,visual")]
    features = ["readingOrder", "structuralNavigation", "tableOfContents", "displayTransformability"]
    features += ["alternativeText"] * (bool(images) and described) + ["MathML"] * math
    pairs += [("accessibilityFeature", feature) for feature in features]
    pairs.append(("accessibilityHazard", "unknown" if media_types & ANIMATED else "none"))
    pairs.append(("accessibilitySummary", _summary(len(images), described, math)))
    return pairs


def _summary(images: int, described: bool, math: bool) -> str:
    parts = ["The text reflows, can be restyled and read aloud, and has a table of contents that follows its headings."]
    if images:
        parts.append("Every image has a text alternative." if described else "Some images have no text alternative.")
    if math:
        parts.append("Formulas are MathML.")
    return " ".join(parts)
