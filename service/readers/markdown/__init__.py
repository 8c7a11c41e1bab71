"""Markdown: decode, cut off the front matter, refuse bombs, let pandoc read the body.

Which dialect is the default, and why: docs/decisions.md.
"""

from __future__ import annotations

from service.ast import pandoc_ast
from service.engines import Engines
from service.input import encoding, frontmatter
from service.model.blocks import Blocks
from service.model.document import Conversion, Document, Source
from service.model.errors import EmptyDocument, TooLarge
from service.model.settings import Settings
from service.readers.base import Reader
from service.readers.markdown import (
    bare_urls,
    citations,
    dialects,
    limits,
    obsidian,
    placeholders,
    plain,
    split_links,
    truncated_links,
    wide_tables,
)
from service.readers.shared import abstracts, letters
from service.readers.shared.text import refuse_depth


def read(source: Source, conversion: Conversion, engines: Engines) -> Document:
    """The document as it stands: no pass has run yet. Raises Refused for content, TooLarge for size."""
    text, decoding = encoding.decode(_limited(source.data, engines.settings), conversion["charset"] or source.charset)
    front = frontmatter.split(text, conversion["strict"], unfenced=True)
    if not front.raw and not front.body.strip():
        raise EmptyDocument()
    record, doubts = frontmatter.record(front)
    body, cut = truncated_links.mend(front.body, front.body_line)
    abstract = blocks_of(record.abstract, conversion, engines, line=front.line)
    blocks = abstracts.put_in(blocks_of(body, conversion, engines, line=front.body_line), abstract, record)
    return Document(
        metadata=record,
        blocks=Blocks(citations.cited(blocks, source, conversion, engines, record.lang)),
        source=source,
        source_front_matter=front.raw,
        notices=(*decoding, *front.notices, *doubts, *cut),
    )


def blocks_of(body: str, conversion: Conversion, engines: Engines, *, line: int = 1) -> Blocks:
    """The blocks of a text without front matter that begins at `line` of the upload."""
    if not body.strip():
        return Blocks()
    limits.check(body, line, dialects.nesting(conversion))
    text, one = placeholders.put_in(wide_tables.widen(split_links.divide(obsidian.put_in(body))), conversion["math"])
    ast, _ = engines.pandoc.read(text + "\n", dialects.pandoc_format(body, conversion), {})
    if one.given:
        ast = one.remove(ast.decode()).encode()
    blocks = Blocks(pandoc_ast.loads(ast))
    if not one.given:
        engines.pandoc.keep(blocks)
    refuse_depth(blocks)
    return bare_urls.linkify(blocks) if dialects.links_bare_urls(conversion) else blocks


def _limited(data: bytes, settings: Settings) -> bytes:
    if len(data) > settings.max_text:
        raise TooLarge(
            f"The text has {len(data):,} bytes; at most {settings.max_text:,} are taken.", extra={"limit": settings.max_text}
        )
    return data


READER = Reader("markdown", read, passages=letters.of_text(plain.plain))
