"""The front matter: separated from the text, parsed strictly, recovered if strict parsing fails.

pandoc never sees it. `split` is the only entry. It returns raw data for `schemas.metadata`.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from schemas import metadata
from service.input.frontmatter import blanks, headers, json_text, positions, recovery, toml_text, yaml_text
from service.input.frontmatter.base import MAX_BYTES, Fault
from service.input.frontmatter.fences import Cut, fenced, json_object, unopened, worth_recovering
from service.model.document import Metadata, Notice
from service.model.errors import InvalidFrontMatter, Place
from service.model.notices import notice
from service.model.text.characters import CONTROLS

Parse = Callable[[str], dict[str, Any]]
Recover = Callable[[str, int], tuple[dict[str, Any], tuple[Notice, ...]]]
UNSEEN = re.compile("[\ufeff\u200b-\u200d\u2060]+")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """`raw` is the text with its fences, `body` the rest; `line` and `body_line` are their first lines in the source."""

    raw: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    format: str = ""
    body: str = ""
    body_line: int = 1
    notices: tuple[Notice, ...] = ()
    line: int = 1


def split(text: str, strict: bool = False, *, unfenced: bool = False) -> FrontMatter:
    """Front matter and body of `text` (decoded, `\\n` line ends); `unfenced` takes header lines without a fence too.

    Raises InvalidFrontMatter beyond the size limit, and with `strict` for everything that would be recovered.
    """
    unseen = UNSEEN.match(text)
    prefix = unseen[0] if unseen else ""
    found = _split(text[len(prefix) :], strict)
    if not found.raw and unfenced:
        found = _without_fence(text[len(prefix) :], strict)
    if not found.raw:
        return FrontMatter(body=text)
    return replace(found, raw=prefix + found.raw)


def record(front: FrontMatter) -> tuple[Metadata, tuple[Notice, ...]]:
    """The validated metadata of a front matter, and its doubts with their places in the upload."""
    loaded, doubts = metadata.load(front.data)
    return loaded, placed(doubts, front)


def placed(doubts: Iterable[Notice], front: FrontMatter) -> tuple[Notice, ...]:
    """Notices about a key of the front matter (`data["key"]`), with its place in the upload."""
    return positions.placed(doubts, front.raw, front.line)


def _without_fence(text: str, strict: bool) -> FrontMatter:
    if cut := unopened(text):
        front = _of_cut(cut, text, strict)
        return replace(front, notices=(_unfenced(1, front.data), *front.notices))
    found = headers.find(text)
    if found is None or len(found.raw) > MAX_BYTES:
        return FrontMatter(body=text)
    data, cleaned = _cleaned(dict(found.data))
    notices = (_unfenced(found.line, data), *cleaned)
    return FrontMatter(found.raw, data, "header", found.body, found.body_line, notices, found.line)


def _unfenced(line: int, data: dict[str, Any]) -> Notice:
    return notice("front-matter-unfenced", stage="read", line=line, column=1, data={"keys": list(data)})


def _split(text: str, strict: bool) -> FrontMatter:
    cut = json_object(text) if text.startswith("{") else fenced(text)
    return _of_cut(cut, text, strict) if cut else FrontMatter(body=text)


def _of_cut(cut: Cut, text: str, strict: bool) -> FrontMatter:
    if len(cut.content.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise _refused(Fault(f"the front matter is larger than {MAX_BYTES // 1024} KB"), 0)
    if strict:
        _refuse_unclosed(cut)
    try:
        data, notices = _parsed(cut)
        notices = (*cut.notices, *notices)
        if strict and notices:
            found = [Place(reported.message, None, reported.line, reported.column) for reported in notices]
            raise InvalidFrontMatter(f"{notices[0].message} Correct the line, or put the value in quotes.", places=found)
    except Fault as fault:
        if strict:
            raise _refused(fault, cut.offset) from fault
        if not worth_recovering(cut):
            return FrontMatter(body=text)
        data, notices = RECOVERY[cut.format](cut.content, cut.offset)
        notices = (*cut.notices, *notices)
    if not cut.closed:
        notices = (_unclosed(cut), *notices)
    data, cleaned = _cleaned(data)
    body_line = cut.raw.count("\n") + 1
    return FrontMatter(cut.raw, data, cut.format, cut.body, body_line, (*notices, *cleaned))


def _parse_yaml(text: str, offset: int) -> tuple[dict[str, Any], tuple[Notice, ...]]:
    try:
        data, plain = yaml_text.parse(text)
        return data, tuple(recovery.restore_cut(text, data, plain, offset))
    except Fault:
        for expanded, reported in blanks.tabs_expanded(text, offset):
            with contextlib.suppress(Fault):
                data, plain = yaml_text.parse(expanded)
                return data, (*reported, *recovery.restore_cut(expanded, data, plain, offset))
        raise


def _parsed(cut: Cut) -> tuple[dict[str, Any], tuple[Notice, ...]]:
    if cut.format == "yaml":
        return _parse_yaml(cut.content, cut.offset)
    parse: Parse = toml_text.parse if cut.format == "toml" else json_text.parse
    return parse(cut.content), ()


RECOVERY: dict[str, Recover] = {"yaml": recovery.recover, "toml": toml_text.recover, "json": json_text.recover}


def _refuse_unclosed(cut: Cut) -> None:
    if not cut.closed:
        fence = cut.raw.partition("\n")[0].strip()
        raise _refused(Fault(f"the front matter has no closing {fence}", cut.content.count("\n") + 2, 1), cut.offset)


def _unclosed(cut: Cut) -> Notice:
    line = cut.raw.count("\n") + 1
    return notice("front-matter-unterminated", stage="read", line=line, column=1)


def _refused(fault: Fault, offset: int) -> InvalidFrontMatter:
    line, column = fault.line + offset, fault.column
    problem = fault.problem[:1].upper() + fault.problem[1:]
    hint = f"; {fault.hint}" if fault.hint else ""
    found = [Place(f"{problem}{hint}.", None, line, column)]
    return InvalidFrontMatter(f"Line {line}, column {column}: {fault.problem}{hint}.", places=found)


def _cleaned(data: dict[str, Any]) -> tuple[dict[str, Any], tuple[Notice, ...]]:
    """Escapes can write characters that text cannot contain (`"\\0"`, `"\\ud800"`): no file format accepts them."""
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
