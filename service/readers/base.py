"""What a reader is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from service.document import Conversion, Document, Source
from service.engines import Engines


@dataclass(frozen=True, slots=True)
class Reader:
    """One input format. `matches` tells from the first bytes; `carries` says in words what metadata the format has."""

    name: str
    suffixes: tuple[str, ...]
    media_types: tuple[str, ...]
    read: Callable[[Source, Conversion, Engines], Document]
    matches: Callable[[bytes], bool] = lambda _: False
    carries: str = ""
