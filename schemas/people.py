"""Authors: texts, maps and lists of both, in the forms of sites, journals and citation files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from schemas.field_names import plain_name
from schemas.record_fields import Doubt, RecordField, decoded, named, scalar, unlinked
from service.model.document import Author

MARKS = re.compile(r"[;；，、]")
# `Ann Lee, Bob Ray` are two people under a key in the plural; `Lee, Ann`, `Ann Lee, PhD` and `Lee, Ann, Ray, Bob` are not.
FULL_NAMES = re.compile(r"[^\W\d][^\s,]*(?: [^\s,]+){1,3}(?:, ?[^\W\d][^\s,]*(?: [^\s,]+){1,3})+")
ORGANISATION = re.compile(r"\b(?:Universi\w+|Institut\w*|College|School|Department|Inc|Ltd|LLC|GmbH)\b")
ROLES = {"aut": "", "author": "", "edt": "editor", "trl": "translator", "ill": "illustrator", "ctb": "contributor"}
AUTHOR_KEYS = {
    plain_name(key): field
    for field, keys in {
        "name": "name text literal author full-name display-name", "sort": "sort sort-as file-as", "role": "role",
        "email": "email mail e-mail", "orcid": "orcid orcid-id",
        "affiliation": "affiliation affiliations institution institute organization organisation company university",
        "given": "given firstname first-name given-name given-names", "family": "family lastname last-name family-name surname",
    }.items()
    for key in keys.split()
}  # fmt: skip
CORRESPONDING = frozenset(map(plain_name, ("corresponding", "corresp", "is-corresponding", "corresponding-author")))
DETAIL_WORDS = "url website homepage title bio avatar image twitter github id"  # not fields, but keys of one author
DETAILS = frozenset(AUTHOR_KEYS) | frozenset(DETAIL_WORDS.split())


class Authors(RecordField):
    """A semicolon or a Chinese comma divides a text, unless in an entity: "A and B", "A, B" and "甲 乙" may each be one name."""

    def read(self, value: Any, doubts: list[Doubt]) -> tuple[Author, ...]:
        if isinstance(value, str):
            names = map(unlinked, MARKS.split(decoded(value)))
            return tuple(Author(name) for name in names if name)
        if isinstance(value, Mapping) and (people := by_name(value)):
            read = [self.one(person, (key,), doubts) for key, person in people]
        elif isinstance(value, list):
            read = [self.one(item, (index,), doubts) for index, item in enumerate(value)]
        else:
            read = [self.one(value, (), doubts)]
        return tuple(author for author in read if author)

    def one(self, value: Any, path: tuple[str | int, ...], doubts: list[Doubt]) -> Author | None:
        if isinstance(value, Mapping):
            people = by_name(value)
            return self.mapped(people[0][1] if len(people) == 1 else value, path, doubts)
        name = scalar(value)
        if name is None and value is not None:
            doubts.append(Doubt(path, "Must be a name or a map with a name.", lost=True))
        return Author(unlinked(decoded(name))) if name else None

    def mapped(self, value: Mapping[str, Any], path: tuple[str | int, ...], doubts: list[Doubt]) -> Author | None:
        found: dict[str, str] = {}
        parts = _flat(value)
        answers = [_is_set(parts.pop(key)) for key in list(parts) if plain_name(key) in CORRESPONDING]
        for key, item in parts.items():
            name, text = AUTHOR_KEYS.get(plain_name(key), ""), _text(item)
            if not name or name in found:
                doubts.append(Doubt((*path, key), "Not a field of an author.", lost=True))
            elif text is None and item is not None:
                doubts.append(Doubt((*path, key), "Must be text.", lost=True))
            elif text:
                if _has_more(item):
                    doubts.append(Doubt((*path, key), "Only its name is used.", lost=True))
                found[name] = self.checked(name, text, (*path, key), doubts)
        given, family = found.pop("given", ""), found.pop("family", "")
        found.setdefault("name", _full_name(given, family))
        if given and family:
            found.setdefault("sort", f"{family}, {given}")
        if not found["name"]:
            doubts.append(Doubt(path, "An author needs a name.", lost=True))
            return None
        return Author(**found, corresponding=any(answers))

    def checked(self, name: str, text: str, path: tuple[str | int, ...], doubts: list[Doubt]) -> str:
        if name == "name":
            return unlinked(decoded(text))
        if name == "role":
            return ROLES.get(text.strip().lower(), text)
        if name == "orcid":
            bare = orcid(text)
            if bare is None:
                doubts.append(Doubt(path, f"{text[:80]!r} is not an ORCID."))
            return bare or text
        if name == "email" and not re.fullmatch(r"[^@\s]+@[^@\s]+", text):
            doubts.append(Doubt(path, f"{text[:80]!r} is not an e-mail address."))
        return text


def by_name(value: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """`{Ann Lee: ann@x.example, Bob Ray: }` as maps with a name; empty if the keys are those of one author."""
    if not value or any(plain_name(key) in DETAILS for key in value):
        return []
    people: list[tuple[str, Mapping[str, Any]]] = []
    for key, about in value.items():
        if isinstance(about, Mapping):
            has_name = any(AUTHOR_KEYS.get(plain_name(each)) in ("name", "given", "family") for each in about)
            people.append((key, about if has_name else {"name": key, **about}))
        elif about is None or about is True or about == "":
            people.append((key, {"name": key}))
        elif isinstance(about, str):
            people.append((key, {"name": key, "email" if "@" in about else "affiliation": about}))
        else:
            return []
    return people


def full_names(text: str) -> list[str] | str:
    """`Ann Lee, Bob Ray` as a list, if each part is a full name; else the unchanged text."""
    if MARKS.search(text) or ORGANISATION.search(text) or not FULL_NAMES.fullmatch(text.strip()):
        return text
    return [name.strip() for name in text.split(",")]


def _flat(value: Mapping[str, Any]) -> dict[str, Any]:
    """`{name: {given: Ann, family: Lee}}` and `attributes: {corresponding: true}` (Quarto): their parts one level up."""
    out: dict[str, Any] = {}
    for key, item in value.items():
        if plain_name(key) in {"name", "attributes"} and isinstance(item, Mapping):
            out |= item
        else:
            out[key] = item
    return out


def _is_set(value: Any) -> bool:
    return value is True or str(scalar(value)).lower() in {"true", "yes", "1"}


def _full_name(given: str, family: str) -> str:
    """Family name first and without a blank in Chinese and Korean letters."""
    east = bool(re.fullmatch("[\u3400-\u9fff\uac00-\ud7a3]+", given + family))
    return family + given if east else f"{given} {family}".strip()


def _text(item: Any) -> str | None:
    """One text of an author; several affiliations are joined."""
    if isinstance(item, list):
        parts = [_text(each) for each in item]
        return None if None in parts else "; ".join(filter(None, parts))
    return named(item) if isinstance(item, Mapping) else scalar(item)


def _has_more(item: Any) -> bool:
    """Whether a map, or one in a list, has more than a name."""
    maps = [each for each in (item if isinstance(item, list) else [item]) if isinstance(each, Mapping)]
    return any(len(each) > 1 for each in maps)


def orcid(text: str) -> str | None:
    """The bare identifier, its check digit verified (ISO 7064, 11-2); None if it is not one."""
    bare = re.sub(r"^(?:https?://)?orcid\.org/", "", text.strip(), flags=re.IGNORECASE).upper()
    if not re.fullmatch(r"(?:[0-9]{4}-){3}[0-9]{3}[0-9X]", bare):
        return None
    total = 0
    for char in bare.replace("-", "")[:-1]:
        total = (total + int(char)) * 2
    check = (12 - total % 11) % 11
    return bare if bare[-1] == ("X" if check == 10 else str(check)) else None
