"""Divides the columns of a table that is too wide: each part repeats the first column.

Source: Chicago Manual of Style, 17th edition, 3.86.
"""

from __future__ import annotations

from collections.abc import Sequence


def parts(needs: Sequence[int], room: float) -> list[list[int]]:
    """The columns of each part, the first one in all of them: as few parts as possible, of about equal width.

    `needs` are the widths of the columns, in the unit of `room`.
    """
    fewest = len(_filled(needs, room))
    even = needs[0] + sum(needs[1:]) / fewest
    limits = (even + step * (room - even) / 8 for step in range(8))
    return next((found for limit in limits if len(found := _filled(needs, limit)) == fewest), _filled(needs, room))


def _filled(needs: Sequence[int], room: float) -> list[list[int]]:
    found, filled = [[0]], needs[0]
    for column, need in enumerate(needs[1:], 1):
        if len(found[-1]) > 1 and filled + need > room:
            found.append([0])
            filled = needs[0]
        found[-1].append(column)
        filled += need
    return found
