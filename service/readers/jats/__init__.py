"""JATS: articles of journals. Their front has more than pandoc reads: identifiers, ORCID, licence, journal, keywords."""

from __future__ import annotations

from service.engines import Engines
from service.model.document import Conversion, Document, Source
from service.readers.base import Reader
from service.readers.jats import front, shown
from service.readers.shared import text as texts
from service.readers.shared import xml
from service.readers.shared.placeholders import Placeholders

# Dates are converted, categories stand once, formulas are converted, the rest is not text.
NOT_COUNTED = (
    "article-categories", "pub-date", "history", "counts", "math", "tex-math", "alt-text", "long-desc", "object-id",
    "processing-meta", "date", "month", "day", "season", "string-date", "size", "isbn", "issn", "contrib-id",
    "institution-id",
)  # fmt: skip


def read(source: Source, conversion: Conversion, engines: Engines) -> Document:
    tree = xml.parsed(source, conversion, engines)
    said = front.said(tree.top)
    one = Placeholders(tree.text.body)
    shown.put_in(tree.top, str(said.get("lang", "")), one)
    found = texts.parsed(tree.written, "jats", engines)
    return texts.document(source, tree.text, said, shown.placed(found.blocks, one), texts.not_read(tree.included))


def is_jats(data: bytes) -> bool:
    name, attributes = xml.root(data)
    return name == "article" and (
        b"JATS" in data[:2000] or b"NLM" in data[:2000] or b"article-type" in attributes or b"<front>" in data[:4000]
    )


READER = Reader("jats", read, matches=is_jats, passages=xml.passages(*NOT_COUNTED))
