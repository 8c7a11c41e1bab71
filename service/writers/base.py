"""The interface of a writer, and its result."""

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
    """The writer of the output format `name` (`model.formats`).

    `images` are the media types that it can show: `engines.images.formats.prepare` converts others.
    """

    name: str
    write: Callable[[Document, Conversion, Engines], Written]
    images: frozenset[str] = frozenset({"image/png", "image/jpeg", "image/gif"})
