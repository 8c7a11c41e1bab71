"""YAML that no strict parser takes, read line by line: `key: rest of the line` unchanged.

Each top-level key is parsed on its own, so a bad line does not cost its neighbours: what is good YAML stays typed and
nested, lines that are not are quoted one by one, and what cannot be saved so becomes text. Nothing is dropped.
"""

from __future__ import annotations

import json
import re
import textwrap
from dataclasses import dataclass
from typing import Any

from schemas.metadata import FIELD_OF
from service.input.frontmatter import yaml_text
from service.input.frontmatter.base import Fault, recovered, twice, unique
from service.input.frontmatter.blanks import BLOCK_SCALAR
from service.model.document import Notice

# A key at the start of a line: up to the first colon before a blank; not what begins a list, comment or collection.
KEY = re.compile(r"""(?P<key>"[^"\n]+"|'[^'\n]+'|(?![-?][ \t]|[#\[\]{}"'\s])[^\n]*?)[ \t]{0,8}:(?=[ \t]|$)(?P<rest>.*)""", re.S)
TIGHT_KEY = re.compile(r"(?P<key>[A-Za-z_][\w-]*):(?!//)(?P<rest>\S.*)")  # `title:no blank`
CHINESE = "|".join(name for name in FIELD_OF if not name.isascii())  # any other word may be who speaks
WIDE_KEY = re.compile(rf"(?P<key>[A-Za-z_][\w-]*|{CHINESE})[ \t]{{0,8}}：(?P<rest>.*)")  # by the colon of a Chinese keyboard
INNER = re.compile(r"(?P<lead>[ \t]*+(?:-[ \t]++)*)(?:(?P<key>[^\s\-#\"'\[{][^\n]*?):[ \t]++)?(?P<rest>\S.*)", re.S)
COMMENT = re.compile(r"(?:^|(?<=[ \t]))#")
QUOTES = ("'", '"')


@dataclass(frozen=True, slots=True)
class Chunk:
    """A top-level key with the lines that belong to it; `line` counts from 1 between the fences."""

    line: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def key_line(line: str) -> re.Match[str] | None:
    return KEY.fullmatch(line) or TIGHT_KEY.fullmatch(line) or WIDE_KEY.fullmatch(line)


def recover(text: str, offset: int) -> tuple[dict[str, Any], tuple[Notice, ...]]:
    """Everything that `text` says, and a notice for each line that strict parsing would have refused."""
    data: dict[str, Any] = {}
    seen: dict[str, int] = {}
    notices: list[Notice] = []
    anchors: dict[str, Any] = {}
    for chunk in chunks(textwrap.dedent(text)):
        for key, value, reported in _read(chunk, offset, anchors):
            name = unique(key, data, seen)
            data[name] = value
            notices.extend(reported)
            if name != key:
                notices.append(twice(key, name, chunk.line + offset))
    return data, tuple(notices)


def chunks(text: str) -> list[Chunk]:
    """A chunk starts at each key in the first column; what stands before the first key is a chunk of its own."""
    found: list[tuple[int, list[str]]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not found or key_line(line):
            found.append((number, [line]))
        else:
            found[-1][1].append(line)
    return [Chunk(number, tuple(lines)) for number, lines in found]


def _read(chunk: Chunk, offset: int, anchors: dict[str, Any]) -> list[tuple[str, Any, tuple[Notice, ...]]]:
    try:
        return _strictly(chunk.lines, chunk.line + offset, anchors)
    except Fault as fault:
        match = key_line(chunk.lines[0])
        line, column = chunk.line + offset + fault.line - 1, fault.column
        if not match:
            return _stray(chunk, line, column)
        key = _unquoted(match["key"].strip())
        rest = "\n".join(chunk.lines[1:]).rstrip()
        if not rest:
            value = literal(match["rest"])
            reported = recovered(f"{fault.problem}. Its value was taken as plain text.", line, column, key=key, value=value)
            return [(key, value, (reported,))]
        return _read_nested(chunk, offset, fault, key)


def _strictly(
    lines: tuple[str, ...], line: int, anchors: dict[str, Any] | None = None
) -> list[tuple[str, Any, tuple[Notice, ...]]]:
    text = "\n".join(lines)
    data, plain = yaml_text.parse(text, anchors)
    reported = restore_cut(text, data, plain, line - 1)
    return [(key, value, tuple(reported) if not index else ()) for index, (key, value) in enumerate(data.items())]


def _stray(chunk: Chunk, line: int, column: int) -> list[tuple[str, Any, tuple[Notice, ...]]]:
    """Lines before the first key: no key to keep them under but the empty one."""
    text = chunk.text.strip()
    return [("", text, (recovered("text without a key; kept unchanged.", line, column, value=text),))]


def _read_nested(chunk: Chunk, offset: int, fault: Fault, key: str) -> list[tuple[str, Any, tuple[Notice, ...]]]:
    """A bad chunk of several lines: its bad lines quoted, else its lines folded, else the text unchanged."""
    line, column = chunk.line + offset + fault.line - 1, fault.column
    repaired, places = _quoted_lines(chunk.lines)
    if places:
        try:
            out = _strictly(repaired, chunk.line + offset)
            reported = [
                recovered("not valid YAML. Its value was taken as plain text.", chunk.line + offset + index, at, key=key)
                for index, at in places
            ]
            return [(name, value, (*reported, *extra)) for name, value, extra in out]
        except Fault:
            pass  # the lines do not fit together even so: text is what remains
    match = key_line(chunk.lines[0])
    assert match
    unindented = all(part[:1] not in (" ", "\t", "-", "#") for part in chunk.lines[1:] if part.strip())
    parts = [match["rest"], *chunk.lines[1:]]
    value = literal(" ".join(part.strip() for part in parts if part.strip())) if unindented else "\n".join(parts).strip()
    return [(key, value, (recovered(f"{fault.problem}. All its lines were taken as text.", line, column, key=key, value=value),))]


def _quoted_lines(lines: tuple[str, ...]) -> tuple[tuple[str, ...], list[tuple[int, int]]]:
    """The lines with each value quoted that is not YAML alone; and the places (index, column) of those."""
    out: list[str] = []
    places: list[tuple[int, int]] = []
    block: int | None = None  # indentation of the line that opened a block scalar
    for index, line in enumerate(lines):
        indent = len(line) - len(line.lstrip())
        if block is not None and (not line.strip() or indent > block):
            out.append(line)
            continue
        block = indent if BLOCK_SCALAR.match(line) else None
        match = INNER.fullmatch(line)
        if block is not None or not match or line.lstrip().startswith("#") or _is_yaml(line.strip()):
            out.append(line)
            continue
        lead, rest = match["lead"] + (f"{match['key']}: " if match["key"] else ""), match["rest"].rstrip()
        out.append(lead + json.dumps(literal(rest), ensure_ascii=False))
        places.append((index, len(lead) + 1))
    return tuple(out), places


def _is_yaml(line: str) -> bool:
    try:
        yaml_text.parse(f"- {line}" if not line.startswith("-") else f"x:\n{line}")
    except Fault as fault:
        return "not a list of keys" in fault.problem
    return True


def literal(rest: str) -> str:
    """The rest of the line as text; quotes go where one pair holds all of it."""
    text = rest.strip()
    return _unquoted(text) if text[:1] in QUOTES else text


def _unquoted(text: str) -> str:
    """`text` without its quotes if they are one balanced pair, escapes undone as YAML would; else unchanged."""
    if len(text) < 2 or text[0] not in QUOTES or text[-1] != text[0]:
        return text
    try:
        data, _ = yaml_text.parse(f"x: {text}")
    except Fault:
        inner = text[1:-1]
        return text if text[0] in inner else inner  # an escape YAML does not know: the backslash is the author's
    value = data.get("x")
    return value if isinstance(value, str) else text


def restore_cut(text: str, data: dict[str, Any], plain: list[yaml_text.Scalar], offset: int) -> list[Notice]:
    """Puts back, in `data`, what a ` #` cut off plain one-line values. A comment after a number, boolean or date stays one."""
    reported = []
    for scalar in plain:
        end = text.find("\n", scalar.end)
        tail = text[scalar.end : end if end >= 0 else len(text)]
        start = text.rfind("\n", 0, scalar.start) + 1
        if not tail.strip().startswith("#") or "\n" in text[scalar.start : scalar.end] or not scalar.path:
            continue
        if "<<" in scalar.path:  # merged into the map around it
            continue
        if _is_typed(scalar.value) and re.match(r"\s+#(\s|$)", tail):
            continue
        value = text[scalar.start : scalar.end] + tail.rstrip() if scalar.value is not None else tail.strip()
        _set(data, scalar.path, value)
        line = text.count("\n", 0, scalar.start) + 1 + offset
        column = scalar.end + len(tail) - len(tail.lstrip()) - start + 1
        reported.append(recovered("` #` would begin a comment; the rest of the line was kept.", line, column, value=value))
    return reported


def _is_typed(value: Any) -> bool:
    """A number, a boolean or a date: no prose, so that what follows is a comment."""
    return bool(re.fullmatch(r"\d[\d:.TZ+-]*", value)) if isinstance(value, str) else value is not None


def _set(data: Any, path: tuple[str | int, ...], value: str) -> None:
    for step in path[:-1]:
        data = data[step]
    data[path[-1]] = value
