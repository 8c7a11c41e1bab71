"""Quarto: `book.chapters` of `_quarto.yml`, with parts and appendices, or the contents of the sidebar of a website."""

from __future__ import annotations

import posixpath
from typing import Any

from service.pipeline.collections.base import Collection, Files, chosen, in_folder, in_order, joined, strings

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
    listed = strings([book.get("chapters"), book.get("appendices"), _mapping(site, "sidebar").get("contents")])
    named = (joined(folder, name) for name in listed)
    return chosen("quarto", named, files, **others) or chosen(
        "quarto", in_order(in_folder(files.articles, folder)), files, **others
    )


def _mapping(value: dict[str, Any], key: str) -> dict[str, Any]:
    found = value.get(key)
    return found if isinstance(found, dict) else {}
