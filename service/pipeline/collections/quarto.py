"""Quarto: `book.chapters` of `_quarto.yml`, with parts and appendices, or the contents of the sidebar of a website."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any

from service.pipeline.collections.base import Collection, Files, chosen, first_of_parts, in_folder, in_order, joined, strings

SUFFIXES = (".qmd", ".md", ".ipynb", ".Rmd", ".rmd")
KEYS = ("title", "subtitle", "author", "date", "description", "abstract", "doi")


def collection(files: Files) -> Collection | None:
    about = files.named("_quarto.yml", "_quarto.yaml")
    if not about:
        return None
    folder, settings = posixpath.dirname(about), files.settings(about)
    book = _mapping(settings, "book")
    site = _mapping(settings, "website")
    source = book or site
    said = {key: source[key] for key in KEYS if source.get(key)} | ({"lang": settings["lang"]} if settings.get("lang") else {})
    others: dict[str, Any] = {"about": said, "media": (folder,), "content": folder, "address": str(source.get("site-url") or "")}
    others["root"] = folder
    others["parts"] = first_of_parts(_parts(book.get("chapters"), folder), files)
    listed = strings([book.get("chapters"), book.get("appendices"), _mapping(site, "sidebar").get("contents")])
    named = (joined(folder, name) for name in listed)
    return chosen("quarto", named, files, **others) or chosen(
        "quarto", in_order(in_folder(files.articles, folder)), files, **others
    )


def _parts(chapters: Any, folder: str) -> Iterator[tuple[str, str]]:
    """Each chapter with the title of its part. A part that is a file is a chapter, and has its own title."""
    for each in chapters if isinstance(chapters, list) else []:
        part = each.get("part") if isinstance(each, dict) else None
        title = part if isinstance(part, str) and not part.endswith(SUFFIXES) else ""
        inside = strings(each.get("chapters")) if isinstance(each, dict) else strings([each])
        yield from ((joined(folder, name), title) for name in inside)


def _mapping(value: dict[str, Any], key: str) -> dict[str, Any]:
    found = value.get(key)
    return found if isinstance(found, dict) else {}
