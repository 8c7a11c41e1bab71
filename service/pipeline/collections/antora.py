"""Antora: `antora.yml` names the files of the navigation; these list the pages of each module by `xref:`.

docs.antora.org/antora/latest/navigation and /page/resource-id-coordinates: a path without a module begins in the `pages` of the
same module, and `partial$`, `example$` and `page$` name its other folders.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any

from service.pipeline.collections.base import Changed, Collection, Files, chosen, first_of_parts, in_folder, in_order, joined

FAMILIES = {
    "": "pages",
    "page": "pages",
    "partial": "partials",
    "example": "examples",
    "image": "images",
    "attachment": "attachments",
}
XREF = re.compile(r"xref:(?P<target>[^\s\[\]]{1,300}+)\[(?P<text>[^\]\n]{0,300}+)\]")
OF_LINE = re.compile(r"^\*++[ \t]++(?P<title>[^\[\]\n]++)$|^\.(?P<part>[^\s.][^\n]*+)$|" + XREF.pattern, re.M)


def collection(files: Files) -> Collection | None:
    about = files.named("antora.yml", "antora.yaml")
    if not about:
        return None
    folder, settings = posixpath.dirname(about), files.settings(about)
    listed = settings.get("nav")
    navigation = [joined(folder, name) for name in listed if isinstance(name, str)] if isinstance(listed, list) else []
    pages = [name for name in in_folder(files.articles, joined(folder, "modules")) if "pages" in name.split("/")]
    named = [each for name in navigation for each in _listed(files, name)]
    title = settings.get("title") or settings.get("name")
    site: dict[str, Any] = {"about": {"title": str(title)} if title else {}, "content": folder, "root": folder, "pages": pages}
    modules = dict.fromkeys(each for name in files.data if (each := name.partition("/images/")[0]) != name)
    site |= {"media": tuple(joined(each, "images") for each in modules)}
    site |= {"parts": first_of_parts(((page, part) for page, part, _ in named), files)}
    site |= {"titles": {page: called for page, _, called in reversed(named) if called}}
    home = [name for name in pages if name.endswith("/ROOT/pages/index.adoc")]
    if not named:
        return chosen("antora", [*home, *in_order(pages)], files, **site)
    return chosen("antora", [*home, *(page for page, _, _ in named)], files, **site)


def _listed(files: Files, navigation: str) -> Iterator[tuple[str, str, str]]:
    """Each page with the title of its part, and its own in the navigation."""
    part = ""
    for match in OF_LINE.finditer(files.text(navigation)):
        if match["part"]:
            part = match["part"].strip()
        elif match["target"]:
            yield place(match["target"], navigation).partition("#")[0], part, match["text"].strip()


def place(target: str, file: str, family: str = "") -> str:
    """The path in the archive, with its part, of what a file of a module calls `module:family$path#part`."""
    path, hash_, part = target.partition("#")
    *module, path = path.split(":")
    named, dollar, rest = path.partition("$")
    family, path = (named, rest) if dollar else (family, path)
    base, _, below = file.partition("modules/")
    own = below.partition("/")[0]
    root = f"{base}modules/{module[-1] if module and module[-1] else own}/{FAMILIES.get(family, family)}"
    return joined(root, path) + hash_ + part


def placed(files: Mapping[str, bytes], collection: Collection) -> Changed:
    """The pages with the paths of links as seen from their own folder, by name."""
    if collection.kind != "antora":
        return Changed()
    found = {}
    for name in collection.names:
        text = files[name].decode("utf-8", "replace")
        if (changed := _from_own_folder(text, name)) != text:
            found[name] = changed.encode()
    return Changed(found)


def _from_own_folder(text: str, name: str) -> str:
    folder = posixpath.dirname(name) or "."

    def link(found: re.Match[str]) -> str:
        path, hash_, part = place(found["target"], name).partition("#")
        if not found["target"].split("#")[0]:
            return found[0]
        return f"xref:{posixpath.relpath(path, folder)}{hash_}{part}[{found['text']}]"

    return XREF.sub(link, text)
