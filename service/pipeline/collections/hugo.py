"""Hugo: pages below `content/` by weight, then date, then name. A section has the weight of its `_index` page."""

from __future__ import annotations

import posixpath
from typing import Any

from service.pipeline.collections.base import FOLDER_PAGES, Collection, Files, chosen, in_folder, in_order, joined, strings

CONFIGS = tuple(f"{stem}.{suffix}" for stem in ("hugo", "config") for suffix in ("toml", "yaml", "yml", "json"))
LAST = 1_000_000_000.0


def collection(files: Files) -> Collection | None:
    about = files.named(*CONFIGS)
    folder = posixpath.dirname(about)
    folder = posixpath.dirname(folder) if posixpath.basename(folder) == "_default" else folder  # config/_default/
    folder = posixpath.dirname(folder) if posixpath.basename(folder) == "config" else folder
    settings = files.settings(about)
    content, language = _of_language(settings, folder)
    inside = [name for name in in_folder(files.articles, content) if _is_in(name, language, settings)]
    if not about or not inside:
        return None
    said = {ours: value for ours, value in _about(settings) if isinstance(value, str) and value}
    media = (joined(folder, "static"), joined(folder, "assets"), content)
    order = in_order(inside, lambda path: _weight(path, files))
    address = str(settings.get("baseURL") or settings.get("baseurl") or "")
    site: dict[str, Any] = {"about": said, "media": media, "content": content, "address": address}
    return chosen("hugo", order, files, **site, pages=in_folder(files.articles, content), root=folder)


def _of_language(settings: dict[str, Any], folder: str) -> tuple[str, str]:
    """The content folder and the code of the default language of a site with several. A book has one language."""
    language = str(settings.get("defaultContentLanguage") or "en")
    languages = settings.get("languages")
    own = languages.get(language) if isinstance(languages, dict) else None
    place = own.get("contentDir") if isinstance(own, dict) else None
    place = place or _mounted(settings, language) or settings.get("contentDir")
    return joined(folder, str(place or "content")), language


def _mounted(settings: dict[str, Any], language: str) -> str:
    """The folder that a module mounts as the content, of the language if it names one (gohugo.io/configuration/module)."""
    module = settings.get("module")
    mounts = module.get("mounts") if isinstance(module, dict) else None
    found = [
        each
        for each in (mounts if isinstance(mounts, list) else [])
        if isinstance(each, dict) and each.get("target") == "content"
    ]
    own = [each for each in found if language in {*strings([each.get("lang"), each.get("sites")])}]
    return next((each["source"] for each in (*own, *found) if isinstance(each.get("source"), str)), "")


def _is_in(name: str, language: str, settings: dict[str, Any]) -> bool:
    """Whether the page is not a translation: `page.fr.md` on a site whose languages are `en` and `fr`."""
    found = posixpath.splitext(posixpath.splitext(name)[0])[1].removeprefix(".")
    languages = settings.get("languages")
    return not found or found == language or not (isinstance(languages, dict) and found in languages)


def _about(settings: dict[str, Any]) -> list[tuple[str, Any]]:
    params = settings.get("params") if isinstance(settings.get("params"), dict) else {}
    assert isinstance(params, dict)
    author = settings.get("author") or params.get("author")
    name = author.get("name") if isinstance(author, dict) else author
    languages = settings.get("languages")
    own = languages.get(str(settings.get("defaultContentLanguage") or "en")) if isinstance(languages, dict) else None
    title = settings.get("title") or (own.get("title") if isinstance(own, dict) else None)
    language = settings.get("languageCode") or settings.get("locale") or settings.get("defaultContentLanguage")
    return [
        ("title", title),
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
