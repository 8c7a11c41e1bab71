"""What a writer is, and what it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from service.document import Conversion, Document, Notice
from service.engines import Engines


@dataclass(frozen=True, slots=True)
class Written:
    data: bytes
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Writer:
    """One output format. `images` are the media types it can show: `assets.images.prepare` makes others fit."""

    name: str
    suffix: str
    media_type: str
    write: Callable[[Document, Conversion, Engines], Written]
    images: frozenset[str] = frozenset({"image/png", "image/jpeg", "image/gif"})
