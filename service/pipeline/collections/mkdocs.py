"""MkDocs: the `nav` of `mkdocs.yml` names the pages; without one they are in the order of their names.

Its sections are the parts of the book, if no page of its own follows the first of them.
"""

from __future__ import annotations

import operator
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import dropwhile
from typing import Any
from urllib.parse import unquote

from service.model.notices import notice
from service.pipeline.collections.base import (
    Changed,
    Collection,
    Files,
    chosen,
    first_of_parts,
    in_folder,
    in_order,
    joined,
    strings,
)
from service.pipeline.collections.substitutions import outside_code

LINK = re.compile(r"\]\(\s{0,9}<?([^)>\s]{1,300}+)")
WILD = ("/*", "/*.md", "/**", "/**/*.md")  # after a folder: all its pages
DOCUMENTED = re.compile(r"::: (?P<name>[A-Za-z_][\w-]*+(?:\.[\w-]++)+)[ \t]*\Z")  # mkdocstrings.github.io/usage
PAGES, REST = ".pages", "..."
FIRST = ("readme.md", "index.md")
KEYS = {"site_name": "title", "site_author": "author", "site_description": "description"}


def collection(files: Files) -> Collection | None:
    about = files.named("mkdocs.yml", "mkdocs.yaml")
    if not about:
        return None
    settings = files.settings(about)
    docs = joined(posixpath.dirname(about), str(settings.get("docs_dir") or "docs"))
    said = {ours: settings[key] for key, ours in KEYS.items() if isinstance(settings.get(key), str)}
    site: dict[str, Any] = {"about": said, "media": (docs,), "content": docs, "address": str(settings.get("site_url") or "")}
    inside = in_order(in_folder(files.articles, docs), lambda path: _place(path, files))
    site |= {"pages": inside, "root": posixpath.dirname(about)}
    titles = {page: title for name, title in _titles(settings.get("nav")) if (page := joined(docs, name)) in files.data}
    named = [
        (page, title)
        for title, names in _sections(settings.get("nav"))
        for name in names
        for page in _pages(joined(docs, name), inside, files)
    ]
    after_first = dropwhile(operator.not_, [title for title, _ in _sections(settings.get("nav"))])
    parts = first_of_parts(named, files) if all(after_first) else {}
    return chosen("mkdocs", (page for page, _ in named), files, parts=parts, titles=titles, **site) or chosen(
        "mkdocs", inside, files, **site
    )


def _sections(nav: Any) -> Iterator[tuple[str, list[str]]]:
    """Title and pages of each entry at the top; a page of its own has no title. Addresses of other sites are left out."""
    for entry in nav if isinstance(nav, list) else [nav]:
        for title, value in entry.items() if isinstance(entry, dict) else [("", entry)]:
            pages = [name for name in strings(value) if "://" not in name]
            if pages:
                yield (str(title) if isinstance(value, list) else "", pages)


def _titles(nav: Any) -> Iterator[tuple[str, str]]:
    """Each page that has a title in `nav`, at any depth."""
    for entry in nav if isinstance(nav, list) else []:
        for title, value in entry.items() if isinstance(entry, dict) else ():
            if isinstance(value, str):
                yield value, str(title)
            else:
                yield from _titles(value)


def _place(path: str, files: Files) -> int:
    """The place of a file or folder in the `nav` of its folder's `.pages`, which the plugin awesome-pages reads."""
    folder, name = posixpath.split(path)
    listed = files.settings(joined(folder, PAGES)).get("nav") if joined(folder, PAGES) in files.data else None
    names = list(strings(listed)) if isinstance(listed, list) else []
    rest = names.index(REST) if REST in names else len(names)
    return names.index(name) if name in names else rest


def _pages(name: str, inside: Sequence[str], files: Files) -> Iterator[str]:
    """The page; of a folder its first page, those that this links to in their order, and the rest by their names.

    Folders in `nav` are what the plugins literate-nav, section-index and awesome-pages read.
    """
    folder = next((name.removesuffix(end) for end in WILD if name.endswith(end)), name)
    pages = in_folder(inside, folder)
    if name in inside or not pages:
        yield name
        return
    for first in (page for page in pages if page.casefold() in {f"{folder}/{each}".casefold() for each in FIRST}):
        yield first
        for link in LINK.findall(files.data[first].decode("utf-8", "replace")):
            path = joined(folder, unquote(link.split("#")[0]))
            yield from ([path] if path in pages else [])
    yield from pages


def placed(files: Mapping[str, bytes], collection: Collection) -> Changed:
    """The pages with the names of what mkdocstrings would document from the code of the project, which is not run."""
    if collection.kind != "mkdocs":
        return Changed()
    found: dict[str, bytes] = {}
    names = list[str]()
    for name in collection.names:
        if b"\n::: " in files[name] or files[name].startswith(b"::: "):
            text = files[name].decode("utf-8", "replace")
            changed = outside_code(text, lambda part: _without_documented(part, names))
            found |= {name: changed.encode()} if changed != text else {}
    if not names:
        return Changed(found)
    message = (
        f"The documentation of {len(names)} parts of the code, which mkdocstrings makes, was left out. Their names were kept"
    )
    data = {"kind": "mkdocstrings", "count": len(names), "removed": names[:50]}
    return Changed(found, (notice("site-code-removed", message, stage="combine", data=data),))


def _without_documented(text: str, names: list[str]) -> str:
    out: list[str] = []
    is_option = False
    for line in text.split("\n"):
        match = DOCUMENTED.match(line)
        if match:
            names.append(match["name"])
            out += [f"`{match['name']}`", ""]
        elif not (is_option and line[:1] in {" ", "\t"}):
            out.append(line)
        is_option = bool(match) or (is_option and line[:1] in {" ", "\t"})
    return "\n".join(out)
