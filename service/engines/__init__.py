"""The only room that starts a process or touches an engine: pandoc, WeasyPrint, and the workers they run in."""

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

    `step` tells the front that the next step of a call begins, which has a deadline of its own.
    """

    pandoc: Pandoc
    settings: Settings
    step: Callable[[], None] = lambda: None
