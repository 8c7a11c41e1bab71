"""Folders of notes: an Obsidian vault, and an export of Notion, whose files have an identifier in their names."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import Any

from service.pipeline.collections.base import Collection, Files, chosen, in_folder, in_order, joined, natural

WIKILINK = re.compile(r"\[\[([^\[\]|#\n]{1,200})")
SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,5}\Z")
NOTION = re.compile(r" [0-9a-f]{32}\Z")


def obsidian(files: Files) -> Collection | None:
    """In the order of names, without templates. A vault links notes and attachments by name alone.

    A vault without its settings is recognised by notes that link each other like a wiki.
    """
    settings = next((name for name in files.data if ".obsidian" in name.split("/")), "")
    if not settings and not _is_wiki(files):
        return None
    folder = settings.partition(".obsidian")[0].rstrip("/") if settings else posixpath.commonpath(files.articles)
    folder = posixpath.dirname(folder) if folder in files.data else folder
    hidden = in_folder(files.articles, _templates(files, folder)) if settings else []
    kept = [name for name in in_folder(files.articles, folder) if name not in frozenset(hidden)]
    inside = [name for name in kept or hidden if not {".obsidian", ".trash"} & set(name.split("/"))]
    about = {"title": posixpath.basename(folder)} if folder else {}
    site: dict[str, Any] = {"about": about, "media": (folder,), "media_by_name": True, "content": folder, "root": folder}
    aliases = {name: found for name in inside if (found := _aliases(files.front_matter(name)))}
    return chosen("obsidian", in_order(inside), files, aliases=aliases, **site)


def _aliases(front: Mapping[str, Any]) -> list[str]:
    """The other names of a note, that links to it may have."""
    given = front.get("aliases", front.get("alias"))
    found = given if isinstance(given, list) else str(given or "").split(",")
    return [each.strip() for each in map(str, found) if each.strip()]


def _templates(files: Files, folder: str) -> str:
    """The folder of the templates for new notes in the settings of its plugin; otherwise a name that is not a folder."""
    named = files.settings(joined(folder, ".obsidian/templates.json")).get("folder")
    return joined(folder, named) if isinstance(named, str) and named.strip("/") else "\0"


def _is_wiki(files: Files) -> bool:
    """Whether a third of the notes have `[[links]]` or `![[embeds]]` to files of the folder."""
    if len(files.articles) < 2:
        return False
    names = {posixpath.splitext(posixpath.basename(name))[0].casefold() for name in files.data}
    linking = sum(any(_called(match) in names for match in WIKILINK.finditer(files.text(name))) for name in files.articles)
    return linking * 3 >= len(files.articles)


def _called(link: re.Match[str]) -> str:
    name = posixpath.basename(link[1].strip())
    return (posixpath.splitext(name)[0] if SUFFIX.search(name) else name).casefold()


def notion(files: Files) -> Collection | None:
    """The page before the pages in its folder, which has the name of the page. A database is a page, too: a table (CSV)."""
    exported = [name for name in files.articles if NOTION.search(posixpath.splitext(name)[0])]
    tables = [name for name in files.data if name.lower().endswith(".csv") and NOTION.search(posixpath.splitext(name)[0])]
    if not exported or len(exported) * 2 < len(files.articles):
        return None
    order = sorted(
        [*exported, *tables], key=lambda name: [natural(NOTION.sub("", part)) for part in posixpath.splitext(name)[0].split("/")]
    )
    top = NOTION.sub("", posixpath.splitext(posixpath.basename(order[0]))[0])
    alone = sum(name.count("/") == order[0].count("/") for name in order) == 1
    with_tables = Files(files.data, [*files.articles, *tables])
    titles = {name: NOTION.sub("", posixpath.splitext(posixpath.basename(name))[0]) for name in order}
    return chosen("notion", order, with_tables, about={"title": top} if alone else {}, titles=titles)
