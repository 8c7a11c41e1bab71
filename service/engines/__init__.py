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
    """The engines that a worker keeps loaded and passes to readers and writers. `settings` contain the limits.

    `step` reports to the front that the next step of a call begins. Each step has its own deadline.
    """

    pandoc: Pandoc
    settings: Settings
    step: Callable[[], None] = lambda: None
