"""Waiting for what another thread or process does. How long that takes says nothing about whether it is right."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")
PATIENCE = 100.0  # seconds; only a test that fails takes so long. Below the time limits of tests/conftest.py


def wait_for(condition: Callable[[], Found], otherwise: Callable[[], object] = lambda: "it did not happen") -> Found:
    """The value of `condition` when it is true. Fails with what `otherwise` returns after PATIENCE seconds."""
    end = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < end, otherwise()
        time.sleep(0.02)
    return found
