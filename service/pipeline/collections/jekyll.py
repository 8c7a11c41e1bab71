"""Jekyll: pages, then posts by the date in their names. `_drafts` is left out, and so is what the site ignores."""

from __future__ import annotations

import posixpath
import re

from service.pipeline.collections.base import Collection, Files, chosen, in_folder, in_order, joined

POST = re.compile(r"\A(\d{4})-(\d{1,2})-(\d{1,2})-")
KEYS = ("title", "description", "lang", "author")
HIDDEN = frozenset({"_drafts", "_includes", "_layouts", "_sass", "_site", "_data", "node_modules", "vendor"})


def collection(files: Files) -> Collection | None:
    about = files.named("_config.yml", "_config.yaml", "_config.toml")
    if not about:
        return None
    folder, settings = posixpath.dirname(about), files.settings(about)
    said = {key: settings[key] for key in KEYS if isinstance(settings.get(key), str)}
    author = settings.get("author")
    if isinstance(author, dict) and isinstance(author.get("name"), str):
        said["author"] = author["name"]
    inside = [name for name in in_folder(files.articles, folder) if not HIDDEN.intersection(name.split("/"))]
    posts = [name for name in inside if "_posts" in name.split("/")]
    pages = [name for name in inside if name not in frozenset(posts)]
    address = str(settings.get("url") or "") + str(settings.get("baseurl") or "")
    order = [*in_order(pages), *sorted(posts, key=_dated)]
    return chosen("jekyll", order, files, about=said, media=(folder,), content=folder, address=address, root=folder)


def _dated(name: str) -> tuple[tuple[int, ...], str]:
    match = POST.match(posixpath.basename(name))
    return (tuple(map(int, match.groups())) if match else (), name)


def permalink(name: str) -> str:
    """`2024/05/17/title` for `_posts/2024-05-17-title.md`, the address that Jekyll gives a post; empty for a page."""
    stem = posixpath.splitext(posixpath.basename(name))[0]
    match = POST.match(stem)
    if not match:
        return ""
    year, month, day = map(int, match.groups())
    return joined(f"{year:04}/{month:02}/{day:02}", stem[match.end() :])
