"""The rest of a document is removed before the next one."""

from __future__ import annotations

import gc
import weakref

from service.workers import child


class Own:
    """Holds itself."""

    def __init__(self) -> None:
        self.own = self


def test_much_that_is_left_is_collected_between_documents() -> None:
    gc.collect()
    gc.disable()
    try:
        first = weakref.ref(Own())
        child.tidy()
        assert first() is not None
        for _ in range(child.LEFT):
            Own()
        child.tidy()
        assert first() is None
    finally:
        gc.enable()
