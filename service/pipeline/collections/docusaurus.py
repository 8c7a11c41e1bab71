"""Docusaurus: pages below `docs/` by the sidebar, or by `sidebar_position` and the position of their folder."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from service.pipeline.collections.base import Collection, Files, chosen, first_of_parts, in_folder, in_order, joined

CONFIGS = tuple(f"docusaurus.config.{suffix}" for suffix in ("js", "ts", "mjs", "cjs"))
SIDEBARS = tuple(f"sidebars.{suffix}" for suffix in ("js", "ts", "mjs", "cjs", "json"))
PLACE = re.compile(r"""\bpath\s*:\s*["']([^"'\n]*)["']""")
VALUE = re.compile(r"""\b(title|tagline|url)\s*:\s*(?:"([^"\n]*)"|'([^'\n]*)')""")
TOKEN = re.compile(
    r"""(?:["'](?P<string>[^"'\n]{1,300}+)["']|(?P<name>[A-Za-z_$][\w$]{0,60}+)(?=[ \t]{0,9}:))(?P<colon>[ \t]{0,9}:)?"""
    r"|(?P<mark>[\[\]{}])"
)
COMMENT = re.compile(r"/\*(?>(?:[^*]|\*(?!/))*)(?:\*/|\Z)|(?<!:)//[^\n]*")
NUMBER = re.compile(r"\A\d+[-_. ]+")  # at the start of a name: no part of the address of the page
LAST = 1_000_000_000.0


class Frame(NamedTuple):
    """An open bracket of the sidebar: the part that its list is, and the label of its object."""

    part: str = ""
    label: str = ""


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
    parts = first_of_parts(listed, files)
    return chosen("docusaurus", [name for name, _ in listed], files, parts=parts, **site) or chosen(
        "docusaurus", inside, files, **site
    )


def _docs(files: Files, folder: str) -> str:
    """The folder of the pages: `docs` next to the configuration, or the `path` in it, or `docs` above it."""
    given = (match[1] for match in PLACE.finditer(COMMENT.sub("", files.text(files.named(*CONFIGS)))))
    places = [joined(folder, place) for place in ("docs", *given, "../docs")]
    return next((place for place in places if place and in_folder(files.articles, place)), places[0])


def _listed(files: Files, folder: str, docs: str, inside: list[str]) -> Iterator[tuple[str, str]]:
    """The pages of the sidebar in its order, each with the title of its category at the top.

    The file is read for its literals: identifiers of pages, categories (`label` with `items`, or a key with a list), and the
    folders whose pages are listed automatically. A sidebar without literals names no page.
    """
    sidebar = next((name for each in SIDEBARS if (name := joined(folder, each)) in files.data), "")
    by_id = {identifier: name for name in inside for identifier in _identifiers(name, docs, files)}
    key, frames = "", [Frame()]
    for token in TOKEN.finditer(COMMENT.sub("", files.text(sidebar)) if sidebar else ""):
        word = token["string"] or token["name"]
        if token["colon"]:
            key = word
            continue
        if token["mark"] in {"[", "{"}:
            title = frames[-1].label if key == "items" else key if len(frames) > 2 else ""
            frames.append(Frame(part=title if token["mark"] == "[" else ""))
        elif token["mark"]:
            frames = frames[:-1] or [Frame()]
        elif key == "label":
            frames[-1] = Frame(frames[-1].part, label=word)
        else:
            part = next((each.part for each in frames if each.part), "")
            pages = in_folder(inside, joined(docs, word)) if key == "dirName" else [by_id[word]] if word in by_id else []
            yield from ((page, part) for page in pages)
        key = ""


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
