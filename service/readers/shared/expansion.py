"""The size of definitions after the expansion of all calls, without expanding them."""

from __future__ import annotations

from collections.abc import Mapping

LOOP = -1  # the size of a definition that calls itself


def expanded(own: Mapping[str, int], calls: Mapping[str, Mapping[str, int]], most: int) -> dict[str, int]:
    """Name → its size with that of all its calls; `most` + 1 for more than `most`, LOOP for a loop.

    `calls` has, for each name, the names that it calls with their counts. A name that calls a loop, and is not in one, has the
    size `most` + 1. Calls of unknown names have no size. Linear in the number of calls, and without recursion.
    """
    sizes: dict[str, int] = {}
    for first in calls:
        path, under_way = [(first, iter(calls[first]))], {first}
        while path and first not in sizes:
            name, rest = path[-1]
            called = next((each for each in rest if each in calls and each not in sizes), None)
            if called is None:
                path.pop()
                under_way.discard(name)
                total = sum(_size(sizes.get(each, 0), most) * count for each, count in calls[name].items())
                sizes.setdefault(name, min(own.get(name, 0) + total, most + 1))
            elif called in under_way:
                names = [each for each, _ in path]
                sizes.update(dict.fromkeys(names[names.index(called) :], LOOP))
                path = path[: names.index(called)]
                under_way = {each for each, _ in path}
            else:
                path.append((called, iter(calls[called])))
                under_way.add(called)
    return sizes


def _size(size: int, most: int) -> int:
    return most + 1 if size == LOOP else size
