"""Writes front matter again: the author's, with the changes in the record."""

from __future__ import annotations

from typing import Any

from schemas.field_names import plain_name
from schemas.metadata import FIELDS, INDEX_KEYS, dumped, field_of, load
from service.model.document import Metadata


def changed(metadata: Metadata) -> dict[str, Any]:
    """The raw front matter, with each field and custom key that was changed, added or removed in the record.

    Unchanged fields stay as the author wrote them, under the author's key.
    """
    said = load(metadata.front_matter)[0]
    out = dict(metadata.front_matter)
    for name in FIELDS:
        if getattr(said, name) != getattr(metadata, name):
            _put(out, said, name, _written(name, getattr(metadata, name)))
    for key, value in {**dict.fromkeys(said.custom), **metadata.custom}.items():
        if key not in metadata.custom:
            out.pop(key, None)
        elif key not in said.custom or said.custom[key] != value:
            out[key] = value
    return out


def _put(out: dict[str, Any], said: Metadata, name: str, value: Any) -> None:
    """The value in place of the earlier sources of the field; an empty value is left out."""
    keys = [key for key in out if key not in said.custom and (field_of(key) == name or _gives(key, said, name))]
    at = list(out).index(keys[0]) if keys else 0 if name == "title" else len(out)
    items = [(key, each) for key, each in out.items() if key not in keys]
    if value:
        key = keys[0] if keys and field_of(keys[0]) == name else name
        items.insert(at, (key, value))
    out.clear()
    out.update(items)


def _gives(key: str, said: Metadata, name: str) -> bool:
    """Other keys that a field may come from: the index of a series, and `source` if it is an address."""
    if name == "series":
        return plain_name(key) in INDEX_KEYS
    return name == "source_url" and plain_name(key) == "source" and not said.source_name


def _written(name: str, value: Any) -> Any:
    """The value of a field from which `load` reads the same value: plain text if that is enough."""
    found = dumped(value)
    if name != "authors" or not found:
        return found
    plain = [each["name"] for each in found]
    return plain if getattr(load({name: plain})[0], name) == value else found
