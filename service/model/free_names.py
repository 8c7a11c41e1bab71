"""Unique names: a repeated name gets the next free number."""

from __future__ import annotations

from collections.abc import Callable, Hashable


class FreeNames:
    """Remembers the last number of each name. A search from 2 each time would be quadratic:
    10,000 anchors of one name used a worker for its whole deadline."""

    def __init__(self) -> None:
        self._last: dict[Hashable, int] = {}

    def free(self, name: str, form: str, is_taken: Callable[[str], bool], key: Hashable = None) -> str:
        """`name`, or `form` with `name` and the first free `number` from 2 on.

        Names with the same `key` share their numbers, for example names that differ only in case.
        """
        key = name if key is None else key
        number, candidate = self._last.get(key, 1), name
        while is_taken(candidate):
            number += 1
            candidate = form.format(name=name, number=number)
        self._last[key] = number
        return candidate
