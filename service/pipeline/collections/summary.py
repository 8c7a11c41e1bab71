"""mdBook and GitBook: `SUMMARY.md` is a list of links to the chapters. mdBook also has a `book.toml`."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from service.pipeline.collections.base import Collection, Files, chosen, joined

LINK = re.compile(r"\]\(\s*<?([^)>\s]+)")
TITLE = re.compile(r"^#[ \t]+(\S.*)$", re.M)
GENERIC = frozenset({"summary", "contents", "table of contents"})
KEYS = ("title", "authors", "description", "language")


def collection(files: Files) -> Collection | None:
    summary = files.topmost(lambda name: name == "summary.md")
    if not summary or summary not in files.articles:
        return None
    others = Files(files.data, [name for name in files.articles if name != summary])
    text, folder = files.data[summary].decode("utf-8", "replace"), posixpath.dirname(summary)
    places = (joined(each, "book.toml") for each in (folder, posixpath.dirname(folder)))
    about = next((place for place in places if place in files.data), "")
    return chosen(
        "mdbook" if about else "gitbook",
        _linked(text, folder),
        others,
        about=_about(text, about, files),
        content=folder,
        root=posixpath.dirname(about) if about else folder,
    )


def _linked(text: str, folder: str) -> Iterator[str]:
    for match in LINK.finditer(text):
        yield joined(folder, unquote(match[1].split("#")[0].split("?")[0]))


def _about(text: str, name: str, files: Files) -> dict[str, Any]:
    """The `[book]` table of book.toml, and for a title the heading of the summary."""
    book = files.settings(name).get("book") if name else None
    found = {key: book[key] for key in KEYS if book.get(key)} if isinstance(book, dict) else {}
    heading = TITLE.search(text)
    title = heading[1].rstrip("# \t").strip("*_` ") if heading else ""
    return found if "title" in found or not title or title.casefold() in GENERIC else {"title": title, **found}
