"""Which pictures say in words what they show; WCAG 2.2, 1.1.1, asks for it, and PDF/UA-1, 7.3."""

from __future__ import annotations

from collections.abc import Sequence

from service.ast.pandoc_ast import Node, query, text

DECORATIVE = "decorative"  # the class of a picture that shows nothing to be described


def undescribed(blocks: Sequence[Node]) -> list[Node]:
    """The images with neither a description nor a title that are not marked as decorative."""
    return [image for image in query(blocks, {"Image"}) if not described(image)]


def described(image: Node) -> bool:
    (_, classes, _), alt, (_, title) = image["c"]
    return DECORATIVE in classes or bool(text(alt).strip() or title.strip())
