"""The common parts of the front matter parsers: the error with its place, the limits, and one recovered line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.model.document import Notice
from service.model.notices import notice

MAX_BYTES = 64 * 1024
MAX_DEPTH = 8


class Fault(Exception):
    """Strict parsing failed: `line` and `column` count from 1 within the text between the fences; `hint` is the remedy."""

    def __init__(self, problem: str, line: int = 1, column: int = 1, hint: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.hint = hint
        self.line = line
        self.column = column


QUOTE_IT = "put the value in quotes"


def fault_at(text: str, index: int, problem: str, hint: str = "") -> Fault:
    """The Fault at a character index; lines end only at `\\n`, even if the parser has other line ends."""
    index = min(index, len(text))
    return Fault(problem, text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index), hint)


def recovered(message: str, line: int, column: int, **data: Any) -> Notice:
    said = f"Line {line}, column {column}: {message}"
    return notice("front-matter-recovered", said, stage="read", line=line, column=column, data=data)


def too_deep(value: Any, limit: int = MAX_DEPTH) -> bool:
    """Whether collections nest deeper than `limit`. Level by level, so that no depth exhausts the stack."""
    level = [value]
    for _ in range(limit + 1):
        nested = [item.values() if isinstance(item, dict) else item for item in level if isinstance(item, (dict, list))]
        level = [inner for items in nested for inner in items]
        if not nested:
            return False
    return True


def unique(key: str, data: Mapping[str, Any], seen: dict[str, int]) -> str:
    """`key`, or `key (2)` … if it is in use: a repeated key keeps every value. `seen` has the last number of each key."""
    if key not in data:
        return key
    number = seen.get(key, 1) + 1
    while f"{key} ({number})" in data:
        number += 1
    seen[key] = number
    return f"{key} ({number})"


def twice(key: str, name: str, line: int) -> Notice:
    return recovered(f"the key {key!r} occurs twice; kept as {name!r} too.", line, 1, key=key, kept_as=name)
