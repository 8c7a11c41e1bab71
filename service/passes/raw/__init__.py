"""Raw HTML → AST nodes of pandoc. No raw node and no forbidden attribute reaches a writer.

A CommonMark AST has HTML as single tags among the other nodes: `<b>`, and `</b>` three siblings later. `fragments` writes the
siblings out as one piece of HTML, finished nodes as placeholders, and `service.ast.html` reads it as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from service.ast.html import Converter
from service.ast.html.attributes import clean_attr
from service.ast.html.tree import TAG
from service.ast.pandoc_ast import ATTRIBUTES_AT, query
from service.model.blocks import WORDS, Blocks
from service.model.document import Conversion, Document, Notice
from service.model.notices import notice
from service.passes.raw.fragments import Fragments

RAW = frozenset({"RawInline", "RawBlock"})
CONTAINERS = frozenset({list, dict})
# TeX that no engine here typesets, but that scripts of pages turn into links and attributes (MathJax, KaTeX).
ACTIVE_TEX = re.compile(
    r"\\(href|url|class|cssId|style|data|htmlClass|htmlId|htmlStyle|htmlData|includegraphics|require|def|let)\b"
)
MOST_REPORTED = 10_000  # characters of removed text in a notice


def run(document: Document, _conversion: Conversion) -> Document:
    blocks = document.blocks
    notices: tuple[Notice, ...] = ()
    raws = [node["c"][1] for node in query(blocks, RAW)]
    if raws:
        closed = frozenset(found[2].lower() for source in raws for found in TAG.finditer(source) if found[1])
        fragments = Fragments(Converter(_unused_name(raws)), closed)
        blocks = Blocks(fragments.siblings(blocks), like=blocks)
        notices = _notices(fragments)
    formulas = [node["c"][1] for node in query(blocks, {"Math"}) if ACTIVE_TEX.search(node["c"][1])]
    notices += tuple(notice("math-unreadable", stage="raw", data={"tex": tex[:500]}) for tex in formulas)
    return replace(document, blocks=_cleaned(blocks), notices=document.notices + notices)


def _unused_name(raws: Sequence[str]) -> str:
    """A name for the element of placeholders that the document does not use."""
    name, everything = "x-node", "".join(raws).lower()
    while name in everything:
        name += "-x"
    return name


def _cleaned(blocks: Blocks) -> Blocks:
    """The blocks with only allowed attributes, and without commands in formulas that create links and attributes."""
    out = list(blocks)
    for place in blocks.holding(ATTRIBUTES_AT.keys() | {"Math"}):
        out[place] = _clean_part(blocks[place])
    return Blocks(out, like=blocks)


def _clean(parts: list[Any]) -> list[Any]:
    """`parts` itself if everything is allowed. Only attributes have the shape [str, list, list]."""
    first = parts[0] if parts else None
    if first.__class__ is str and len(parts) == 3 and parts[1].__class__ is list and parts[2].__class__ is list:
        allowed = clean_attr(parts)
        return parts if allowed == parts else allowed
    if first.__class__ is dict and first.get("t") in WORDS:  # all of them are inlines then, and words have no attributes
        places = [place for place, one in enumerate(parts) if one["t"] not in WORDS]
    else:
        places = [place for place, one in enumerate(parts) if one.__class__ in CONTAINERS]
    changed: list[Any] | None = None
    for place in places:
        one = _clean_part(parts[place])
        if one is not parts[place]:
            changed = parts.copy() if changed is None else changed
            changed[place] = one
    return parts if changed is None else changed


def _clean_part(part: Any) -> Any:
    if part.__class__ is list:
        return _clean(part)
    if part.get("t") == "Math" and ACTIVE_TEX.search(part["c"][1]):
        return {"t": "Code", "c": [["", ["math"], []], part["c"][1]]}
    cleaned = {key: _clean(value) for key, value in part.items() if value.__class__ is list}
    return part | cleaned if any(part[key] is not value for key, value in cleaned.items()) else part


def _notices(fragments: Fragments) -> tuple[Notice, ...]:
    reported: dict[str, list[str]] = {}
    unseen = [each.content for each in fragments.converter.dropped if each.hidden]
    for each in fragments.converter.dropped:
        if not each.hidden:
            reported.setdefault(f"<{each.tag}>", []).append(each.content)
    for kind, content in fragments.other:
        reported.setdefault(f"raw {kind}", []).append(content)
    out = [_dropped(what, removed) for what, removed in reported.items()]
    if unseen:
        data = {"count": len(unseen), "removed": "\n".join(unseen)[:MOST_REPORTED]}
        out.append(notice("hidden-text-removed", stage="raw", data=data))
    if fragments.comments:
        message = f"{fragments.comments} HTML comments were removed."
        out.append(notice("comment-removed", message, stage="raw", data={"count": fragments.comments}))
    return tuple(out)


def _dropped(what: str, removed: Sequence[str]) -> Notice:
    times = f" ({len(removed)} times)" if len(removed) > 1 else ""
    data: dict[str, Any] = {"markup": what, "count": len(removed)}
    if content := "\n".join(filter(None, removed)):
        data["removed"] = content[:MOST_REPORTED]
    return notice("raw-html-dropped", f"{what} has no equivalent and was removed{times}.", stage="raw", data=data)
