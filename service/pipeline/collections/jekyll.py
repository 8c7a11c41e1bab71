"""Jekyll: pages, then posts by the date in their names. `_drafts` is left out, and so is what the site ignores."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from html import escape

from service.input import encoding, frontmatter
from service.model.errors import Refused
from service.model.notices import notice
from service.pipeline.collections.base import Changed, Collection, Files, chosen, in_folder, in_order, joined

POST = re.compile(r"\A(\d{4})-(\d{1,2})-(\d{1,2})-")
FILTERED = re.compile(
    rb"\{\{-?[ \t]*[\"'](?P<path>[^\"'{}|\n]{1,300})[\"'][ \t]*"
    rb"\|[ \t]*(?:relative_url|absolute_url|prepend:[^{}\n]{1,80})[ \t]*-?\}\}"
)
BASE = re.compile(rb"\{\{-?[ \t]*site\.(?:baseurl|url)[ \t]*-?\}\}(?=/)")
LIQUID = re.compile(r"\{%[^{}%]{0,500}%\}|\{\{[^{}]{0,500}\}\}")
KEYS = ("title", "description", "lang", "author")
HIDDEN = frozenset({"_drafts", "_includes", "_layouts", "_sass", "_site", "_data", "node_modules", "vendor"})


def collection(files: Files) -> Collection | None:
    about = files.named("_config.yml", "_config.yaml", "_config.toml")
    posts = next((name for name in files.articles if _is_post(name)), "")
    if not about and not posts:
        return None
    folder, settings = posixpath.dirname(about) if about else posts.partition("_posts/")[0].rstrip("/"), files.settings(about)
    said = {key: settings[key] for key in KEYS if isinstance(settings.get(key), str)}
    author = settings.get("author")
    if isinstance(author, dict) and isinstance(author.get("name"), str):
        said["author"] = author["name"]
    inside = [name for name in in_folder(files.articles, folder) if not HIDDEN.intersection(name.split("/"))]
    dated = [name for name in inside if "_posts" in name.split("/")]
    pages = [name for name in inside if name not in frozenset(dated)]
    address = str(settings.get("url") or "") + str(settings.get("baseurl") or "")
    order = [*in_order(pages), *sorted(dated, key=_dated)]
    return chosen("jekyll", order, files, about=said, media=(folder,), content=folder, address=address, root=folder)


def _is_post(name: str) -> bool:
    """A site without a configuration has the defaults of GitHub Pages, and is known by its posts."""
    folder, base = posixpath.split(name)
    return "_posts" in folder.split("/") and bool(POST.match(base))


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


def placed(files: Mapping[str, bytes], collection: Collection) -> Changed:
    """The pages with the paths that Liquid only completes by the address of the site: `{{ "/a.svg" | relative_url }}`.

    A page in HTML has its title in its head, and no front matter and no Liquid, which only its site can run.
    """
    if collection.kind != "jekyll":
        return Changed()
    found: dict[str, bytes] = {}
    removed = list[str]()
    for name in collection.names:
        changed = BASE.sub(b"", FILTERED.sub(rb"\g<path>", files[name])) if b"{{" in files[name] else files[name]
        if name.lower().endswith((".html", ".htm")) and changed.startswith(b"---"):
            changed = _page(changed, removed)
        found |= {name: changed} if changed != files[name] else {}
    if not removed:
        return Changed(found)
    kind = "liquid"
    message = f"Code of the site was left out, no text with it: {kind}, {len(removed)} in all"
    data = {"kind": kind, "count": len(removed), "removed": removed[:50]}
    return Changed(found, (notice("site-code-removed", message, stage="combine", data=data),))


def _page(data: bytes, removed: list[str]) -> bytes:
    try:
        front = frontmatter.split(encoding.decode(data)[0])
    except Refused:
        return data
    title = front.data.get("title")
    head = f"<title>{escape(title)}</title>" if isinstance(title, str) else ""

    def gone(code: re.Match[str]) -> str:
        removed.append(code[0][:100])
        return ""

    return (head + LIQUID.sub(gone, front.body)).encode() if front.raw else data
