"""What a book of a feed reports: entries that are older than asked, and entries of which the feed has only a summary."""

from __future__ import annotations

from dataclasses import replace

from service.input.feeds import Unpacked
from service.model.document import Document
from service.model.notices import notice


def reported(book: Document, feed: Unpacked) -> Document:
    """`book` with the notices of the feed that it was made of."""
    found = []
    if feed.left_out:
        found.append(notice("feed-entries-left-out", stage="combine", data={"count": feed.left_out}))
    if feed.summaries:
        titles = [each.title or each.identifier for each in feed.kept if not each.is_whole]
        found.append(notice("feed-summaries", stage="combine", data={"count": feed.summaries, "entries": titles[:100]}))
    return replace(book, notices=(*found, *book.notices))
