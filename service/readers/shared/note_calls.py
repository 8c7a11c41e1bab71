"""The number of texts of notes in a document, one for each call.

pandoc, and every reader here, puts the text of a note in the place of its call. A note that calls itself has no end, and
notes that call two others each double with every step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

MAX_NOTES = 20_000  # the most in 400 real articles is 3


def weigh(calls: Mapping[str, Sequence[str]], refuse: Callable[[str], Exception] | None = None) -> dict[str, int]:
    """Note → the texts that come with one call of it, more than MAX_NOTES for too many; `calls` has the notes that each calls.

    Raises the error of `refuse` for a note that calls itself; without it, that call does not count.
    """
    weights: dict[str, int] = {}
    for label in calls:
        _weigh(label, calls, weights, refuse)
    return weights


def _weigh(
    label: str, calls: Mapping[str, Sequence[str]], weights: dict[str, int], refuse: Callable[[str], Exception] | None
) -> None:
    """Without recursion, because a chain may be long."""
    todo, path = [(label, False)], set[str]()
    while todo:
        here, done = todo.pop()
        if done:
            path.discard(here)
            weights[here] = min(MAX_NOTES + 1, 1 + sum(weights.get(each, 0) for each in calls[here]))
        elif here in path:
            if refuse is not None:
                raise refuse(here)
        elif here not in weights and here in calls:
            path.add(here)
            todo.append((here, True))
            todo += [(each, False) for each in set(calls[here])]
