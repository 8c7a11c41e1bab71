"""The interface of a reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from service.engines import Engines
from service.model.document import Conversion, Document, Source
from service.readers.shared.letters import Passages


@dataclass(frozen=True, slots=True)
class Reader:
    """The reader of the input format `name` (`model.formats`). `matches` recognises it by its content.

    `passages` finds the text of the upload independently, so that `service.readers.shared.letters` can report what is missing in
    the document.
    """

    name: str
    read: Callable[[Source, Conversion, Engines], Document]
    matches: Callable[[bytes], bool] = lambda _: False
    passages: Passages | None = None
