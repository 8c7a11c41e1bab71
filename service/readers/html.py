"""HTML: a saved page or an export. Its head is its front matter: `<title>`, `<meta>`, Open Graph, JSON-LD, canonical link.

pandoc's HTML reader takes exponential time on lists that are left open (measured), so our own converter reads it, the
same that turns HTML in Markdown into structure.
"""

from __future__ import annotations

import contextlib
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from schemas import metadata
from service.ast import html as html_ast
from service.ast.html import addresses, main_text, tree
from service.ast.html.tree import Element
from service.engines import Engines
from service.input import encoding, record_front_matter
from service.model import record
from service.model.blocks import Blocks
from service.model.document import Conversion, Document, Source
from service.model.errors import EmptyDocument, InvalidDocument, TooLarge
from service.model.notices import notice
from service.readers.base import Reader
from service.readers.shared import dropped_html, letters
from service.readers.shared import text as shared

HEAD = re.compile(rb"(?>(?:\s++|<!--.*?-->|<\?xml[^>]*+>)*)<(?:!doctype html|html|head|body)\b", re.I | re.S)
CHARSET = re.compile(rb"<meta(?=[^<>]*?[^<>\w-]charset\s*+=\s*+[\"']?\s*+([A-Za-z0-9_-]++))", re.I)
# Names of <meta> and JSON-LD → keys as front matter has them. The first that is there wins.
KEYS: Mapping[str, tuple[str, ...]] = {
    "title": ("og:title", "dc.title", "dcterms.title", "twitter:title"),
    "author": ("author", "article:author", "dc.creator", "dcterms.creator", "citation_author"),
    "date": (
        "article:published_time",
        "date",
        "dc.date",
        "dcterms.date",
        "dcterms.created",
        "pubdate",
        "citation_publication_date",
    ),
    "modified": ("article:modified_time", "last-modified"),
    "description": ("og:description", "description", "dc.description", "dcterms.abstract", "dcterms.description"),
    "keywords": ("keywords", "news_keywords"),
    "url": ("og:url",),
    "source": ("og:site_name", "application-name"),
    "publisher": ("dc.publisher", "dcterms.publisher", "citation_publisher"),
    "rights": ("dc.rights", "dcterms.rights", "copyright"),
    "doi": ("citation_doi",),
}
RECORD_ID = "colophon-record"
OWN = frozenset({("header", "title-block"), ("nav", "contents")})  # of our own pages: written again from the metadata
LINKED: Mapping[str, str] = {
    "headline": "title",
    "inLanguage": "lang",
    "license": "license",
    "articleSection": "categories",
    "alternativeHeadline": "subtitle",
    "datePublished": "date",
    "dateModified": "modified",
    "description": "description",
}


def read(source: Source, conversion: Conversion, engines: Engines) -> Document:
    """The page as it stands, navigation and all, but for `clean=web`, which takes its one `<article>` or `<main>`."""
    if len(source.data) > engines.settings.max_text:
        limit = engines.settings.max_text
        raise TooLarge(f"The page has {len(source.data):,} bytes. The limit is {limit:,}.", extra={"limit": limit})
    text, decoding = encoding.decode(source.data, conversion.charset or source.charset, _declared(source.data))
    if not text.strip():
        raise EmptyDocument()
    page = _parsed(text)
    said, doubts = metadata.load(front_matter(page))
    converter = html_ast.Converter()
    shown, left = main_text.of(page) if conversion.extract == "main" else (tree.body(page), [])
    if conversion.extract == "none" and conversion.clean == "web":
        shown = _main(page)
    blocks = converter.shown(shown)
    shared.refuse_depth(blocks)
    told = dropped_html.told(converter.dropped)
    if left:
        told.append(notice("main-text-extracted", stage="read", data={"left_out": [each[:500] for each in left[:100]]}))
    return Document(metadata=said, blocks=Blocks(blocks), source=source, notices=(*decoding, *doubts, *told))


def _declared(data: bytes) -> str:
    """The charset that the page's own `<meta>` says."""
    found = CHARSET.search(data[:4096])
    return found[1].decode("ascii") if found else ""


def _parsed(text: str) -> Element:
    page = tree.parse(text)
    addresses.resolve(page)
    page.drop({each for each in page.below("header", "nav") if (each.tag, each.get("class")) in OWN})
    if not page.text().strip() and not page.first("img"):
        raise EmptyDocument()
    return page


def _main(page: Element) -> Element:
    for tag in ("article", "main"):
        found = list(page.iter(tag))
        if len(found) == 1:
            return found[0]
    return tree.body(page)


def front_matter(page: Element) -> dict[str, Any]:
    """What the head says, under the keys of a front matter; in a page of ours, its record's."""
    own = next((script.text() for script in page.iter("script") if script.get("id") == RECORD_ID), None)
    if own:
        with contextlib.suppress(InvalidDocument):
            return record_front_matter.front_matter(record.parse(own.encode()))
    said: dict[str, list[str]] = {}
    for meta in page.iter("meta"):
        name = (meta.get("property") or meta.get("name")).strip().lower()
        if name and (content := " ".join(meta.get("content").split())):
            said.setdefault(name, []).append(content)
    linked = dict(_linked(page))
    found: dict[str, Any] = {}
    for key, names in KEYS.items():
        values = next((said[name] for name in names if name in said), [])
        value: Any = values if key == "author" and len(values) > 1 else values[0] if values else linked.get(key)
        if value:
            found[key] = value
    canonical = next((link.get("href") for link in page.iter("link") if link.get("rel").lower() == "canonical"), None)
    title = " ".join(next((each.text() for each in page.iter("title") if not each.foreign), "").split())
    lang = page.get("lang") or page.get("xml:lang")
    others = {"title": title, "url": canonical, "lang": lang, **linked}
    found |= {key: value for key, value in others.items() if value and key not in found}
    if isinstance(found.get("keywords"), str):
        found["keywords"] = [word.strip() for word in found["keywords"].split(",") if word.strip()]
    return found


def _linked(page: Element) -> Iterator[tuple[str, Any]]:
    """Of schema.org's JSON-LD, what an article has; several things may stand in one script, or in its graph."""
    for script in page.iter("script"):
        if script.get("type").lower() != "application/ld+json" or len(script.text()) > 100_000:
            continue
        try:
            data = json.loads(script.text())
        except (ValueError, RecursionError):
            continue
        things = data if isinstance(data, list) else data.get("@graph", [data]) if isinstance(data, dict) else []
        for each in things if isinstance(things, list) else []:
            if isinstance(each, dict) and "headline" in each:
                yield from _article(each)


def _article(thing: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield from ((key, thing[name]) for name, key in LINKED.items() if isinstance(thing.get(name), str))
    for name, key in (("author", "author"), ("publisher", "publisher"), ("isPartOf", "source")):
        held = thing.get(name)
        named = [one.get("name") if isinstance(one, dict) else one for one in (held if isinstance(held, list) else [held])]
        if names := [each for each in named if isinstance(each, str) and each]:
            yield key, names if key == "author" else names[0]
    words = thing.get("keywords")
    if isinstance(words, str) or (isinstance(words, list) and all(isinstance(word, str) for word in words)):
        yield "keywords", words


HIDDEN = re.compile(r"<(script|style|head|title|template|canvas|svg|math)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.S | re.I)
OURS = re.compile(r"<(header class=\"title-block\"|nav class=\"contents\").*?(?:</(?:header|nav)>|\Z)", re.S)
TAGS = re.compile(r"<[/!?A-Za-z](?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*>|<[/!?A-Za-z][^<>]{0,1000}(?:<[^<>]{0,200}){0,2}>")


def _plain(text: str) -> str:
    """The text of the page: without tags, scripts, pictures, and the title block of a page of ours."""
    return html.unescape(letters.without(letters.without(text, HIDDEN, OURS), TAGS, by="")).replace("\r", " ")


def _passages(document: Document, conversion: Conversion) -> Iterable[letters.Passage]:
    """None where a part of the page was asked for."""
    part = conversion.extract == "main" or conversion.clean == "web"
    return () if part else letters.of_text(_plain, _declared)(document, conversion)


READER = Reader("html", read, matches=lambda head: HEAD.match(head[:2048]) is not None, passages=_passages)
