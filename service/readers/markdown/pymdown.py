"""PyMdown extensions of MkDocs: blocks (`/// note | Title` … `///`) and snippets (`--8<-- "file.md"`)."""

from __future__ import annotations

import re

from service.readers.markdown.changes import Text

BLOCK_FENCE = re.compile(
    r"^(?P<lead>[ \t]*+)(?P<mark>/{3,})[ \t]*+(?:(?P<kind>[a-z][\w-]*+)[ \t]*+(?:\|[ \t]*+(?P<title>[^\n]*+))?)?$", re.M
)
OPTIONS = re.compile(r"(?>(?:\n[ \t]{4,}\w[\w-]*+:[^\n]*)+)")


def blocks(text: Text) -> None:
    """Each pair of fences becomes one of colons; options below the opening one style the block, and are removed."""
    fences = [found for found in BLOCK_FENCE.finditer(text.bare) if "\0" not in found[0]]
    opened: list[re.Match[str]] = []
    cuts: list[tuple[int, int, str]] = []
    for found in fences:
        if found["kind"]:
            opened.append(found)
        elif opened and len(found["mark"]) == len(opened[-1]["mark"]):
            first = opened.pop()
            options = OPTIONS.match(text.bare, first.end())
            title = "" if first["kind"] in {"html", "define"} else (first["title"] or "").strip()
            head = f"\n{first['lead']}::: {first['kind']} {title}".rstrip()
            cuts.append((first.start(), options.end() if options else first.end(), head[1:]))
            cuts.append((found.start(), found.end(), f"{found['lead']}:::"))
    text.cut(sorted(cuts))
