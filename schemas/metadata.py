"""The metadata record: one table of fields with their aliases, for the front matter and for requests.

Front matter is read leniently: an unknown value stays unchanged under `custom`, with a notice. A request's
`metadata` is read strictly: each doubt is a problem with a JSON pointer.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from marshmallow import EXCLUDE, Schema

from schemas import vendor_shapes
from schemas.field_names import IGNORED, INDEX_NAMES, NAMES, plain_name, plain_names, spelled
from schemas.people import Authors, full_names
from schemas.record_fields import (
    DateText,
    DisplayText,
    Doi,
    Doubt,
    Isbn,
    Language,
    RecordField,
    SeriesField,
    Text,
    WebAddress,
    is_url,
    scalar,
)
from schemas.words import Words, by_blanks
from service.model.document import Notice
from service.model.errors import Place, ValidationFailed
from service.model.metadata import FIELDS as ROWS
from service.model.metadata import Author, Metadata, Series
from service.model.notices import notice
from service.model.text import json_values
from service.model.text.characters import CONTROLS

MAX_DEPTH = 8


KINDS: Mapping[str, type[RecordField]] = {
    "display": DisplayText, "text": Text, "date": DateText, "language": Language, "address": WebAddress, "words": Words,
    "authors": Authors, "series": SeriesField, "doi": Doi, "isbn": Isbn,
}  # fmt: skip


class _Known(Schema):
    class Meta:
        unknown = EXCLUDE  # every other key is custom, not an error


FIELDS: Mapping[str, RecordField] = {name: KINDS[row.kind](metadata={"help": row.help}) for name, row in ROWS.items()}
SCHEMA = _Known.from_dict(dict(FIELDS), name="MetadataSchema")()
LIST_AS_TEXT = re.compile(r"\[(?P<items>[^\[\]]+)\]")  # `tags: "[a, b]"`, as exports quote a whole list
MERGED = frozenset({"keywords", "categories"})
ALIASES = {name: (name, *spelled(NAMES.get(name, ()))) for name in FIELDS}
PLAIN_ALIASES = {name: tuple(map(plain_name, names)) for name, names in ALIASES.items()}
FIELD_OF = {plain_name(alias): name for name, names in ALIASES.items() for alias in names}
INDEX_KEYS = tuple(map(plain_name, spelled(INDEX_NAMES)))
IGNORED_KEYS = plain_names(IGNORED)
# Keys whose text with blanks or full names is a list: `tags: one two` (Jekyll), `authors: Ann Lee, Bob Ray` (Pelican).
BLANKS_DIVIDE = frozenset(("tags", "categories"))
PLURAL_AUTHORS = frozenset(("authors", "creators"))


@dataclass(slots=True)
class _Reading:
    """The result of a mapping; `doubts` have their key before their path."""

    values: dict[str, Any] = dataclasses.field(default_factory=dict)
    used: set[str] = dataclasses.field(default_factory=set)
    doubts: list[Doubt] = dataclasses.field(default_factory=list)


def load(data: Mapping[str, Any], *, pointer_prefix: str = "") -> tuple[Metadata, tuple[Notice, ...]]:
    """The record of a front matter. Nothing is refused or dropped: other keys are in `custom`, doubts are notices."""
    data = json_values.kept(data)
    reading = _read(data)
    if "abstract" in reading.values and "description" not in data:
        reading.values.setdefault("description", reading.values["abstract"])
    custom = {key: value for key, value in data.items() if key not in reading.used}
    notices = [_doubtful(doubt, pointer_prefix) for doubt in reading.doubts]
    notices += [
        notice("metadata-ignored", f"{key!r} is kept as data. It has no effect.", stage="read", data={"key": key})
        for key in custom
        if plain_name(key) in IGNORED_KEYS
    ]
    return Metadata(**reading.values, custom=custom, front_matter=dict(data)), tuple(notices)


def load_overrides(data: Any, option: str = "metadata") -> dict[str, Any]:
    """Fields of Metadata by name in a request, with unknown keys under "custom". Null clears a field.

    Raises ValidationFailed with one place per problem, with pointers under `/` and the name of the option.
    """
    top = f"/{option}"
    if not isinstance(data, Mapping):
        raise _failed([Place("Must be a JSON object.", top)])
    _check(data)
    own = data.get("custom")
    reading = _read({key: value for key, value in data.items() if key != "custom"})
    places = [Place(doubt.message, pointer(top, *doubt.path)) for doubt in reading.doubts]
    if own is not None and not isinstance(own, Mapping):
        places.append(Place("Must be a JSON object.", f"{top}/custom"))
    if "front_matter" in data:
        places.append(Place("The field front_matter cannot be set.", f"{top}/front_matter"))
    if places:
        raise _failed(places)
    cleared = {name: getattr(EMPTY, name) for key, value in data.items() if value is None and (name := field_of(key))}
    rest = {key: value for key, value in data.items() if key not in reading.used and key != "custom"}
    return {**cleared, **reading.values, "custom": {**rest, **(own or {})}}


def override(metadata: Metadata, overrides: Mapping[str, Any]) -> Metadata:
    """`metadata` with the result of `load_overrides` on top. A custom key that is null there is removed."""
    fields = {name: value for name, value in overrides.items() if name in FIELDS}
    own = overrides.get("custom", {})
    kept = {key: value for key, value in metadata.custom.items() if own.get(key, value) is not None or key not in own}
    return replace(metadata, **fields, custom=kept | {key: value for key, value in own.items() if value is not None})


def with_defaults(metadata: Metadata, defaults: Any) -> Metadata:
    """`metadata`, with the missing fields and custom keys from `defaults`. Raises ValidationFailed."""
    given = load_overrides(defaults, "metadata_defaults")
    missing = {name: value for name, value in given.items() if name in FIELDS and not getattr(metadata, name)}
    return replace(metadata, **missing, custom={**given["custom"], **metadata.custom})


def dump(metadata: Metadata) -> dict[str, Any]:
    """JSON: every field in the order of the record; missing ones are null, or [] for lists. The raw front matter is not in it."""
    out: dict[str, Any] = {name: dumped(getattr(metadata, name)) for name in FIELDS}
    return out | {"custom": dict(metadata.custom)}


EMPTY = Metadata()


def dumped(value: Any) -> Any:
    """A value of a field as JSON."""
    if isinstance(value, tuple):
        return [dumped(item) for item in value]
    if isinstance(value, (Author, Series)):
        return {name: text for name, text in dataclasses.asdict(value).items() if text}
    return value or None


def field_of(key: str) -> str:
    """The field that a key maps onto; empty for a custom key."""
    return FIELD_OF.get(plain_name(key), "")


def _read(given: Mapping[str, Any]) -> _Reading:
    data, partly = vendor_shapes.plain(given)
    keys: dict[str, list[str]] = {}
    for key in data:
        keys.setdefault(plain_name(key), []).append(key)
    reading = _Reading()
    for name, aliases in PLAIN_ALIASES.items():
        for key in (key for alias in aliases for key in keys.get(alias, ())):
            _take(name, key, data[key], reading)
    _source_that_is_an_address(data, reading, keys)
    _series_index(data, reading, keys)
    reading.used -= partly
    reading.doubts = [doubt for doubt in reading.doubts if doubt.path[0] in given]
    return reading


def _take(name: str, key: str, value: Any, reading: _Reading) -> None:
    """The value for a field, unless a key of higher precedence gave one; an empty value is ignored."""
    if value is None or value in ("", [], {}):
        reading.used.add(key)
        return
    if name in reading.values and name not in MERGED:
        return
    if isinstance(value, bool):  # `published: true`, `author: false`: a switch of the site
        if key == name:
            reading.doubts.append(Doubt((key,), "Is true or false. This field needs text.", lost=True))
        return
    kind = FIELDS[name]
    if isinstance(value, str) and kind.is_program(value):
        message = f"{value[:80]!r} is for another program to compute; it is not run and not shown."
        reading.doubts.append(Doubt((key,), message, lost=True, code="metadata-program"))
        return
    doubts: list[Doubt] = []
    result = kind.read(_divided(name, key, value), doubts)
    reading.doubts += [replace(doubt, path=(key, *doubt.path)) for doubt in doubts]
    if result:
        reading.values[name] = tuple(dict.fromkeys((*reading.values.get(name, ()), *result))) if name in MERGED else result
    is_nested = name in MERGED and isinstance(value, list) and any(isinstance(each, list) for each in value)
    if not is_nested and not any(doubt.lost for doubt in doubts):  # the field has no groups of items
        reading.used.add(key)


def _divided(name: str, key: str, value: Any) -> Any:
    """A text that is several if its key implies it or if it is written as a list; a list without lists in it."""
    if name in MERGED and isinstance(value, list):  # Hexo's `[[Travel, Rome], [Food]]`: a path of categories each
        return [item for each in value for item in (each if isinstance(each, list) else [each])]
    if name in MERGED and isinstance(value, str) and (found := LIST_AS_TEXT.fullmatch(value.strip())):
        return [item.strip(" \t\"'") for item in found["items"].split(",")]
    if isinstance(value, str) and plain_name(key) in BLANKS_DIVIDE:
        return by_blanks(value)
    if isinstance(value, str) and plain_name(key) in PLURAL_AUTHORS:
        return full_names(value)
    return value


def _source_that_is_an_address(data: Mapping[str, Any], reading: _Reading, keys: Mapping[str, list[str]]) -> None:
    """`source: https://…` without another address is the address of the article, not a publication's name."""
    for key in keys.get("source", ()):
        if "source_url" not in reading.values and is_url(data[key]) and reading.values.get("source_name") == data[key].strip():
            reading.values["source_url"] = reading.values.pop("source_name")


def _series_index(data: Mapping[str, Any], reading: _Reading, keys: Mapping[str, list[str]]) -> None:
    series = reading.values.get("series")
    for key in (key for name in INDEX_KEYS for key in keys.get(name, ())):
        index = scalar(data[key])
        if series and not series.index and index:
            series = reading.values["series"] = replace(series, index=index)
            reading.used.add(key)


def pointer(prefix: str, *path: str | int) -> str:
    """An RFC 6901 JSON pointer."""
    return prefix + "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def _doubtful(doubt: Doubt, prefix: str) -> Notice:
    where = pointer(prefix, *doubt.path)
    return notice(doubt.code, f"{where}: {doubt.message} Kept as it is.", stage="read", data={"pointer": where})


def _failed(places: list[Place]) -> ValidationFailed:
    return ValidationFailed(places[0].detail, places=places)


def _check(data: Mapping[str, Any]) -> None:
    """Replaces values that no file format supports: control characters, integers beyond 64 bits, deep nesting."""
    places: list[Place] = []
    todo: list[tuple[tuple[str | int, ...], Any]] = [((), data)]
    while todo:
        path, value = todo.pop()
        if isinstance(value, str) and ("\0" in value or CONTROLS.search(value)):
            places.append(Place("Contains control characters.", pointer("/metadata", *path)))
        elif isinstance(value, int) and not -(2**63) <= value < 2**63:
            places.append(Place("Must fit into 64 bits; send it as text.", pointer("/metadata", *path)))
        elif isinstance(value, float) and not abs(value) < float("inf"):
            places.append(Place("Must be a finite number.", pointer("/metadata", *path)))
        elif isinstance(value, (Mapping, list)):
            if len(path) > MAX_DEPTH:
                places.append(Place(f"Nested more than {MAX_DEPTH} deep.", pointer("/metadata", *path)))
                continue
            parts = value.items() if isinstance(value, Mapping) else enumerate(value)
            todo += [((*path, step), inner) for step, inner in parts]
            if isinstance(value, Mapping) and any("\0" in str(key) or CONTROLS.search(str(key)) for key in value):
                places.append(Place("A key contains control characters.", pointer("/metadata", *path)))
    if places:
        raise _failed(places)
