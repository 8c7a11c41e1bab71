"""A page that was fetched from an address: its main text, unless the request wants all of it, and its address.

Relative links and pictures are resolved by the address, so it wins over the URL in the page.
"""

from __future__ import annotations

from dataclasses import replace

from schemas import metadata
from service.model.document import Conversion, Document, Source
from service.readers.shared import text as texts

EXTRACT = "extract"


def asking(source: Source, conversion: Conversion) -> Conversion:
    """The conversion of a fetched page: a caller of an address wants the article, not the site around it."""
    if not source.address or EXTRACT in conversion.given:
        return conversion
    return replace(conversion, extract="main")


def recorded(document: Document) -> Document:
    """`document` with the address and the time of fetching in its metadata; unchanged if it was uploaded."""
    source = document.source
    if not source.address:
        return document
    said = {"url": source.address, "fetched_at": source.fetched_at}
    loaded, _ = metadata.load(texts.merged(document.metadata.front_matter, said))
    return replace(document, metadata=loaded)
