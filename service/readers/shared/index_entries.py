"""Entries of an author for an index or a running line: they are between the words of the text and are not shown."""

from __future__ import annotations

from collections.abc import Iterable

from service.model.document import Notice
from service.model.notices import notice

MOST_LISTED = 2_000
LONGEST = 300  # characters of each


def reported(entries: Iterable[str]) -> list[Notice]:
    """One notice of all entries, each once."""
    kept = list(dict.fromkeys(each[:LONGEST] for each in entries if each.strip()))
    if not kept:
        return []
    message = f"{len(kept)} entries of an index or short titles are not shown: {kept[0][:80]!r}."
    return [notice("index-entry-removed", message, stage="read", data={"count": len(kept), "entries": kept[:MOST_LISTED]})]
