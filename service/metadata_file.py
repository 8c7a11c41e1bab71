"""`metadata.yaml` beside an article, in a bundle or among the assets: who packs the upload says more than the article does.

It wins over the front matter key by key, and the request wins over it.
"""

from __future__ import annotations

from dataclasses import replace

from schemas import metadata
from service import encoding, frontmatter, texts
from service.document import Conversion, Document
from service.errors import InvalidFrontMatter, Place
from service.references import normal_reference

FENCES = {"metadata.yaml": "---", "metadata.yml": "---", "metadata.toml": "+++", "metadata.json": ";;;"}


def applied(document: Document, conversion: Conversion) -> Document:
    """`document` with the file's metadata on top. Raises InvalidFrontMatter for a file that says nothing."""
    found = {normal_reference(asset.name): asset for asset in document.source.assets}
    name = next((name for name in FENCES if name in found), "")
    if not name:
        return document
    text, decoding = encoding.decode(found[name].data)
    body = text.strip().removeprefix(FENCES[name]).removesuffix(FENCES[name]).strip("\n")
    front = frontmatter.split(f"{FENCES[name]}\n{body}\n{FENCES[name]}\n", conversion["strict"])
    if not front.data:
        detail = f"{name} holds no metadata that can be read."
        raise InvalidFrontMatter(detail, places=[Place(detail)])
    loaded, _ = metadata.load(texts.merged(document.metadata.front_matter, front.data))
    _, doubts = metadata.load(front.data)
    return replace(document, metadata=loaded, notices=(*document.notices, *decoding, *front.notices, *doubts))
