"""The content of a feed, for all formats."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """An article of a feed. `identifier` stays the same when the entry changes; `content` and `summary` are HTML.

    `published` and `updated` are ISO 8601, or the text of the feed. `is_whole`: the feed has the text, not only a summary.
    """

    identifier: str
    title: str
    address: str
    content: str
    authors: tuple[str, ...] = ()
    published: str = ""
    updated: str = ""
    summary: str = ""
    is_whole: bool = True
    categories: tuple[str, ...] = ()
    lang: str = ""
    rights: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """`entries` are in the order of the feed. `address` is that of its site."""

    title: str
    entries: tuple[Entry, ...]
    address: str = ""
    description: str = ""
    authors: tuple[str, ...] = ()
    lang: str = ""
    rights: str = ""
