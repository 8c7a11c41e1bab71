"""Coroutines in tests: the tests of the page leave an event loop in the thread of the tests."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def in_thread(coroutine: Coroutine[Any, Any, None]) -> None:
    """Runs the coroutine to its end in a thread of its own. Raises what it does."""
    with ThreadPoolExecutor(1) as threads:
        threads.submit(asyncio.run, coroutine).result()
