"""The notice about markup that had no counterpart."""

from __future__ import annotations

from collections.abc import Iterable

from service.ast.html import Dropped
from service.model.document import Notice
from service.model.notices import notice

MOST_REPORTED = 500  # characters of each element that was dropped


def reported(dropped: Iterable[Dropped], part: str = "") -> list[Notice]:
    """One notice per kind; without scripts and styles without text, and elements that became metadata.

    `part`: the file in a package.
    """
    kept = [each for each in dropped if not _is_data(each)]
    hidden, others = [each for each in kept if each.hidden], [each for each in kept if not each.hidden]
    groups = (("hidden-text-removed", hidden), ("raw-html-dropped", others))
    return [_reported(code, each, part) for code, each in groups if each]


def _reported(code: str, kept: list[Dropped], part: str) -> Notice:
    listed = [{"tag": each.tag, "text": each.content[:MOST_REPORTED], "line": each.line} for each in kept[:50]]
    data = {"count": len(kept), "dropped": listed} | ({"part": part} if part else {})
    return notice(code, stage="read", line=None if part else kept[0].line or None, data=data)


def _is_data(each: Dropped) -> bool:
    return each.tag in ("script", "style", "link", "meta") and (not each.content or each.content.startswith(("{", "[")))
