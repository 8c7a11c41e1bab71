"""JSON front matter: strict with the standard library, whose hooks see duplicates and numbers as they are written."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

from service.input.frontmatter.base import MAX_DEPTH, Fault, fault_at, recovered, twice, unique
from service.input.frontmatter.scalars import number
from service.model.document import Notice

# A string that nothing closes ends with its line: else each quote would look through the rest of it.
TOKEN = re.compile(r'"(?>(?:[^"\\\n]++|\\.)*)"?|[\[\]{}]')
MEMBER = re.compile(r'[ \t]*+(?P<key>"(?>(?:[^"\\\n]++|\\.)*)")[ \t]*+:[ \t]*+(?P<rest>.*)')
STARTS = re.compile(r'\{\s*+(?:"(?>(?:[^"\\\n]++|\\.)*)"\s*+:|\})')


class _Twice(ValueError):
    """A key that occurs twice."""


def parse(text: str) -> dict[str, Any]:
    """The object. Raises Fault."""
    _check_depth(text)
    if not text.strip():
        return {}
    try:
        data = json.loads(text, object_pairs_hook=_pairs, parse_int=number, parse_float=number, parse_constant=str)
    except json.JSONDecodeError as error:
        raise fault_at(text, error.pos, f"not valid JSON ({error.msg})") from error
    except _Twice as error:
        raise Fault(str(error)) from error
    if not isinstance(data, dict):
        raise Fault("the front matter is not an object")
    return data


def object_end(text: str) -> int | None:
    """The end of the object at the start of `text`; None without one."""
    if not STARTS.match(text):
        return None
    depth = 0
    for match in TOKEN.finditer(text):
        if match[0] in "[{":
            depth += 1
        elif match[0] in "]}":
            depth -= 1
        if depth == 0:
            return match.end()
    return None


def recover(text: str, offset: int) -> tuple[dict[str, Any], tuple[Notice, ...]]:
    """Member by member: those that are JSON keep their type, the others are text unchanged."""
    data: dict[str, Any] = {}
    seen: dict[str, int] = {}
    notices: list[Notice] = []
    for line, key, rest in _members(text):
        value = rest
        try:
            value = parse(f'{{"x": {rest}}}')["x"]
        except (Fault, KeyError) as fault:
            notices.append(recovered(f"{fault}. Its value was taken as plain text.", line + offset, 1, key=key, value=value))
        name = unique(key, data, seen)
        if name != key:
            notices.append(twice(key, name, line + offset))
        data[name] = value
    return data, tuple(notices)


def _members(text: str) -> list[tuple[int, str, str]]:
    """Line, key and text of each member of the outer object: a member begins at a key that is indented least."""
    lines = text.strip().removeprefix("{").removesuffix("}").split("\n")
    skipped = len(text) - len(text.lstrip())
    first = text.count("\n", 0, skipped) + 1
    indents = [len(line) - len(line.lstrip()) for line in lines if MEMBER.fullmatch(line)]
    least = min(indents, default=0)
    found: list[tuple[int, str, list[str]]] = []
    for number_, line in enumerate(lines, first):
        match = MEMBER.fullmatch(line)
        if match and len(line) - len(line.lstrip()) == least:
            found.append((number_, str(json.loads(match["key"], strict=False)), [match["rest"]]))
        elif line.strip():
            if not found:
                found.append((number_, "", []))
            found[-1][2].append(line)
    return [(at, key, "\n".join(parts).strip().removesuffix(",").rstrip()) for at, key, parts in found]


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    out = dict(pairs)
    if len(out) != len(pairs):
        again = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise _Twice(f"the key {again!r} occurs twice")
    return out


def _check_depth(text: str) -> None:
    depth = 0
    for match in TOKEN.finditer(text):
        depth += (match[0] in "[{") - (match[0] in "]}")
        if depth > MAX_DEPTH:
            raise fault_at(text, match.start(), f"the front matter is nested more than {MAX_DEPTH} deep")
