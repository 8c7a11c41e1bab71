"""`metadata.yaml` next to an article, in a bundle or among the assets: it is more specific than the article.

It wins over the front matter key by key, and the request wins over it. With several articles `NAME.metadata.yaml` is only for
the article `NAME`.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from schemas import metadata
from service.input import articles, encoding, frontmatter
from service.model.document import Asset, Conversion, Document, Notice
from service.model.errors import InvalidFrontMatter, Place
from service.model.references import normal_reference
from service.readers.shared import text as texts

FENCES = dict(zip(articles.METADATA_FILES, ("---", "---", "+++", ";;;"), strict=True))


def applied(document: Document, conversion: Conversion) -> Document:
    """`document` with the file's metadata on top. Raises InvalidFrontMatter if the file is empty."""
    assets, name = document.source.assets, document.source.name
    of_this = (articles.metadata_names(each) for each in (name, posixpath.basename(name)))
    file = next(filter(None, (among(assets, names) for names in (*of_this, articles.METADATA_FILES))), None)
    if file is None:
        return document
    said, notices = read(file, conversion)
    loaded, _ = metadata.load(texts.merged(document.metadata.front_matter, said))
    _, doubts = metadata.load(said)
    return replace(document, metadata=loaded, notices=(*document.notices, *notices, *doubts))


def among(files: Iterable[Asset], names: Sequence[str] = articles.METADATA_FILES) -> Asset | None:
    """The metadata file, under its plain name; `names` are its possible names, in the order of METADATA_FILES."""
    found = {normal_reference(file.name): file for file in files}
    named = zip(names, articles.METADATA_FILES, strict=True)
    return next((replace(found[name], name=plain) for name, plain in named if name in found), None)


def read(file: Asset, conversion: Conversion) -> tuple[dict[str, Any], tuple[Notice, ...]]:
    """The content of the file, like a front matter. Raises InvalidFrontMatter if it is empty."""
    fence = FENCES[file.name]
    text, decoding = encoding.decode(file.data)
    body = text.strip().removeprefix(fence).removesuffix(fence).strip("\n")
    front = frontmatter.split(f"{fence}\n{body}\n{fence}\n", conversion.strict)
    if not front.data:
        detail = f"{file.name} contains no readable metadata."
        raise InvalidFrontMatter(detail, places=[Place(detail)])
    return dict(front.data), (*decoding, *front.notices)
