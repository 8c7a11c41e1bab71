"""What a reader is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from service.engines import Engines
from service.model.document import Conversion, Document, Source
from service.readers.shared.letters import Passages


@dataclass(frozen=True, slots=True)
class Reader:
    """One input format. `matches` tells from the first bytes; `carries` says in words what metadata the format has.

    `passages` finds the text of the upload by itself, so that `service.readers.shared.letters` can tell what is missing in
    the document.
    """

    name: str
    suffixes: tuple[str, ...]
    media_types: tuple[str, ...]
    read: Callable[[Source, Conversion, Engines], Document]
    matches: Callable[[bytes], bool] = lambda _: False
    carries: str = ""
    passages: Passages | None = None
