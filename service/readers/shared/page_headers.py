"""Page headers and footers of a document: each page repeats them, so they are not part of the text. They are reported.

A writer sets its own running lines (ADR 0200).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from service.model.document import EMPTY, Notice
from service.model.notices import notice
from service.readers.shared.letters import NO_LETTERS, folded

MOST_LISTED = 1_000  # lines that the notice lists
LONGEST = 2_000  # characters of each


def reported(lines: Iterable[str], said: Mapping[str, Any] = EMPTY, pictures: int = 0) -> list[Notice]:
    """One notice of all `lines` that have letters and that the metadata `said` does not repeat; of equal lines the first."""
    values = (each for value in said.values() for each in (value if isinstance(value, list) else [value]))
    known = {_letters(each) for each in values if isinstance(each, str)}
    kept: dict[str, str] = {}
    for line in lines:
        words = " ".join(line.split())[:LONGEST]
        if any(map(str.isalpha, words)) and _letters(words) not in known:
            kept.setdefault(_letters(words), words)
    if not kept and not pictures:
        return []
    listed = list(kept.values())[:MOST_LISTED]
    parts = [f"“{listed[0][:80]}”"] if listed else []
    parts += [f"{len(kept) - 1} more lines"] if len(kept) > 2 else [f"“{listed[1][:80]}”"] if len(kept) == 2 else []
    parts += [f"{pictures} pictures" if pictures > 1 else "a picture"] if pictures else []
    message = f"Page headers and footers are not in the document: {', '.join(parts)}."
    data = {"count": len(kept), "lines": listed} | ({"pictures": pictures} if pictures else {})
    return [notice("page-header-removed", message, stage="read", data=data)]


def _letters(text: str) -> str:
    return NO_LETTERS.sub("", folded(text).casefold())
