"""HTML: a saved page or an export. Its head is its front matter: `<title>`, `<meta>`, Open Graph, JSON-LD, canonical link.

pandoc's HTML reader takes exponential time for unclosed lists (measured), so the service's converter reads it, as for
HTML in Markdown.
"""

from __future__ import annotations

import contextlib
import html
import re
from collections.abc import Callable, Iterable
from typing import Any

from schemas import metadata
from service.ast import html as html_ast
from service.ast.html import addresses, emphasis, hidden_by_sheets, main_text, tree
from service.ast.html.tree import Element
from service.engines import Engines
from service.input import encoding, record_front_matter
from service.model import record
from service.model.blocks import Blocks
from service.model.document import Conversion, Document, Source
from service.model.errors import EmptyDocument, InvalidDocument, TooLarge
from service.model.notices import notice
from service.readers.base import Reader
from service.readers.html import comments, head, spelling
from service.readers.shared import dropped_html, html_notes, letters
from service.readers.shared import text as shared

HEAD = re.compile(rb"(?>(?:\s++|<!--.*?-->|<\?xml[^>]*+>)*)<(?:!doctype html|html|head|body)\b", re.I | re.S)
DECLARED = re.compile(rb"\A[\s\xef\xbb\xbf]*<\?xml[^<>]{0,100}?\bencoding\s*+=\s*+[\"']([A-Za-z0-9._:-]++)")
CHARSET = re.compile(rb"<meta(?=[^<>]*?[^<>\w-]charset\s*+=\s*+[\"']?\s*+([A-Za-z0-9_-]++))", re.I)
HEADINGS_REMOVED = "Headings above notes were removed. The notes are in the places of their calls."
# Elements that show something without text.
SHOWING = ("img", "amp-img", "svg", "math", "frame", "iframe", "video", "audio", "embed", "object")
MOST_HEAD = 100_000  # bytes that may declare the charset of a page
RECORD_ID = "colophon-record"
OWN = frozenset({("header", "title-block"), ("nav", "contents")})  # of pages of this service: written again from the metadata


def read(source: Source, conversion: Conversion, engines: Engines) -> Document:
    """The whole page, with navigation; with `clean=web` only its `<article>` or `<main>`."""
    return read_page(source, conversion, engines)


def read_page(
    source: Source,
    conversion: Conversion,
    engines: Engines,
    settle: Callable[[Element], object] = lambda _: None,
    about: Callable[[dict[str, Any]], dict[str, Any]] = lambda said: said,
) -> Document:
    """As `read`, for formats that contain pages. `settle` changes the parsed page first, for example its addresses of pictures.

    `about` gets the metadata of the head, and returns the front matter.
    """
    if len(source.data) > engines.settings.max_text:
        limit = engines.settings.max_text
        raise TooLarge(f"The page has {len(source.data):,} bytes. The limit is {limit:,}.", extra={"limit": limit})
    text, decoding = encoding.decode(source.data, conversion.charset or source.charset, declared(source.data))
    if not text.strip():
        raise EmptyDocument()
    page = _parsed(text, settle)
    commented = comments.taken_out(page)
    said, doubts = metadata.load(about(front_matter(page, text)))
    page.drop({*head.property_tables(page), *(each for each in head.styled_subtitles(page) if said.subtitle)})
    _mark_title(page, said.title)
    converter = html_ast.Converter()
    headings = html_notes.settle([tree.body(page)], converter)
    shown, left = main_text.of(page) if conversion.extract == "main" else (tree.body(page), [])
    if conversion.extract == "none" and conversion.clean == "web":
        shown = _main(page)
    blocks = converter.shown(shown)
    shared.refuse_depth(blocks)
    reported = dropped_html.reported(converter.dropped)
    if headings:
        reported.append(notice("boilerplate-removed", HEADINGS_REMOVED, stage="read", data={"removed": headings}))
    if left:
        reported.append(notice("main-text-extracted", stage="read", data={"left_out": [each[:500] for each in left[:100]]}))
    return Document(metadata=said, blocks=Blocks(blocks), source=source, notices=(*decoding, *doubts, *commented, *reported))


def declared(data: bytes) -> str:
    """The charset in the page's `<meta>`, which may be far below; else in its XML declaration."""
    found = CHARSET.search(data[:MOST_HEAD]) or DECLARED.match(data)
    return found[1].decode("ascii") if found else ""


def _parsed(text: str, settle: Callable[[Element], object]) -> Element:
    page = tree.parse(spelling.settled(text))
    settle(page)
    addresses.resolve(page)
    emphasis.apply_sheets(page)
    hidden_by_sheets.settle(page)
    page.drop({each for each in page.below("header", "nav") if (each.tag, each.get("class")) in OWN})
    if not page.text().strip() and next(page.below(*SHOWING), None) is None:
        raise EmptyDocument()
    return page


def _mark_title(page: Element, title: str) -> None:
    """Makes a heading of the paragraph with the title, so that the title is shown once."""
    for element in head.styled_titles(page):
        if " ".join(element.text().split()) == title:
            element.tag = "h1"


def _main(page: Element) -> Element:
    for tag in ("article", "main"):
        found = list(page.iter(tag))
        if len(found) == 1:
            return found[0]
    return tree.body(page)


def front_matter(page: Element, text: str) -> dict[str, Any]:
    """The metadata in the head, under the keys of a front matter; in a page of this service, from its record."""
    own = next((script.text() for script in page.iter("script") if script.get("id") == RECORD_ID), None)
    if own:
        with contextlib.suppress(InvalidDocument):
            return record_front_matter.front_matter(record.parse(own.encode()))
    return head.front_matter(page, text)


HIDDEN = re.compile(r"<(script|style|head|title|template|canvas|svg|math)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.S | re.I)
OURS = re.compile(r"<(header class=\"title-block\"|nav class=\"contents\").*?(?:</(?:header|nav)>|\Z)", re.S)
TAGS = re.compile(r"<[/!?A-Za-z](?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*>|<[/!?A-Za-z][^<>]{0,1000}(?:<[^<>]{0,200}){0,2}>")


def plain(text: str) -> str:
    """The text of the page: without tags, scripts, pictures, and the title block of a page of this service."""
    return html.unescape(letters.without(letters.without(text, HIDDEN, OURS), TAGS, by="")).replace("\r", " ")


def _passages(document: Document, conversion: Conversion) -> Iterable[letters.Passage]:
    """None if a part of the page was requested."""
    part = conversion.extract == "main" or conversion.clean == "web"
    return () if part else letters.of_text(plain, declared)(document, conversion)


READER = Reader("html", read, matches=lambda head: HEAD.match(head[:2048]) is not None, passages=_passages)
