"""YAML, strictly: a mapping built from parser events, so that no composer, resolver or constructor is ever run.

Anchors, aliases and merge keys are YAML's own; what they add up to is bounded, so that no alias multiplies without end.

The C parser is an iterative state machine and safe to feed; PyYAML's C composer is recursive and dies (SIGSEGV) on
50,000 brackets. A linear look at the text comes first all the same: it bounds what the scanner can be made to do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from service.input.frontmatter.base import MAX_BYTES, MAX_DEPTH, QUOTE_IT, Fault, fault_at
from service.input.frontmatter.scalars import typed

OPENING = re.compile(r"[\[{]")
NESTED_IN_LINE = re.compile(r"(?:[-?:][ \t]+){32}")
MAX_OPENINGS = 2000
MAX_EVENTS = 50_000
MAX_COPIED = 5_000  # values that aliases add
MAX_COPIED_TEXT = 4 * MAX_BYTES
ANCHOR = re.compile(r"&\S+\s+")
# The C parser checks nothing of these itself, and the text has none after decoding but for these line ends.
EXOTIC_LINE_ENDS = str.maketrans({"\u2028": "\ufffc", "\u2029": "\ufffb"})
EXOTIC_BACK = str.maketrans({"\ufffc": "\u2028", "\ufffb": "\u2029"})


@dataclass(frozen=True, slots=True)
class Scalar:
    """A plain block scalar and where it stands: what a ` #` may have cut."""

    path: tuple[str | int, ...]
    value: Any
    start: int
    end: int


@dataclass(slots=True)
class _Builder:
    text: str
    events: Iterator[yaml.Event]
    anchors: dict[str, Any] = field(default_factory=dict)
    plain: list[Scalar] = field(default_factory=list)
    count: int = 0
    copied: int = 0
    copied_text: int = 0
    max_depth: int = MAX_DEPTH

    def next(self) -> yaml.Event:
        self.count += 1
        event = next(self.events)
        if self.count > MAX_EVENTS:
            raise fault_at(self.text, _index(event.start_mark), "the front matter has too many parts")
        if getattr(event, "tag", None):
            raise fault_at(self.text, _index(event.start_mark), "a value cannot begin with ! (a tag)", QUOTE_IT)
        return event

    def value(self, event: yaml.Event, path: tuple[str | int, ...], flow: bool) -> Any:
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event, path)
        name = getattr(event, "anchor", None)
        value = self.unnamed_value(event, path, flow)
        if name:
            if value is None:
                raise fault_at(self.text, _index(event.start_mark), "a value cannot begin with & (an anchor)", QUOTE_IT)
            self.anchors[name] = value
        return value

    def alias(self, event: yaml.AliasEvent, path: tuple[str | int, ...]) -> Any:
        """The value of the anchor. Each use counts as a copy of all that it holds."""
        if event.anchor not in self.anchors:
            raise fault_at(self.text, _index(event.start_mark), "a value cannot begin with * (an alias)", QUOTE_IT)
        value = self.anchors[event.anchor]
        for depth, each in _parts(value):
            self.copied += 1
            self.copied_text += len(each) if isinstance(each, str) else 0
            if self.copied > MAX_COPIED or self.copied_text > MAX_COPIED_TEXT:
                raise fault_at(self.text, _index(event.start_mark), "aliases repeat too much")
            if len(path) + depth > self.max_depth:
                raise self.too_deep(event)
        return value

    def unnamed_value(self, event: yaml.Event, path: tuple[str | int, ...], flow: bool) -> Any:
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event, path, flow)
        if len(path) >= self.max_depth:
            raise self.too_deep(event)
        flow = flow or (isinstance(event, yaml.CollectionStartEvent) and bool(event.flow_style))
        return self.mapping(path, flow) if isinstance(event, yaml.MappingStartEvent) else self.sequence(path, flow)

    def too_deep(self, event: yaml.Event) -> Fault:
        return fault_at(self.text, _index(event.start_mark), f"the front matter is nested more than {self.max_depth} deep")

    def scalar(self, event: yaml.ScalarEvent, path: tuple[str | int, ...], flow: bool) -> Any:
        if not event.implicit[0]:  # quoted or a block scalar
            return event.value
        value = typed(event.value)
        if not flow:
            start = _index(event.start_mark)
            anchor = ANCHOR.match(self.text, start) if event.anchor else None
            self.plain.append(Scalar(path, value, anchor.end() if anchor else start, _index(event.end_mark)))
        return value

    def sequence(self, path: tuple[str | int, ...], flow: bool) -> list[Any]:
        out: list[Any] = []
        while not isinstance(event := self.next(), yaml.SequenceEndEvent):
            out.append(self.value(event, (*path, len(out)), flow))
        return out

    def mapping(self, path: tuple[str | int, ...], flow: bool) -> dict[str, Any]:
        out: dict[str, Any] = {}
        merged: list[tuple[Any, yaml.Event]] = []
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise fault_at(self.text, _index(event.start_mark), "a key must be text", QUOTE_IT)
            if event.value in out:
                raise fault_at(self.text, _index(event.start_mark), f"the key {event.value!r} occurs twice")
            value = self.value(self.next(), (*path, event.value), flow)
            if event.value == "<<" and event.implicit[0]:
                merged.append((value, event))
            else:
                out[event.value] = value
        return self.with_merged(out, merged)

    def with_merged(self, own: dict[str, Any], merged: list[tuple[Any, yaml.Event]]) -> dict[str, Any]:
        """The entries of merge keys (`<<: *base`) under those of the mapping itself."""
        for value, event in merged:
            maps = value if isinstance(value, list) else [value]
            if not all(isinstance(each, dict) for each in maps):
                raise fault_at(self.text, _index(event.start_mark), "a merge key (<<) needs a map")
            for each in maps:
                own |= {key: item for key, item in each.items() if key not in own}
        return own


def _parts(value: Any) -> Iterator[tuple[int, Any]]:
    """The value and all within it, with their depth; lazily, for what it adds up to has no bound."""
    todo = [(0, value)]
    while todo:
        depth, each = todo.pop()
        yield depth, each
        if isinstance(each, (dict, list)):
            todo += [(depth + 1, item) for item in (each.values() if isinstance(each, dict) else each)]


def _index(mark: Any) -> int:
    return int(mark.index)  # the C parser marks every event


def check(text: str) -> None:
    """The linear look. Raises Fault for what no article's front matter has."""
    if (openings := sum(1 for _ in OPENING.finditer(text))) > MAX_OPENINGS:
        raise Fault(f"the front matter has {openings} opening brackets")
    if match := NESTED_IN_LINE.search(text):
        raise fault_at(text, match.start(), f"the front matter is nested more than {MAX_DEPTH} deep")


def parse(text: str, anchors: dict[str, Any] | None = None, max_depth: int = MAX_DEPTH) -> tuple[dict[str, Any], list[Scalar]]:
    """The mapping, and its plain block scalars. Raises only Fault.

    `anchors` are those of texts before this one; the text's own are added. `max_depth` is the limit of nested collections.
    """
    check(text)
    swapped = not any(char in text for char in "\ufffb\ufffc")
    safe = text.translate(EXOTIC_LINE_ENDS) if swapped else text
    safe += "\n"  # the last block scalar keeps its line end
    builder = _Builder(safe, yaml.parse(safe, Loader=yaml.CSafeLoader), {} if anchors is None else anchors, max_depth=max_depth)
    try:
        data = _document(builder)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise fault_at(text, mark.index if mark else 0, _sentence(error), QUOTE_IT) from error
    except yaml.YAMLError as error:
        raise Fault("a character is not allowed in YAML") from error
    return (_restored(data) if swapped else data), builder.plain


def _document(builder: _Builder) -> dict[str, Any]:
    builder.next()  # StreamStart
    event = builder.next()
    if isinstance(event, yaml.StreamEndEvent):
        return {}
    event = builder.next()
    if isinstance(event, yaml.ScalarEvent) and event.implicit[0] and not event.value:
        return {}
    if not isinstance(event, yaml.MappingStartEvent):
        raise fault_at(builder.text, _index(event.start_mark), "the front matter is not a list of keys with values")
    data = builder.value(event, (), False)
    builder.next()  # DocumentEnd
    event = builder.next()
    if not isinstance(event, yaml.StreamEndEvent):
        raise fault_at(builder.text, _index(event.start_mark), "the front matter contains more than one YAML document")
    assert isinstance(data, dict)
    return data


def _restored(value: Any) -> Any:
    if isinstance(value, str):
        return value.translate(EXOTIC_BACK)
    if isinstance(value, list):
        return [_restored(item) for item in value]
    if isinstance(value, dict):
        return {_restored(key): _restored(item) for key, item in value.items()}
    return value


def _sentence(error: yaml.MarkedYAMLError) -> str:
    problem = str(error.problem or error.context or "not valid YAML")
    if "mapping values are not allowed" in problem:
        return "a colon and a space within a value"
    if "cannot start any token" in problem:
        return "a value cannot begin with this character"
    return problem
