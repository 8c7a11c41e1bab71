"""The only room that touches an engine: pandoc, WeasyPrint, images, formulas, previews, and the sandbox around them.
Imports: the rooms from model to network.
Start with `pandoc/process.py` and `weasyprint/rendering.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from service.model.settings import Settings

if TYPE_CHECKING:
    from service.engines.pandoc.process import Pandoc


@dataclass(frozen=True, slots=True)
class Engines:
    """What a worker holds warm and hands to readers and writers; `settings` bring the limits.

    `step` reports to the front that the next step of a call begins, which has a deadline of its own.
    """

    pandoc: Pandoc
    settings: Settings
    step: Callable[[], None] = lambda: None
