"""Notices of a book of a feed: entries that are older than `since`, and entries with only a summary in the feed."""

from __future__ import annotations

from dataclasses import replace

import orjson

from service.input import feeds
from service.input.feeds import Unpacked, outlines
from service.model.document import Asset, Document, Source
from service.model.errors import Refused
from service.model.notices import notice
from service.pipeline import metadata_file


def reported(book: Document, feed: Unpacked) -> Document:
    """`book` with the notices of the feed that it was made of."""
    found = []
    if feed.left_out:
        found.append(notice("feed-entries-left-out", stage="combine", data={"count": feed.left_out}))
    if feed.summaries:
        titles = [each.title or each.identifier for each in feed.kept if not each.is_whole]
        found.append(notice("feed-summaries", stage="combine", data={"count": feed.summaries, "entries": titles[:100]}))
    return replace(book, notices=(*found, *book.notices))


def of_outline(source: Source) -> Source:
    """The source with the outline's metadata of the whole as a metadata file, unless it has one."""
    given = [each for each in source.assets if each.name == feeds.OUTLINE]
    if not given or metadata_file.among(source.assets):
        return source
    try:
        found = outlines.parse(given[0].data)
    except Refused:
        return source
    said = {"title": found.title, "author": found.owner, "modified": found.modified}
    about = Asset(feeds.ABOUT, orjson.dumps({name: value for name, value in said.items() if value}))
    return replace(source, assets=(*source.assets, *([about] if found.title else [])))


def with_failed(document: Document, source: Source) -> Document:
    """The document with a notice of the feeds of its outline that could not be fetched."""
    given = next((each.data for each in source.assets if each.name == feeds.FAILED), b"")
    if not given:
        return document
    failed = orjson.loads(given)
    found = notice("feed-not-fetched", stage="read", data={"count": len(failed), "feeds": failed})
    return replace(document, notices=(found, *document.notices))
