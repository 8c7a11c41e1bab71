"""Values of the front matter that a text shows: `{{ page.title }}`, `{{< meta title >}}`, `{{title}}`, `{frontmatter.title}`.

The spellings are of Jekyll, Hugo, Quarto, VitePress, MkDocs' macros, Obsidian's templates, Docusaurus and Astro.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

# Names of the page itself before the name of a key. `site.title` is of a file that the upload does not have.
OF_PAGE = frozenset({"page", "frontmatter", "meta", "metadata", "params", "props", "this"})
PATH = re.compile(r"\A\$?\.?[A-Za-z_][\w-]*+(?>(?:\.[A-Za-z_][\w-]*+)*)\Z")
EXPRESSION = re.compile(
    r"(?<![{$\\])\{(?P<path>(?:props\.|page\.)?(?:frontmatter|frontMatter|metadata)(?:\.[A-Za-z_]\w{0,60}){1,6})\}"
)
SHORTCODES = frozenset({"meta", "param", "var"})


def value(data: Mapping[str, Any], path: str) -> str:
    """The value of the front matter under `path`, `page.author.name`; empty if it is missing or a map."""
    if not PATH.match(path):
        return ""
    names = path.lstrip("$.").casefold().split(".")
    found = _at(data, names)
    while not found and len(names) > 1 and names[0] in OF_PAGE:
        names = names[1:]
        found = _at(data, names)
    return found


def _at(data: Mapping[str, Any], names: Sequence[str]) -> str:
    found: Any = data
    for name in names:
        keys = {str(key).casefold(): key for key in found} if isinstance(found, Mapping) else {}
        if name not in keys:
            return ""
        found = found[keys[name]]
    return _shown(found)


def _shown(found: Any) -> str:
    if isinstance(found, Mapping):
        return str(found.get("name") or "")
    if isinstance(found, (list, tuple)):
        return ", ".join(filter(None, map(_shown, found)))
    return "" if found is None or found is False else str(found).strip()
