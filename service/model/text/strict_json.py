"""Parses JSON of clients: its depth is limited before parsing; no NaN, no repeated key, large numbers as text."""

from __future__ import annotations

import json
import re
from typing import Any

from service.model.errors import InvalidJson, Place
from service.model.text import json_values

DEEPEST = 64
STRING = re.compile(r'"(?>(?:[^"\\]|\\.)*)"?', re.DOTALL)
BRACKETS = re.compile(r"[\[\]{}]")
NUMBERS: dict[str, Any] = {"parse_int": json_values.integer, "parse_float": json_values.decimal}


def loads(text: str | bytes, what: str) -> Any:
    """Raises InvalidJson with `what` and the place."""
    data = text.decode("utf-8", "surrogateescape") if isinstance(text, bytes) else text
    if _depth(data) > DEEPEST:
        raise InvalidJson(f"{what} nests deeper than {DEEPEST} levels.")
    try:
        value = json.loads(data, parse_constant=_refuse_constant, object_pairs_hook=_pairs, **NUMBERS)
        json.dumps(value, ensure_ascii=False).encode()  # half of a surrogate pair is not a character, and fails later
        return value
    except UnicodeEncodeError as error:
        raise InvalidJson(f"{what} contains half of a surrogate pair.") from error
    except json.JSONDecodeError as error:
        place = Place(f"{error.msg}.", line=error.lineno, column=error.colno)
        detail = f"{what}: line {error.lineno}, column {error.colno}: {error.msg}."
        raise InvalidJson(detail, places=[place]) from error
    except ValueError as error:
        raise InvalidJson(f"{what}: {error}.") from error


def loads_object(text: str | bytes, what: str) -> dict[str, Any]:
    value = loads(text, what)
    if not isinstance(value, dict):
        raise InvalidJson(f"{what} must be a JSON object.")
    return value


def without_strings(text: str) -> str:
    """The text outside of quotes, in linear time for any text."""
    return STRING.sub("", text)


def _depth(text: str) -> int:
    """An upper limit of the parser's depth, in linear time without recursion."""
    depth = deepest = 0
    for character in BRACKETS.findall(without_strings(text)):
        depth += 1 if character in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON number")


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(key for key, _ in pairs if sum(key == other for other, _ in pairs) > 1)
        raise ValueError(f"the key {twice!r} occurs twice")
    return found
