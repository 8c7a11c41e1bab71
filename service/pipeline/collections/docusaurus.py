"""Docusaurus: pages below `docs/` by the sidebar, or by `sidebar_position` and the position of their folder."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from service.pipeline.collections.base import Collection, Files, chosen, in_folder, in_order, joined

CONFIGS = tuple(f"docusaurus.config.{suffix}" for suffix in ("js", "ts", "mjs", "cjs"))
SIDEBARS = tuple(f"sidebars.{suffix}" for suffix in ("js", "ts", "mjs", "cjs", "json"))
PLACE = re.compile(r"""\bpath\s*:\s*["']([^"'\n]*)["']""")
VALUE = re.compile(r"""\b(title|tagline|url)\s*:\s*(?:"([^"\n]*)"|'([^'\n]*)')""")
STRING = re.compile(r"""["']([^"'\n]+)["']""")
COMMENT = re.compile(r"/\*(?>(?:[^*]|\*(?!/))*)(?:\*/|\Z)|(?<!:)//[^\n]*")
NUMBER = re.compile(r"\A\d+[-_. ]+")  # at the start of a name: no part of the address of the page
LAST = 1_000_000_000.0


def collection(files: Files) -> Collection | None:
    about = files.named(*CONFIGS)
    if not about:
        return None
    folder = posixpath.dirname(about)
    docs = _docs(files, folder)
    found: dict[str, str] = {}
    for match in VALUE.finditer(COMMENT.sub("", files.text(about))):
        found.setdefault(match[1], match[2] or match[3] or "")
    said = {ours: found[key] for key, ours in (("title", "title"), ("tagline", "description")) if found.get(key)}
    site: dict[str, Any] = {
        "about": said,
        "media": (joined(folder, "static"),),
        "content": folder,
        "address": found.get("url", ""),
    }
    inside = in_order(in_folder(files.articles, docs), lambda path: _position(path, files))
    site |= {"pages": inside, "root": folder}
    listed = list(_listed(files, folder, docs, inside))
    return chosen("docusaurus", listed, files, **site) or chosen("docusaurus", inside, files, **site)


def _docs(files: Files, folder: str) -> str:
    """The folder of the pages: `docs` next to the configuration, or the `path` in it, or `docs` above it."""
    given = (match[1] for match in PLACE.finditer(COMMENT.sub("", files.text(files.named(*CONFIGS)))))
    places = [joined(folder, place) for place in ("docs", *given, "../docs")]
    return next((place for place in places if place and in_folder(files.articles, place)), places[0])


def _listed(files: Files, folder: str, docs: str, inside: list[str]) -> Iterator[str]:
    """The pages whose identifiers the sidebar contains, in its order. A generated sidebar contains none."""
    sidebar = next((name for each in SIDEBARS if (name := joined(folder, each)) in files.data), "")
    by_id = {identifier: name for name in inside for identifier in _identifiers(name, docs, files)}
    for match in STRING.finditer(COMMENT.sub("", files.text(sidebar)) if sidebar else ""):
        if match[1] in by_id:
            yield by_id[match[1]]


def _identifiers(name: str, docs: str, files: Files) -> Iterator[str]:
    path = posixpath.splitext(name.removeprefix(f"{docs}/"))[0]
    yield path
    yield "/".join(NUMBER.sub("", part) for part in path.split("/"))
    if isinstance(own := files.front_matter(name).get("id"), str):
        yield joined(posixpath.dirname(path), own)


def _position(path: str, files: Files) -> float:
    """`sidebar_position` of a page, `position` of a folder; what has none comes after."""
    places = [joined(path, f"_category_.{suffix}") for suffix in ("json", "yml", "yaml")]
    found: Any = files.front_matter(path).get("sidebar_position") if path in files.data else None
    for place in places:
        if place in files.data:
            found = files.settings(place).get("position")
    return float(found) if isinstance(found, int | float) else LAST
