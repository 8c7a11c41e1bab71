"""JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1)."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

from service.input import encoding
from service.input.feeds.base import Entry, Feed
from service.model.errors import InvalidDocument, Place
from service.model.text import strict_json


def parse(data: bytes) -> Feed:
    """Raises InvalidJson with line and column, InvalidDocument if the feed has no list of items."""
    said = strict_json.loads_object(encoding.decode(data)[0], "The feed")
    items = said.get("items")
    if not isinstance(items, list):
        raise InvalidDocument("The feed has no list `items`.", places=[Place("The feed has no list `items`.", "/items", line=1)])
    lang = _text(said, "language")
    return Feed(
        title=_text(said, "title"), address=_text(said, "home_page_url"), description=_text(said, "description"),
        authors=_authors(said), lang=lang, entries=tuple(_entry(each, lang) for each in items if isinstance(each, dict)),
    )  # fmt: skip


def _entry(item: Mapping[str, Any], lang: str) -> Entry:
    text = _text(item, "content_text")
    content = _text(item, "content_html") or "".join(f"<p>{html.escape(part)}</p>" for part in text.split("\n\n") if part.strip())
    summary = _text(item, "summary")
    tags = item.get("tags")
    return Entry(
        identifier=_text(item, "id") or _text(item, "url"), title=_text(item, "title"),
        address=_text(item, "url") or _text(item, "external_url"), authors=_authors(item),
        published=_text(item, "date_published"), updated=_text(item, "date_modified"),
        content=content or f"<p>{html.escape(summary)}</p>", summary=html.escape(summary) if content else "",
        is_whole=bool(content), lang=_text(item, "language") or lang,
        categories=tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
    )  # fmt: skip


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _authors(said: Mapping[str, Any]) -> tuple[str, ...]:
    """`authors` of version 1.1, else `author` of 1.0."""
    listed = said.get("authors")
    people = listed if isinstance(listed, list) else [said.get("author")]
    return tuple(name for each in people if isinstance(each, dict) and (name := _text(each, "name")))
