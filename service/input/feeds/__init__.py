"""Feeds as sources: RSS, Atom and JSON Feed. Each entry is an article, an HTML file with its own metadata in its head.

A feed is treated as an archive of its entries, so that jobs, books and batches handle it like a zip. The name of
an article depends only on the identifier, the address and the date of its entry: it stays the same in every run.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

import orjson

from service.containers.packages import pack
from service.input.feeds import json_feed, xml_feeds
from service.input.feeds.base import Entry, Feed
from service.input.gathering import ORDER, PARTS, ZIP
from service.model.document import Source
from service.model.errors import NoArticle
from service.model.option_checks import moment

OUTLINE = "colophon-outline.opml"  # next to a feed: the outline that named it
FAILED = "colophon-feeds.json"  # next to a feed: address → why it was not fetched, of other feeds
ABOUT = "metadata.json"  # metadata of the whole, for `pipeline.books`
SUFFIXES = (".xml", ".rss", ".atom", ".rdf", ".json")  # of files that may be feeds
HEAD = 4_096  # bytes that identify a feed
XML = re.compile(rb"\A[\s\xef\xbb\xbf]*(?:<\?[^>]{0,300}\?>\s*|<!--[^>]{0,2000}-->\s*|<!DOCTYPE[^>\[]{0,300}>\s*){0,9}"
                 rb"<(?:rss|(?:\w{1,20}:)?feed|(?:\w{1,20}:)?RDF)[\s>]")  # fmt: skip
ATOM_OR_RSS = (b"http://www.w3.org/2005/Atom", b"<rss", b"http://purl.org/rss/1.0/", b"http://purl.org/atom/ns#")
JSON = re.compile(rb"\A[\s\xef\xbb\xbf]*\{")
JSON_VERSION = b"//jsonfeed.org/version/"
KINDS: tuple[tuple[Callable[[bytes], bool], Callable[[bytes], Feed]], ...] = (
    (lambda data: XML.match(data[:HEAD]) is not None and any(name in data[:HEAD] for name in ATOM_OR_RSS), xml_feeds.parse),
    (lambda data: JSON.match(data[:HEAD]) is not None and JSON_VERSION in data[:HEAD].replace(b"\\/", b"/"), json_feed.parse),
)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A feed as files: name → an article, or the metadata of the whole. `left_out` entries are older than `since`."""

    feed: Feed
    files: Mapping[str, bytes]
    articles: Sequence[str]
    kept: Sequence[Entry]
    left_out: int = 0

    @property
    def summaries(self) -> int:
        """The number of entries without their text."""
        return sum(not each.is_whole for each in self.kept)


def is_feed(data: bytes) -> bool:
    """By the first bytes; nothing is parsed."""
    return any(matches(data) for matches, _ in KINDS)


def unpacked(data: bytes, since: str = "") -> Unpacked | None:
    """The articles of a feed; None if it is not a feed. `since`: ISO 8601; older entries are left out.

    An entry counts by its last change; one without a date is always new. Raises InvalidDocument with the line, InvalidJson,
    TooComplex, NoArticle if no entry is left.
    """
    parse = next((parse for matches, parse in KINDS if matches(data)), None)
    if parse is None:
        return None
    feed = parse(data)
    entries = list({each.identifier or each.address or each.title: each for each in feed.entries}.values())
    kept = [each for each in entries if not since or _is_new(each, since)]
    if not kept:
        when = f" since {since}" if since else ""
        raise NoArticle(f"The feed {feed.title[:100]!r} has no entry{when}.")
    named = {name_of(each): article(each, feed) for each in kept}
    about = {ABOUT: orjson.dumps(_about(feed)), ORDER: orjson.dumps(list(named))}
    return Unpacked(feed, named | about, list(named), kept, len(entries) - len(kept))


def as_bundle(source: Source, found: Unpacked) -> Source:
    """The feed as one zip: a book."""
    stem = PurePosixPath(source.name).stem or "feed"
    data = pack(dict(found.files), stored=frozenset(found.files))
    return Source(f"{stem}.zip", data, ZIP, assets=source.assets)


def _about(feed: Feed) -> dict[str, object]:
    said = {
        "title": feed.title, "description": feed.description, "url": feed.address, "lang": feed.lang, "rights": feed.rights,
        "authors": list(feed.authors),
    }  # fmt: skip
    return {name: value for name, value in said.items() if value} or {"title": "Feed"}


def _is_new(entry: Entry, since: str) -> bool:
    changed = instant(entry.updated) or instant(entry.published)
    return changed is None or changed >= (instant(since) or changed)


def instant(text: str) -> datetime | None:
    """A date or time of ISO 8601; None for other text."""
    try:
        return moment(text)
    except ValueError:
        return None


def name_of(entry: Entry) -> str:
    """`2025-03-04-the-ferry-1f3a9c2e.html`."""
    identity = entry.identifier or entry.address or entry.title
    digest = hashlib.sha256(identity.encode()).hexdigest()[:8]
    last = PurePosixPath(unquote(urlsplit(entry.address).path)).stem if entry.address else ""
    slug = re.sub(r"[\W_]+", "-", last).strip("-").lower()[:60]
    day = instant(entry.published)
    return "-".join(part for part in (day.date().isoformat() if day else "", slug, digest) if part) + ".html"


def article(entry: Entry, feed: Feed) -> bytes:
    """The entry as a page: its metadata in the head, with names that the HTML reader knows."""
    head = "".join(f'<meta name="{name}" content="{html.escape(value)}">\n' for name, value in _meta(entry, feed) if value)
    lang = f' lang="{html.escape(entry.lang)}"' if entry.lang else ""
    title = f"<title>{html.escape(entry.title)}</title>\n" if entry.title else ""
    top = f'<!DOCTYPE html>\n<html{lang}>\n<head>\n<meta charset="utf-8">\n{title}{head}</head>\n'
    return f"{top}<body>\n{entry.content}\n</body>\n</html>\n".encode("utf-8", "replace")


def _meta(entry: Entry, feed: Feed) -> Iterator[tuple[str, str]]:
    yield from (("author", name) for name in entry.authors or feed.authors)
    yield "article:published_time", entry.published or entry.updated
    yield "article:modified_time", entry.updated if entry.published else ""
    yield "og:url", entry.address
    yield "og:site_name", feed.title
    yield "dc.identifier", entry.identifier
    yield "dc.rights", entry.rights or feed.rights
    yield "keywords", ", ".join(category.replace(",", " ") for category in entry.categories)
    yield "description", " ".join(html.unescape(re.sub(r"<[^<>]{0,1000}>", " ", entry.summary)).split())


def placed(files: Mapping[str, bytes], since: str) -> dict[str, bytes]:
    """The files of a book, with each feed replaced by its entries as chapters.

    Several feeds are parts of the book; feeds without a new entry are left out. Raises NoArticle if no feed has one.
    """
    try:
        chapters = orjson.loads(files.get(ORDER, b"[]"))
    except ValueError:
        return dict(files)
    found, order, parts = dict(files), list[str](), dict[str, str]()
    for name in chapters if isinstance(chapters, list) else ():
        try:
            entries = unpacked(files[name], since) if name in files else None
        except NoArticle:
            if len(chapters) == 1:
                raise
            del found[name]  # one of several feeds without anything new
            continue
        if entries is None:
            order.append(name)
            continue
        del found[name]
        parts[f"{name.partition('/')[0]}/{PurePosixPath(name).stem}/{entries.articles[0]}"] = entries.feed.title
        folder = f"{name.partition('/')[0]}/{PurePosixPath(name).stem}"
        order += [f"{folder}/{each}" for each in entries.articles]
        found |= {f"{folder}/{each}": entries.files[each] for each in entries.articles}
    if not order and len(found) < len(files):
        raise NoArticle("No feed has an entry" + (f" since {since}." if since else "."))
    named = {PARTS: orjson.dumps(parts)} if len(parts) > 1 and PARTS not in files else {}
    return found | {ORDER: orjson.dumps(order)} | named if order else found
