"""Pictures with and without a description, which WCAG 2.2, 1.1.1, and PDF/UA-1, 7.3, require."""

from __future__ import annotations

from collections.abc import Sequence

from service.ast.pandoc_ast import Node, query, text
from service.model.document import Document, Notice
from service.model.media_bag import SUFFIXES, media_name
from service.model.notices import notice

MOST = 100  # pictures that a notice names
DECORATIVE = "decorative"  # the class of a decorative picture


def undescribed(blocks: Sequence[Node]) -> list[Node]:
    """The images with neither a description nor a title that are not marked as decorative."""
    return [image for image in query(blocks, {"Image"}) if not described(image)]


def described(image: Node) -> bool:
    (_, classes, _), alt, (_, title) = image["c"]
    return DECORATIVE in classes or bool(text(alt).strip() or title.strip())


def without_description(document: Document, stage: str, consequence: str) -> list[Notice]:
    """A notice of the pictures without a description, with the line of the first if it is known.

    `consequence` is the effect on the artifact of `stage`: "the PDF does not claim PDF/UA-1".
    """
    shown = {media_name(each): each.name for each in document.assets.values() if each.data and each.media_type in SUFFIXES}
    names = [shown.get(image["c"][2][0], image["c"][2][0]) for image in undescribed(document.blocks)]
    if not names:
        return []
    what = f"{len(names)} pictures have" if len(names) > 1 else "A picture has"
    message = (
        f"{what} no description, so that {consequence}. Describe what it shows, as in"
        " ![A lamp](lamp.png), or mark what only decorates as {.decorative}."
    )
    images = [{"image": name[:500], "line": _line(document, name)} for name in names[:MOST]]
    line = next((int(each["line"]) for each in images if each["line"]), None)
    reported = [{key: value for key, value in each.items() if value} for each in images]
    return [notice("image-without-description", message, stage=stage, line=line, data={"images": reported, "count": len(names)})]


def _line(document: Document, name: str) -> int:
    """The line of a text that has the picture without a description, or first names it, from 1, or 0."""
    data, reference = document.source.data, name.encode()
    if not reference or b"\0" in data[:4096]:
        return 0
    spellings = (b"![](" + reference + b")\n", b"![](" + reference + b")", b"![](<" + reference + b">)", reference)
    at = next((at for each in spellings if (at := data.find(each)) >= 0), -1)
    return data.count(b"\n", 0, at) + 1 if at >= 0 else 0
