"""Hugo: pages below `content/` by weight, then date, then name. A section has the weight of its `_index` page."""

from __future__ import annotations

import posixpath
from typing import Any

from service.pipeline.collections.base import FOLDER_PAGES, Collection, Files, chosen, in_folder, in_order, joined

CONFIGS = tuple(f"{stem}.{suffix}" for stem in ("hugo", "config") for suffix in ("toml", "yaml", "yml", "json"))
LAST = 1_000_000_000.0


def collection(files: Files) -> Collection | None:
    about = files.named(*CONFIGS)
    folder = posixpath.dirname(about)
    folder = posixpath.dirname(folder) if posixpath.basename(folder) == "_default" else folder  # config/_default/
    folder = posixpath.dirname(folder) if posixpath.basename(folder) == "config" else folder
    content = joined(folder, "content")
    inside = in_folder(files.articles, content)
    if not about or not inside:
        return None
    settings = files.settings(about)
    said = {ours: value for ours, value in _about(settings) if isinstance(value, str) and value}
    media = (joined(folder, "static"), joined(folder, "assets"), content)
    order = in_order(inside, lambda path: _weight(path, files))
    address = str(settings.get("baseURL") or settings.get("baseurl") or "")
    return chosen("hugo", order, files, about=said, media=media, content=content, address=address)


def _about(settings: dict[str, Any]) -> list[tuple[str, Any]]:
    params = settings.get("params") if isinstance(settings.get("params"), dict) else {}
    assert isinstance(params, dict)
    author = settings.get("author") or params.get("author")
    name = author.get("name") if isinstance(author, dict) else author
    language = settings.get("languageCode") or settings.get("locale") or settings.get("defaultContentLanguage")
    return [
        ("title", settings.get("title")),
        ("author", name),
        ("lang", language),
        ("description", params.get("description")),
    ]


def _weight(path: str, files: Files) -> tuple[float, str]:
    page = path if path in files.data else next(filter(files.data.__contains__, _pages(path)), path)
    front = files.front_matter(page)
    weight = front.get("weight")
    return (float(weight) if isinstance(weight, int | float) and weight else LAST, str(front.get("date") or ""))


def _pages(folder: str) -> list[str]:
    return [joined(folder, f"{page}.md") for page in FOLDER_PAGES]
