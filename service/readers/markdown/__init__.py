"""Markdown: decodes, separates the front matter, parses the body, and maps the tree to pandoc's AST.

Start at `read`. The parser is comrak (`parser`); `blocks` and `inlines` map its nodes. Text that it would read otherwise
than its author intends is masked before (`masks`, `formulas`) or changed (`preparing`), never in code. pandoc reads only its
own dialects.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from service.ast import pandoc_ast
from service.engines import Engines
from service.input import encoding, frontmatter
from service.model.blocks import Blocks
from service.model.document import Conversion, Document, Notice, Source
from service.model.errors import EmptyDocument
from service.readers.base import Reader
from service.readers.markdown import (
    abbreviations,
    bare_urls,
    bibliographies,
    dialects,
    formulas,
    limits,
    nested_fences,
    notes,
    plain,
    preparing,
    split_links,
    table_rules,
    truncated_links,
)
from service.readers.markdown.blocks import MAKERS, content
from service.readers.markdown.changes import Text
from service.readers.markdown.gone import Gone, with_columns
from service.readers.markdown.masks import Masks
from service.readers.markdown.parser import parse
from service.readers.markdown.reading import Reading
from service.readers.shared import abstracts, letters
from service.readers.shared.line_wrapping import is_wrapped
from service.readers.shared.text import limited, refuse_depth

URL = re.compile(r"://[^\s<>\"'`\u0080-\U0010ffff]*+")
SCHEMES = ("https", "http", "ftp")
WITHIN = frozenset("(<\"'=")  # before a bare URL: it is an address in markup
SPACED_URL = re.compile(r"\]\((?:https?://|\.{0,2}/)[^\s()<>\"{]*(?: [^\s()<>\"{]+)+(?=(?:[ ]+\"[^\"\n]*\")?[ ]*\))")
# `![a](my picture (1).png)`, `[a](my notes.md)`: names of files with blanks.
SPACED_FILE = re.compile(
    r"\]\((?P<name>(?:[^\n<>\"(){]|\([^\n<>\"(){]{0,40}\)){1,200}?\.[A-Za-z][A-Za-z0-9]{1,4})(?=(?:[ ]+[\"'=][^\n)]{0,200})?\))"
)
SIZE_BEHIND = re.compile(r"[ ]=\d{0,5}%?x?\d{0,5}%?\Z")  # `![a](a.png =300x)`
# `[[protected]](/decode)`: a link around text in brackets, not a wikilink.
BRACKETED = re.compile(r"\[\[([^\[\]\n]+)\]\](?=\()")
PERCENT = re.compile(r"(?<=\d)%%(?!%)(?=[\s\w,.;:!?)，。；：！？）])")  # `100%% sure` begins no comment
FORM_FEED = re.compile(rb"^\x0c[ \t]*(?=\r?$)", re.M)  # as a line it is a page break; elsewhere a control character
EMPTY: Mapping[str, Any] = MappingProxyType({})
UNDERSCORE = re.compile(r"(?<!\\)_")  # an escaped one already represents itself


def read(source: Source, conversion: Conversion, engines: Engines) -> Document:
    """The document unchanged: no pass has run yet. Raises Refused for content, TooLarge for size."""
    data = limited(source.data, engines.settings)
    data = FORM_FEED.sub(rb"\\newpage", data) if b"\x0c" in data else data
    text, decoding = encoding.decode(data, conversion.charset or source.charset, encoding.cookie(data))
    front = frontmatter.split(text, conversion.strict, unfenced=True)
    if not front.raw and not front.body.strip():
        raise EmptyDocument()
    record, doubts = frontmatter.record(front)
    works, missing = bibliographies.find(source, conversion, front, record, engines)
    body, notices = _body(front.body, conversion, engines, front.body_line, works.keys, front.data)
    abstract, _ = _body(record.abstract, conversion, engines, front.line, works.keys, front.data)
    blocks = abstracts.put_in(body, abstract, record)
    return Document(
        metadata=record,
        blocks=Blocks(works.cited(blocks, engines, conversion.lang or record.lang)),
        source=source,
        source_front_matter=front.raw,
        notices=(*decoding, *front.notices, *bibliographies.obeyed(doubts), *missing, *notices),
    )


def blocks_of(body: str, conversion: Conversion, engines: Engines, *, line: int = 1) -> Blocks:
    """The blocks of a text without front matter that begins at `line` of the upload."""
    return _body(body, conversion, engines, line)[0]


def _body(
    body: str,
    conversion: Conversion,
    engines: Engines,
    line: int,
    keys: frozenset[str] = frozenset(),
    data: Mapping[str, Any] = EMPTY,
) -> tuple[Blocks, tuple[Notice, ...]]:
    if not body.strip():
        return Blocks(), ()
    masks = Masks(body)
    text = _masked(body.rstrip("\n") + "\n", masks, conversion)  # comrak reads no definition in a last line without a line end
    if dialects.chosen(conversion) in dialects.FORMATS:
        blocks, notices = _by_pandoc(text, masks, conversion, engines, line, cites=bool(keys))
    else:
        prepared = preparing.Preparing(masks, conversion, keys=keys, data=data)
        blocks, found = _by_parser(text, prepared, line, wrapped=is_wrapped(body))
        notices = with_columns(found, body, line)
    return blocks, notices


def _by_parser(text: str, prepared: preparing.Preparing, line: int, *, wrapped: bool) -> tuple[Blocks, tuple[Notice, ...]]:
    masks, conversion = prepared.masks, prepared.conversion
    extended = dialects.chosen(conversion) in dialects.EXTENDED
    if extended and table_rules.begins_with_one(text):
        text, line = f"\n\n{text}", line - 2
    parsed = prepared.whole(text, line)
    wrapped = extended and wrapped
    line_end = "LineBreak" if extended and not wrapped else "SoftBreak"
    called = frozenset(one.casefold() for one in notes.CALL.findall(text) if one) if prepared.appendix else frozenset[str]()
    reading = Reading(
        MAKERS, parsed, masks, line, line_end, wrapped, constructs=extended, gone=prepared.gone, prepare=prepared.part,
        appendix=prepared.appendix, called_elsewhere=called, in_book=bool(conversion.combine), markers=prepared.markers,
    )  # fmt: skip
    links_urls = dialects.links_bare_urls(conversion)
    blocks = content(reading, links_urls=links_urls and not prepared.abbreviations)
    if prepared.abbreviations:
        blocks = abbreviations.applied(blocks, prepared.abbreviations)
        blocks = [*bare_urls.linkify(Blocks(blocks))] if links_urls else blocks
    return Blocks(blocks), (*prepared.notices, *reading.gone.notices())


def _by_pandoc(
    text: str, masks: Masks, conversion: Conversion, engines: Engines, line: int, *, cites: bool
) -> tuple[Blocks, tuple[Notice, ...]]:
    parsed = parse(text, dialects.GFM)
    limits.check(parsed.prose, line, dialects.nesting(conversion, cites=cites))
    draft = Text(text, parsed.bare, parsed.prose, masks, Gone(), line)
    notices = truncated_links.without_half_link(draft)
    split_links.divide(draft)
    text = draft.text
    ast, _ = engines.pandoc.read(text + "\n", dialects.pandoc_format(text, conversion, cites=cites), {})
    if masks.given:
        ast = masks.shown(ast.decode()).encode()
    blocks = Blocks(pandoc_ast.loads(ast))
    if not masks.given:
        engines.pandoc.keep(blocks)
    refuse_depth(blocks)
    return bare_urls.linkify(blocks), notices


def _masked(text: str, masks: Masks, conversion: Conversion) -> str:
    """`text` with masks for dollars outside of formulas, underscores of bare URLs and blanks in addresses of links."""
    if dialects.chosen(conversion) in dialects.EXTENDED:
        text = nested_fences.lengthened(text)
    text = formulas.masked(text, masks, conversion.math)
    if "://" in text and "_" in text:
        text = _masked_urls(text, masks)
    if "%%" in text:
        text = PERCENT.sub(masks.of("%") * 2, text)
    if "](" in text and dialects.chosen(conversion) not in dialects.STRICT:
        text = SPACED_URL.sub(lambda found: _masked_blanks(found.group(), masks), text)
        text = SPACED_FILE.sub(lambda found: f"]({_masked_blanks(found['name'], masks)}", text)
    if "]](" in text:
        text = BRACKETED.sub(lambda found: f"[{masks.of('[')}{found[1]}{masks.of(']')}]", text)
    return text


def _masked_blanks(address: str, masks: Masks) -> str:
    """Masks the blanks of an address, without a title in single quotes or a size behind it."""
    size = SIZE_BEHIND.search(address)
    start = size.start() if size else address.find(" '") if address.endswith("'") else -1
    title = address[start:] if start >= 0 else ""
    return address.removesuffix(title).replace(" ", masks.of(" ")) + title


def _masked_urls(text: str, masks: Masks) -> str:
    """`text` with the underscores of bare URLs masked. Searching for the colon is much faster than for the schemes."""
    parts: list[str] = []
    done, at = 0, text.find("://")
    while at >= 0:
        url = URL.match(text, at)
        end = url.end() if url else at + 3
        scheme = next((one for one in SCHEMES if text.endswith(one, done, at)), "")
        before = text[at - len(scheme) - 1 : at - len(scheme)] if at > len(scheme) else ""
        if scheme and "_" in text[at:end] and not (before in WITHIN or (before.isascii() and before.isalnum())):
            parts += [text[done:at], _masked_url(text[at:end], masks)]
            done = end
        at = text.find("://", end)
    return "".join([*parts, text[done:]]) if parts else text


def _masked_url(url: str, masks: Masks) -> str:
    """Underscores inside it cannot be emphasis; those at its end can be the closing mark of emphasis around it."""
    bare = url.rstrip("_*~.,;:!?)")
    return UNDERSCORE.sub(masks.of("_"), bare) + url[len(bare) :]


READER = Reader("markdown", read, passages=letters.of_text(plain.plain))
