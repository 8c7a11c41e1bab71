"""When two spellings name the same upload, and where a cover is."""

from __future__ import annotations

from urllib.parse import unquote, urljoin

from service.document import Document


def normal_reference(reference: str) -> str:
    """`./a%20b.png?x` and `a b.png` name the same upload."""
    path = unquote(reference.split("#", maxsplit=1)[0].split("?", maxsplit=1)[0]).replace("\\", "/")
    return "/".join(part for part in path.split("/") if part not in {"", "."})


def cover_reference(document: Document) -> str:
    """What the front matter's `cover` refers to: by the article's own URL where it is relative to that."""
    cover, base = document.metadata.cover, document.metadata.source_url
    try:
        return urljoin(base, cover) if base else cover
    except ValueError:
        return cover
