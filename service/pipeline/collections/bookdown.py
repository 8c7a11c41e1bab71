"""bookdown: `_bookdown.yml` names the files, or all are chapters by their names; `index.Rmd` is first and says what the whole is.

bookdown.org/yihui/bookdown/usage.html, and for headings of parts (`# (PART) Title`) /markdown-extensions-by-bookdown.html.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import Any

from service.pipeline.collections.base import Changed, Collection, Files, chosen, in_folder, in_order, joined, strings

KEYS = ("title", "subtitle", "author", "date", "description", "lang")
PART = re.compile(rb"^#[ \t]++\((?:PART|APPENDIX)(?:\\?\*)?\)[ \t]++(?P<title>[^\n{]++)(?:\{[^\n}]*+\})?[ \t]*+$", re.M)
HEADING = re.compile(rb"^# ", re.M)


def collection(files: Files) -> Collection | None:
    about = files.named("_bookdown.yml", "_bookdown.yaml")
    if not about:
        return None
    folder, settings = posixpath.dirname(about), files.settings(about)
    inside = [name for name in in_folder(files.articles, folder) if _is_chapter(name, folder, settings)]
    first = next((name for name in inside if posixpath.basename(name).casefold().startswith("index.")), "")
    listed = settings.get("rmd_files")
    listed = listed.get("html") or listed if isinstance(listed, dict) else listed
    named = [joined(folder, name) for name in strings(listed)]
    front = files.front_matter(first) if first else {}
    said = {key: front[key] for key in KEYS if front.get(key)}
    order = list(dict.fromkeys([*([first] if first else []), *(named or in_order(inside))]))
    site: dict[str, Any] = {
        "about": said,
        "media": (folder,),
        "content": folder,
        "root": folder,
        "address": front.get("url") or "",
    }
    parts = {name: title for name in order if name in files.data and (title := _part(files.data[name]))}
    return chosen("bookdown", order, files, parts=parts, **site)


def _is_chapter(name: str, folder: str, settings: Mapping[str, Any]) -> bool:
    """Files whose names begin with `_` are not chapters. Files in folders are chapters only if `rmd_subdir` says so."""
    inside = name.removeprefix(f"{folder}/") if folder else name
    is_below = settings.get("rmd_subdir") is True or "/" not in inside
    return is_below and inside.lower().endswith((".rmd", ".md")) and not posixpath.basename(inside).startswith("_")


def _part(data: bytes) -> str:
    """The title of the part that begins with the chapter; empty where the heading is the chapter's own."""
    match = PART.search(data)
    return match["title"].decode("utf-8", "replace").strip() if match and len(HEADING.findall(data)) > 1 else ""


def placed(files: Mapping[str, bytes], collection: Collection) -> Changed:
    """The chapters without their headings of parts, by name. A heading that is the chapter's own keeps its title."""
    if collection.kind != "bookdown":
        return Changed()
    found = {}
    for name in collection.names:
        if PART.search(files[name]):
            instead = rb"" if name in collection.parts else rb"# \g<title>"
            found[name] = PART.sub(instead, files[name])
    return Changed(found)
