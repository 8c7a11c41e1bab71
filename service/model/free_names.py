"""Names that no two things have: a name that is there again gets the next free number."""

from __future__ import annotations

from collections.abc import Callable, Hashable


class FreeNames:
    """Remembers the last number of each name. To look for a free one from 2 on each time costs the square of their count:
    10,000 anchors of one name held a worker for its whole deadline."""

    def __init__(self) -> None:
        self._last: dict[Hashable, int] = {}

    def free(self, name: str, form: str, is_taken: Callable[[str], bool], key: Hashable = None) -> str:
        """`name`, or `form` with `name` and the first `number` from 2 on that is not taken.

        Names with one `key` share their numbers: those that differ in what the comparison ignores.
        """
        key = name if key is None else key
        number, candidate = self._last.get(key, 1), name
        while is_taken(candidate):
            number += 1
            candidate = form.format(name=name, number=number)
        self._last[key] = number
        return candidate
