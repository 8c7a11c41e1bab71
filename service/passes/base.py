"""The interface of a pass: a pure, idempotent function from Document to Document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from service.model.document import Conversion, Document


@dataclass(frozen=True, slots=True)
class Pass:
    """`stage` is the time of the pass: "read" before the assets are fetched, "write" after, once per target,
    which is then the only one in `conversion.to`."""

    name: str
    stage: Literal["read", "write"]
    run: Callable[[Document, Conversion], Document]
