"""A tag of a site generator, in any syntax: `{{< figure src="a.png" >}}`, `{% hint %}`, `<Note type="tip">`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

LONGEST = 4_000  # characters of one tag
# A quote without its partner ends with the arguments, so that no start is tried twice.
ARGUMENT = re.compile(
    r"(?:(?P<name>[A-Za-z_:@][\w:.-]*+)\s*+(?:=|:(?=[\s\"'{]))\s*+)?"
    r"(?:\"(?P<double>(?>(?:[^\"\\]|\\.)*))\"?|'(?P<single>(?>(?:[^'\\]|\\.)*))'?|`(?P<raw>[^`]*+)`?"
    r"|\{(?P<braces>[^{}]*+)\}?|(?P<bare>[^\s\"'`{}=,]++))",
    re.DOTALL,
)
# An address in JavaScript: `{require('./a.png').default}`, `{useBaseUrl("/a.png")}`, `{'/a.png'}`.
ADDRESS = re.compile(r"\A(?:\w{1,40}\()?\s*+[\"'`](?P<address>[^\"'`\n]*+)[\"'`]\s*+\)?(?:\.default)?\Z")
ESCAPE = re.compile(r"\\([\"'\\])")
Form = Literal["open", "close", "empty"]


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag at `start`…`stop` of the text. `syntax` is the kind that a notice names.

    `match` is the place of the closing tag in the list of all tags.
    """

    start: int
    stop: int
    syntax: str
    form: Form
    name: str
    arguments: str = ""
    match: int = -1
    named: Mapping[str, str] = field(default_factory=dict)
    positional: Sequence[str] = ()

    def argument(self, *names: str) -> str:
        """The value of the first existing one of these arguments; a number is a position."""
        for name in names:
            value = self.named.get(name)
            if value is None and name.isdigit() and int(name) < len(self.positional):
                value = self.positional[int(name)]
            if value:
                return value
        return ""


def address(code: str, names: Mapping[str, str]) -> str:
    """The address in JavaScript in braces; `names` are those of imported files. Other code is returned unchanged."""
    found = ADDRESS.match(code.strip())
    return found["address"] if found else names.get(code.strip(), code)


def parsed(tag: Tag, names: Mapping[str, str] | None = None) -> Tag:
    """The tag with its arguments; `names` maps imported names to files."""
    named: dict[str, str] = {}
    positional: list[str] = []
    for found in ARGUMENT.finditer(tag.arguments[:LONGEST]):
        value = next((found[one] for one in ("double", "single", "raw", "braces", "bare") if found[one] is not None), "")
        if found["braces"] is not None:
            value = address(value, names or {})
        value = ESCAPE.sub(r"\1", value) if found["double"] or found["single"] else value.strip().strip("\"'`")
        if found["name"]:
            named[found["name"].lower()] = value
        else:
            positional.append(value)
    return replace(tag, named=named, positional=positional)


def spans(text: str, opening: str, closing: str, longest: int = LONGEST) -> Iterator[tuple[int, int]]:
    """The places of `opening` … `closing`, in order, in linear time."""
    start, end = text.find(opening), -1
    while start >= 0:
        inside = start + len(opening)
        if end < inside:
            end = text.find(closing, inside)
        if end < 0:
            return
        if end - start <= longest:
            yield start, end + len(closing)
            inside = end + len(closing)
        start = text.find(opening, inside)


def paired(tags: Sequence[Tag]) -> list[Tag]:
    """The tags with each opening one matched to its closing one; an opening tag without an end is empty."""
    out = list(tags)
    opened: dict[tuple[str, str], list[int]] = {}
    for place, tag in enumerate(tags):
        key = tag.syntax, tag.name
        if tag.form == "open":
            opened.setdefault(key, []).append(place)
        elif tag.form == "close" and opened.get(key):
            first = opened[key].pop()
            out[first] = replace(out[first], match=place)
    return [replace(tag, form="empty") if tag.form == "open" and tag.match < 0 else tag for tag in out]
