"""What a writer is, and what it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from service.engines import Engines
from service.model.document import Conversion, Document, Notice


@dataclass(frozen=True, slots=True)
class Written:
    data: bytes
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Writer:
    """How the output format `name` (`model.formats`) is made.

    `images` are the media types it can show: `engines.images.formats.prepare` makes others fit.
    """

    name: str
    write: Callable[[Document, Conversion, Engines], Written]
    images: frozenset[str] = frozenset({"image/png", "image/jpeg", "image/gif"})
