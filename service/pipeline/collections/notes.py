"""Folders of notes: an Obsidian vault, and an export of Notion, whose files have an identifier in their names."""

from __future__ import annotations

import posixpath
import re

from service.pipeline.collections.base import Collection, Files, chosen, in_folder, in_order, natural

NOTION = re.compile(r" [0-9a-f]{32}\Z")


def obsidian(files: Files) -> Collection | None:
    """In the order of names. A vault links notes and attachments by name alone."""
    settings = next((name for name in files.data if ".obsidian" in name.split("/")), "")
    if not settings:
        return None
    folder = settings.partition(".obsidian")[0].rstrip("/")
    inside = [name for name in in_folder(files.articles, folder) if not {".obsidian", ".trash"} & set(name.split("/"))]
    about = {"title": posixpath.basename(folder)} if folder else {}
    return chosen("obsidian", in_order(inside), files, about=about, media=(folder,), media_by_name=True, content=folder)


def notion(files: Files) -> Collection | None:
    """The page before the pages in its folder, which has the name of the page."""
    exported = [name for name in files.articles if NOTION.search(posixpath.splitext(name)[0])]
    if not exported or len(exported) * 2 < len(files.articles):
        return None
    order = sorted(exported, key=lambda name: [natural(NOTION.sub("", part)) for part in posixpath.splitext(name)[0].split("/")])
    top = NOTION.sub("", posixpath.splitext(posixpath.basename(order[0]))[0])
    alone = sum(name.count("/") == order[0].count("/") for name in order) == 1
    return chosen("notion", order, files, about={"title": top} if alone else {})
