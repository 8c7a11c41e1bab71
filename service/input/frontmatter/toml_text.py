"""TOML front matter: the standard library's parser; dates become text, numbers stay where they print the same."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date, datetime, time
from typing import Any

from service.input.frontmatter.base import MAX_DEPTH, Fault, recovered, too_deep
from service.input.frontmatter.scalars import INT64, number
from service.model.document import Notice

PLACE = re.compile(r"\(at line (\d+), column (\d+)\)|\(at end of document\)")
ENTRY = re.compile(r"(?P<lead>[ \t]*+(?P<key>[\w.\-]++|\"[^\"]++\"|'[^']++')[ \t]*+=[ \t]*+)(?P<rest>.*)")
OPENINGS = re.compile(r"[\[{]")
MAX_OPENINGS = 2000
MAX_MENDED = 50


def parse(text: str) -> dict[str, Any]:
    """The table. Raises Fault."""
    if sum(1 for _ in OPENINGS.finditer(text)) > MAX_OPENINGS:
        raise Fault("the front matter has too many brackets")
    try:
        data = tomllib.loads(text, parse_float=number)
    except tomllib.TOMLDecodeError as error:
        raise _fault(text, str(error)) from error
    except (RecursionError, ValueError) as error:
        raise Fault("the front matter is nested too deeply or contains a number that is too long") from error
    if too_deep(data):
        raise Fault(f"the front matter is nested more than {MAX_DEPTH} deep")
    out = _plain(data, text)
    assert isinstance(out, dict)
    return out


def recover(text: str, offset: int) -> tuple[dict[str, Any], tuple[Notice, ...]]:
    """Repaired line by line: the value that is not TOML is quoted, a line that is not an entry is left out and reported."""
    lines = text.split("\n")
    notices: list[Notice] = []
    for _ in range(MAX_MENDED):
        try:
            return parse("\n".join(lines)), tuple(notices)
        except Fault as fault:
            index = _bad_line(lines, fault.line - 1)
            if index is None:
                break
            notices.append(_fix(lines, index, fault, offset))
    reported = recovered("not valid TOML; all of it is kept as text.", 1 + offset, 1, value=text)
    return {"": text}, (reported,)


def _bad_line(lines: list[str], index: int) -> int | None:
    """The line at fault: the one named, or for an open string or array the nearest entry above it."""
    for at in range(min(index, len(lines) - 1), -1, -1):
        if lines[at].strip() and not lines[at].lstrip().startswith("#"):
            return at
    return None


def _fix(lines: list[str], index: int, fault: Fault, offset: int) -> Notice:
    line = lines[index]
    match = ENTRY.fullmatch(line)
    quoted = match and match["lead"] + json.dumps(match["rest"].strip(), ensure_ascii=False)
    if match and quoted != line and not re.fullmatch(r'"(?:[^"\\]|\\.)*"', match["rest"].strip()):
        lines[index] = str(quoted)
        return recovered(
            f"{fault.problem}. Its value was taken as plain text.",
            index + 1 + offset,
            fault.column,
            key=match["key"],
            value=match["rest"],
        )
    lines[index] = "# " + line
    return recovered(f"{fault.problem}; the line was left out.", index + 1 + offset, 1, removed=line)


def _fault(text: str, message: str) -> Fault:
    match = PLACE.search(message)
    problem = "not valid TOML (" + PLACE.sub("", message).strip().lower() + ")"
    if match and match[1]:
        return Fault(problem, int(match[1]), int(match[2]))
    return Fault(problem, text.count("\n") + 1, 1)


def _plain(value: Any, text: str) -> Any:
    """The value for JSON, with dates as written; a search in the text distinguishes TOML's `Z` and `+00:00`."""
    if isinstance(value, dict):
        return {key: _plain(item, text) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item, text) for item in value]
    if isinstance(value, datetime):
        iso = value.isoformat()
        return next((form for form in (iso, iso.replace("T", " "), iso.replace("+00:00", "Z")) if form in text), iso)
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, int) and not isinstance(value, bool) and value not in INT64:
        return hex(value)
    return value
