"""The front matter: cut off the text, parsed strictly, recovered where strict parsing fails (DESIGN section 4).

pandoc never sees it. `split` is the only entry; what it gives back is raw data for `schemas.metadata`.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from service.input.frontmatter import json_text, recovery, toml_text, yaml_text
from service.input.frontmatter.base import MAX_BYTES, Fault
from service.input.frontmatter.recovery import key_line
from service.model.document import Notice
from service.model.errors import InvalidFrontMatter, Place
from service.model.notices import notice
from service.model.text.characters import CONTROLS

Parse = Callable[[str], dict[str, Any]]
Recover = Callable[[str, int], tuple[dict[str, Any], tuple[Notice, ...]]]
FENCES = {"---": ("yaml", ("---", "...")), "+++": ("toml", ("+++",)), ";;;": ("json", (";;;",))}
BLANK = re.compile(r"(?:[ \t]*\n)+")
SIMPLE_KEY = re.compile(r"[A-Za-z_][\w-]*:(?:[ \t]|$)")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """`raw` is the text with its fences, `body` what follows, `body_line` the line of the source it begins at."""

    raw: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    format: str = ""
    body: str = ""
    body_line: int = 1
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class _Cut:
    """Where the front matter is: `content` between the fences begins at line `offset + 1` of the source."""

    format: str
    content: str
    raw: str
    body: str
    offset: int = 1
    closed: bool = True


def split(text: str, strict: bool = False) -> FrontMatter:
    """Front matter and body of `text` (decoded, `\\n` line ends).

    Raises InvalidFrontMatter for one beyond the size limit, and with `strict` for whatever would be recovered.
    """
    cut = _json_object(text) if text.startswith("{") else _fenced(text)
    if cut is None:
        return FrontMatter(body=text)
    if len(cut.content.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise _refused(Fault(f"the front matter is larger than {MAX_BYTES // 1024} KB"), 0)
    if strict:
        _refuse_unclosed(cut)
    try:
        data, notices = _parsed(cut)
        if strict and notices:
            places = [Place(told.message, None, told.line, told.column) for told in notices]
            raise InvalidFrontMatter(f"{notices[0].message} Put the value in quotes.", places=places)
    except Fault as fault:
        if strict:
            raise _refused(fault, cut.offset) from fault
        if not _worth_recovering(cut):
            return FrontMatter(body=text)
        data, notices = RECOVERY[cut.format](cut.content, cut.offset)
    if not cut.closed:
        notices = (_unclosed(cut), *notices)
    data, cleaned = _cleaned(data)
    body_line = cut.raw.count("\n") + 1
    return FrontMatter(cut.raw, data, cut.format, cut.body, body_line, (*notices, *cleaned))


def _parse_yaml(text: str, offset: int) -> tuple[dict[str, Any], tuple[Notice, ...]]:
    data, plain = yaml_text.parse(text)
    return data, tuple(recovery.restore_cut(text, data, plain, offset))


def _parsed(cut: _Cut) -> tuple[dict[str, Any], tuple[Notice, ...]]:
    if cut.format == "yaml":
        return _parse_yaml(cut.content, cut.offset)
    parse: Parse = toml_text.parse if cut.format == "toml" else json_text.parse
    return parse(cut.content), ()


RECOVERY: dict[str, Recover] = {"yaml": recovery.recover, "toml": toml_text.recover, "json": json_text.recover}


def _fenced(text: str) -> _Cut | None:
    """Below blank lines a fence may be a rule: what follows it must be keys, and an end."""
    if not (blank := BLANK.match(text)):
        return _at_once(text)
    cut = _at_once(text[blank.end() :])
    if cut is None or not cut.closed or not _worth_recovering(cut) or not key_line(cut.content.partition("\n")[0]):
        return None
    return replace(cut, raw=blank[0] + cut.raw, offset=cut.offset + blank[0].count("\n"))


def _at_once(text: str) -> _Cut | None:
    first, _, rest = text.partition("\n")
    kind = FENCES.get(first.rstrip(" \t"))
    if kind is None:
        return None
    format_, closing = kind
    start = 0
    for line in _lines(rest):
        end = start + len(line)
        if line.rstrip(" \t\n") in closing and line[:1] not in (" ", "\t"):
            raw = text[: len(first) + 1 + end]
            cut = _Cut(format_, rest[:start].removesuffix("\n"), raw, rest[end:])
            return cut if _is_front_matter(cut) else None
        start = end
    return _unterminated(first, rest, format_)


def _lines(text: str) -> Iterator[str]:
    """Lines with their `\\n`: str.splitlines would end lines at characters that are none in YAML."""
    return (match[0] for match in re.finditer(r"[^\n]*\n|[^\n]+", text))


def _is_front_matter(cut: _Cut) -> bool:
    """Whether `---` opens front matter: its first line that says anything is a key. Else it is a horizontal rule."""
    if cut.format != "yaml":
        return True
    said = [line.strip() for line in cut.content.split("\n") if line.strip() and not line.startswith(("#", "%"))]
    return not said or bool(key_line(said[0])) or said[0].startswith(("{", '"', "'", "?")) or not cut.content.startswith("\n")


def _worth_recovering(cut: _Cut) -> bool:
    """Prose between two rules that happens to hold a colon is prose: keys must make up half of the unindented lines."""
    if cut.format != "yaml":
        return True
    content = textwrap.dedent(cut.content).split("\n")
    lines = [line for line in content if line.strip() and not line.startswith(("#", " ", "\t", "-", "}", "]"))]
    keys = sum(1 for line in lines if key_line(line))
    return keys > 0 and keys * 2 >= len(lines)


def _unterminated(first: str, rest: str, format_: str) -> _Cut | None:
    """A fence without end: it ends where its keys end, if keys follow at once; else it is a thematic break."""
    end, lines = 0, 0
    for line in _lines(rest):
        bare = line.rstrip("\n")
        starts_key = bool(SIMPLE_KEY.match(bare)) if format_ == "yaml" else bool(re.match(r"[\w-]+\s*=", bare))
        if not starts_key and not (lines and bare[:1] in (" ", "\t", "-") and bare.strip()):
            break
        end += len(line)
        lines += 1
    if not lines or format_ == "json":
        return None
    raw = f"{first}\n{rest[:end]}"
    return _Cut(format_, rest[:end].removesuffix("\n"), raw, rest[end:], closed=False)


def _json_object(text: str) -> _Cut | None:
    """A leading object {…} alone on its lines; what only begins like one (a template tag, a set) is body."""
    end = json_text.object_end(text[: 2 * MAX_BYTES])
    if end is None or (not text[end:].partition("\n")[0].isspace() and text[end : end + 1] not in ("", "\n")):
        return None
    newline = text.find("\n", end)
    stop = len(text) if newline < 0 else newline + 1
    return _Cut("json", text[:end], text[:stop], text[stop:], offset=0)


def _refuse_unclosed(cut: _Cut) -> None:
    if not cut.closed:
        fence = cut.raw.partition("\n")[0].strip()
        raise _refused(Fault(f"the front matter has no closing {fence}", cut.content.count("\n") + 2, 1), cut.offset)


def _unclosed(cut: _Cut) -> Notice:
    line = cut.raw.count("\n") + 1
    return notice("front-matter-unterminated", stage="read", line=line, column=1)


def _refused(fault: Fault, offset: int) -> InvalidFrontMatter:
    line, column = fault.line + offset, fault.column
    problem = fault.problem[:1].upper() + fault.problem[1:]
    hint = f"; {fault.hint}" if fault.hint else ""
    places = [Place(f"{problem}{hint}.", None, line, column)]
    return InvalidFrontMatter(f"Line {line}, column {column}: {fault.problem}{hint}.", places=places)


def _cleaned(data: dict[str, Any]) -> tuple[dict[str, Any], tuple[Notice, ...]]:
    """Escapes can write what the text itself may not hold (`"\\0"`, `"\\ud800"`): no file format takes it."""
    removed: list[str] = []

    def clean(value: Any) -> Any:
        if isinstance(value, str):
            found = re.findall("\0", value) + CONTROLS.findall(value)
            removed.extend(found)
            return CONTROLS.sub("", value.replace("\0", "")) if found else value
        if isinstance(value, list):
            return [clean(item) for item in value]
        if isinstance(value, dict):
            return {clean(key): clean(item) for key, item in value.items()}
        return value

    data = clean(data)
    if not removed:
        return data, ()
    names = sorted({f"U+{ord(char):04X}" for char in removed})
    return data, (notice("control-characters-removed", stage="read", data={"removed": names, "where": "front matter"}),)


__all__ = ["FrontMatter", "split"]
