"""One face of a font file. Imports no engine: `service.engines.fonts.faces` reads files, and takes a while to load."""

from __future__ import annotations

import functools
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

SEEN: list[str] = []  # the families of conversions that this process has printed with


class Unreadable(ValueError):
    """A file that is not a font, or is damaged. The message completes "The file …"."""


@dataclass(frozen=True)
class Face:
    """One face. `file` is the name of the upload, `names` all names of its family, folded.

    `permission` is the level of the licence: "any", "print" (preview and print) or "none". `whole`: it must not be subset.
    """

    file: str
    family: str
    names: frozenset[str]
    weight: int
    italic: bool
    mono: bool
    permission: str
    whole: bool
    make: Callable[[], Any]  # fontTools' TTFont

    @functools.cached_property
    def data(self) -> bytes:
        """A static OpenType font. Raises Unreadable."""
        try:
            return saved(self.make())
        except (MemoryError, RecursionError):
            raise
        except Exception as error:  # fontTools raises what it meets: KeyError, struct.error, AssertionError, OverflowError …
            raise Unreadable("is damaged: its tables cannot be read") from error


@dataclass(frozen=True, slots=True)
class Uploaded:
    """One face: its family in style sheets, what CSS calls its weight and style, and its bytes."""

    family: str
    weight: int
    italic: bool
    data: bytes


def saved(font: Any) -> bytes:
    """The bytes of a TTFont of fontTools."""
    font.flavor = None
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()
