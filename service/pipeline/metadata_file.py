"""`metadata.yaml` beside an article, in a bundle or among the assets: who packs the upload says more than the article does.

It wins over the front matter key by key, and the request wins over it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from schemas import metadata
from service.input import encoding, frontmatter
from service.model.document import Asset, Conversion, Document, Notice
from service.model.errors import InvalidFrontMatter, Place
from service.model.references import normal_reference
from service.readers.shared import text as texts

FENCES = {"metadata.yaml": "---", "metadata.yml": "---", "metadata.toml": "+++", "metadata.json": ";;;"}


def applied(document: Document, conversion: Conversion) -> Document:
    """`document` with the file's metadata on top. Raises InvalidFrontMatter for a file that says nothing."""
    file = among(document.source.assets)
    if file is None:
        return document
    said, notices = read(file, conversion)
    loaded, _ = metadata.load(texts.merged(document.metadata.front_matter, said))
    _, doubts = metadata.load(said)
    return replace(document, metadata=loaded, notices=(*document.notices, *notices, *doubts))


def among(files: Iterable[Asset]) -> Asset | None:
    """The metadata file, under its plain name."""
    found = {normal_reference(file.name): file for file in files}
    return next((replace(found[name], name=name) for name in FENCES if name in found), None)


def read(file: Asset, conversion: Conversion) -> tuple[dict[str, Any], tuple[Notice, ...]]:
    """What the file says, as a front matter would. Raises InvalidFrontMatter for one that says nothing."""
    fence = FENCES[file.name]
    text, decoding = encoding.decode(file.data)
    body = text.strip().removeprefix(fence).removesuffix(fence).strip("\n")
    front = frontmatter.split(f"{fence}\n{body}\n{fence}\n", conversion["strict"])
    if not front.data:
        detail = f"{file.name} holds no metadata that can be read."
        raise InvalidFrontMatter(detail, places=[Place(detail)])
    return dict(front.data), (*decoding, *front.notices)
