"""mdBook and GitBook: `SUMMARY.md` is a list of links to the chapters. mdBook also has a `book.toml`."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from service.pipeline.collections.base import Collection, Files, chosen, first_of_parts, joined

LINK_OR_HEADING = re.compile(
    r"^#{1,2}[ \t]+(?P<heading>\S.*)$|(?:\[(?P<text>[^\[\]\n]{1,300}+))?\]\(\s*<?(?P<link>[^)>\s]+)", re.M
)
DRAFT = re.compile(r"^[ \t]*+[-*+][ \t]++\[([^\[\]\n]{1,300}+)\]\([ \t]*\)", re.M)  # a chapter without a file
TITLE = re.compile(r"^#[ \t]+(\S.*)$", re.M)
GENERIC = frozenset({"summary", "contents", "table of contents"})
KEYS = ("title", "authors", "description", "language")


def collection(files: Files) -> Collection | None:
    summary = _summary(files)
    if not summary or summary not in files.articles:
        return None
    others = Files(files.data, [name for name in files.articles if name != summary])
    text, folder = files.data[summary].decode("utf-8", "replace"), posixpath.dirname(summary)
    places = (joined(each, "book.toml") for each in (folder, posixpath.dirname(folder)))
    about = next((place for place in places if place in files.data), "")
    listed = list(_linked(text, folder))
    site = {"about": _about(text, about, files), "content": folder, "root": posixpath.dirname(about) if about else folder}
    site |= {"parts": first_of_parts(((name, part) for name, part, _ in listed), others)}
    site |= {"titles": {name: title for name, _, title in reversed(listed) if title}}
    site |= {"drafts": DRAFT.findall(text)}
    return chosen("mdbook" if about else "gitbook", (name for name, _, _ in listed), others, **site)


def _summary(files: Files) -> str:
    """The one of the topmost `book.toml`, else the one nearest to the top: a repository may have earlier editions, too."""
    if gitbook := files.named(".gitbook.yaml", ".gitbook.yml"):
        return _of_gitbook(files, gitbook)
    config = files.named("book.toml")
    book = files.settings(config).get("book") if config else None
    folder = book.get("src", "src") if isinstance(book, dict) else "src"
    wanted = joined(posixpath.dirname(config), str(folder), "summary.md").casefold() if config else ""
    found = next((name for name in files.articles if name.casefold() == wanted), "")
    return found or files.topmost(lambda name: name == "summary.md")


def _of_gitbook(files: Files, about: str) -> str:
    """`structure.summary` below `root`, of the configuration of GitBook (gitbook.com/docs, "Content configuration")."""
    settings = files.settings(about)
    structure = settings.get("structure")
    name = structure.get("summary") if isinstance(structure, dict) else None
    wanted = joined(posixpath.dirname(about), str(settings.get("root") or "."), str(name or "SUMMARY.md")).casefold()
    return next((each for each in files.articles if each.casefold() == wanted), "")


def _linked(text: str, folder: str) -> Iterator[tuple[str, str, str]]:
    """Each linked file with the title of its part (the heading above it, where that is not the first of the file) and its own."""
    part, is_first = "", True
    for match in LINK_OR_HEADING.finditer(text):
        if match["heading"]:
            part, is_first = ("" if is_first else _plain(match["heading"])), False
        elif path := match["link"].split("#")[0].split("?")[0]:
            is_first = False
            yield joined(folder, unquote(path)), part, _plain(match["text"] or "")


def _plain(heading: str) -> str:
    return heading.rstrip("# \t").translate({ord(mark): None for mark in "*`"}).strip("_ ")


def _about(text: str, name: str, files: Files) -> dict[str, Any]:
    """The `[book]` table of book.toml, and for a title the heading of the summary."""
    book = files.settings(name).get("book") if name else None
    found = {key: book[key] for key in KEYS if book.get(key)} if isinstance(book, dict) else {}
    heading = TITLE.search(text)
    title = _plain(heading[1]) if heading else ""
    return found if "title" in found or not title or title.casefold() in GENERIC else {"title": title, **found}
