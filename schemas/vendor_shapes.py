"""Converts shapes of metadata of single programs to the plain shapes that the fields read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from schemas.field_names import CONTAINERS, NAMES, VOCABULARIES, plain_name, plain_names
from schemas.record_fields import scalar

DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?10\.\d{4,9}/\S+", re.IGNORECASE)
ISBN = re.compile(r"(?:urn:)?isbn[-:\s0-9]*", re.IGNORECASE)
TITLES = plain_names((("", "title"), *NAMES["title"]))
IDENTIFIERS = plain_names((("", "identifier"), *NAMES["identifier"]))
AFFILIATIONS = frozenset(("affiliations", "affiliation", "institutions", "institute", "institutes"))
AUTHORS = plain_names((("", "authors"), *NAMES["authors"]))
PUBLISHED = tuple(map(plain_name, ("published", "issued", "date", "iso", "value", "created")))
MODIFIED = tuple(map(plain_name, ("modified", "updated", "lastmod")))
REFERENCE_KEYS = ("index", "id", "ref", "key", "number")


def plain(data: Mapping[str, Any]) -> tuple[dict[str, Any], frozenset[str]]:
    """`data` with plain values in place of vendor shapes, and additional keys at the end; then the keys not completely read."""
    out: dict[str, Any] = {}
    more: dict[str, Any] = {}
    partly: set[str] = set()
    affiliations = _affiliations(data)
    for key, value in data.items():
        name = plain_name(key)
        out[key] = value
        if name in TITLES and _is_list_of_maps(value):
            out[key], said, rest = _titles(value)
        elif name in IDENTIFIERS:
            out[key], said, rest = _identifiers(value)
        elif name == "date" and isinstance(value, Mapping):
            out[key], said, rest = _dates(value)
        elif name in AUTHORS and affiliations:
            out[key], said, rest = _with_affiliations(value, affiliations), {}, False
        elif name in plain_names(CONTAINERS) and isinstance(value, Mapping):
            said, rest = dict(value), False
        elif name in plain_names(VOCABULARIES) and isinstance(value, Mapping):
            said, rest = {f"{name}:{each}": item for each, item in value.items()}, False
        else:
            continue
        more.update({each: item for each, item in said.items() if each not in more})
        partly |= {key} if rest else set()
    given = {plain_name(key) for key in data}
    return out | {key: value for key, value in more.items() if plain_name(key) not in given}, frozenset(partly)


def _is_list_of_maps(value: Any) -> bool:
    items = value if isinstance(value, list) else ()
    return bool(items) and all(isinstance(each, Mapping) and scalar(each.get("text")) for each in items)


def _titles(value: list[Mapping[str, Any]]) -> tuple[str, dict[str, Any], bool]:
    """Title and subtitle of pandoc's EPUB metadata: maps of `type` and `text`."""
    by_type: dict[str, str] = {}
    for each in value:
        by_type.setdefault(str(each.get("type", "main")), str(scalar(each["text"])))
    main = by_type.pop("main", "") or by_type.pop("title", "") or str(scalar(value[0]["text"]))
    subtitle = by_type.pop("subtitle", "")
    return main, {"subtitle": subtitle} if subtitle and subtitle != main else {}, bool(by_type) or len(value) > 2


def _dates(value: Mapping[str, Any]) -> tuple[Any, dict[str, Any], bool]:
    """The date of publication and of the last change, of a map of dates; the map itself if it has neither."""
    by_name = {plain_name(str(key)): text for key, each in value.items() if (text := scalar(each))}
    first = next((by_name[name] for name in PUBLISHED if name in by_name), None)
    modified = next((by_name[name] for name in MODIFIED if name in by_name), None)
    if first is None:
        return value, {}, False
    return first, {"modified": modified} if modified else {}, len(value) > 1 + bool(modified)


def _identifiers(value: Any) -> tuple[Any, dict[str, Any], bool]:
    """DOI, ISBN and another identifier, of texts and of maps of `scheme` and `text`."""
    found: dict[str, list[str]] = {"doi": [], "isbn": [], "identifier": []}
    items = value if isinstance(value, list) else [value]
    for each in items:
        is_map = isinstance(each, Mapping)
        text = scalar(each.get("text", each.get("value")) if is_map else each)
        if not text:
            return value, {}, False
        scheme = plain_name(str(each.get("scheme", each.get("type", "")))) if is_map else ""
        found[_kind(scheme, text)].append(text)
    said = {name: texts[0] for name, texts in found.items() if texts and name != "identifier"}
    rest = any(len(texts) > 1 for texts in found.values())
    return (found["identifier"] or [""])[0], said, rest


def _kind(scheme: str, text: str) -> str:
    if scheme.startswith("doi") or DOI.fullmatch(text):
        return "doi"
    return "isbn" if scheme.startswith("isbn") or ISBN.match(text) else "identifier"


def _affiliations(data: Mapping[str, Any]) -> dict[str, str]:
    """Names of affiliations by their index or id, where authors refer to them (JOSS, Quarto, pandoc templates)."""
    found: dict[str, str] = {}
    for value in (value for key, value in data.items() if plain_name(key) in AFFILIATIONS and isinstance(value, list)):
        for number, each in enumerate(value, 1):
            if not isinstance(each, Mapping):
                continue
            if len(each) == 1 and not scalar(each.get("name")):  # `- x: University of X`
                found |= {str(key): text for key, item in each.items() if (text := scalar(item))}
            elif name := scalar(each.get("name", each.get("text"))):
                references = [scalar(each.get(key)) for key in REFERENCE_KEYS]
                found |= dict.fromkeys(filter(None, [*references, str(number)]), name)
    return found


def _with_affiliations(value: Any, known: Mapping[str, str]) -> Any:
    """Authors with the names of affiliations in place of references to them."""
    if isinstance(value, list):
        return [_with_affiliations(each, known) for each in value]
    if not isinstance(value, Mapping):
        return value
    return {
        key: _resolved(item, known) if plain_name(key) in AFFILIATIONS else _with_affiliations(item, known)
        for key, item in value.items()
    }


def _resolved(item: Any, known: Mapping[str, str]) -> Any:
    if isinstance(item, list):
        return [_resolved(each, known) for each in item]
    if isinstance(item, Mapping):
        reference = scalar(item.get("ref"))
        return known.get(reference, item) if reference else item
    text = scalar(item) or ""
    parts = [part.strip() for part in text.split(",")]
    return "; ".join(known[part] for part in parts) if parts and all(part in known for part in parts) else item
