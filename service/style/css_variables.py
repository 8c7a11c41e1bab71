"""The length of the values of a style sheet with each `var()` expanded: variables that use others twice double it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

MOST = 500_000  # characters of all values


class Declared(NamedTuple):
    """A declaration: its name, the length of its value without `var()`, and the variables that the value uses."""

    name: str
    length: int
    used: tuple[str, ...]


def declared(name: str, value: str, tokens: Sequence[Any]) -> Declared:
    """`value` is the text of the `tokens`."""
    names = used(tokens)
    return Declared(name, max(1, len(value) - sum(len(each) + len("var()") for each in names)), names)


def used(tokens: Sequence[Any]) -> tuple[str, ...]:
    """The names in `var()`, each as often as it is there."""
    found, todo = [], list(tokens)
    while todo:
        token = todo.pop()
        if token.type == "ident" and token.value.startswith("--"):
            found.append(token.value)
        todo += getattr(token, "arguments", None) or getattr(token, "content", None) or ()
    return tuple(found)


def expanded(declarations: Sequence[Declared]) -> int:
    """The characters of all values. Counting stops above MOST."""
    variables: dict[str, list[Declared]] = {}
    for each in declarations:
        if each.name.startswith("--"):
            variables.setdefault(each.name, []).append(each)
    lengths: dict[str, int] = {}
    for name in variables:
        _measure(name, variables, lengths)
    return sum(_length(each, lengths) for each in declarations)


def _measure(first: str, variables: dict[str, list[Declared]], lengths: dict[str, int]) -> None:
    """Fills `lengths` for a variable and all that it uses. One that uses itself is invalid and counts with its own text."""
    waiting, under_way = [first], set[str]()
    while waiting:
        name = waiting[-1]
        needed = {each for one in variables[name] for each in one.used if each in variables}
        more = [each for each in needed if each not in lengths and each not in under_way]
        if name not in under_way and more:
            under_way.add(name)
            waiting += more
        else:
            waiting.pop()
            lengths.setdefault(name, max(_length(one, lengths) for one in variables[name]))


def _length(one: Declared, lengths: dict[str, int]) -> int:
    return min(MOST + 1, one.length + sum(lengths.get(each, 0) for each in one.used))
