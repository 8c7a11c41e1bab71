"""The kinds of metadata fields. Each reads what authors write and says what it doubts.

One `read` serves both ways in: the front matter keeps the best value and gets a notice for each doubt; a request is
refused with a pointer to it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError, fields

from schemas import dates, languages
from service.model.document import Author, Series


@dataclass(frozen=True, slots=True)
class Doubt:
    """What a field could not make sense of; `lost` where the value read does not hold it, so that it must be kept elsewhere."""

    path: tuple[str | int, ...]
    message: str
    lost: bool = False


class RecordField(fields.Field[Any]):
    """A field with `read`; `_deserialize` is the strict way in."""

    def read(self, value: Any, doubts: list[Doubt]) -> Any:
        raise NotImplementedError

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:  # noqa: ARG002
        doubts: list[Doubt] = []
        result = self.read(value, doubts)
        if doubts:
            raise ValidationError({".".join(map(str, doubt.path)) or "_schema": [doubt.message] for doubt in doubts})
        return result


def scalar(value: Any) -> str | None:
    """Text, numbers and booleans as they are written; None for a list or map."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    return value.strip() if isinstance(value, str) else None


class Text(RecordField):
    def read(self, value: Any, doubts: list[Doubt]) -> str:
        text = scalar(value)
        if text is None:
            doubts.append(Doubt((), "Must be text.", lost=True))
            return ""
        return self.normal(text, doubts)

    def normal(self, text: str, doubts: list[Doubt]) -> str:  # noqa: ARG002 for the kinds below
        return text


ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
NOTE_LINK = re.compile(r"\[\[(?:[^\[\]|]*\|)?(?P<shown>[^\[\]|]+)\]\]")


def decoded(text: str) -> str:
    return ENTITY.sub(lambda match: html.unescape(match[0]), text)


class DisplayText(Text):
    """One line, for people to read: feeds leave HTML entities in it."""

    def normal(self, text: str, doubts: list[Doubt]) -> str:  # noqa: ARG002
        return " ".join(filter(None, (line.strip() for line in decoded(text).split("\n"))))


class DateText(Text):
    def normal(self, text: str, doubts: list[Doubt]) -> str:
        if not text:
            return ""
        iso = dates.normalised(text)
        if iso is None:
            doubts.append(Doubt((), f"{text[:80]!r} is not a date in a known form."))
        return iso or text


class Language(Text):
    def normal(self, text: str, doubts: list[Doubt]) -> str:
        tag = languages.normalised(text) if text else ""
        if tag is None:
            doubts.append(Doubt((), f"{text[:80]!r} is not a language (BCP 47).", lost=True))
        return tag or ""


class WebAddress(Text):
    def normal(self, text: str, doubts: list[Doubt]) -> str:
        if text and not is_url(text):
            doubts.append(Doubt((), f"{text[:80]!r} is not an absolute http or https URL.", lost=True))
            return ""
        return text


def is_url(text: Any) -> bool:
    return isinstance(text, str) and bool(re.fullmatch(r"https?://[^\s/]\S*", text.strip(), re.IGNORECASE))


class Doi(Text):
    def normal(self, text: str, doubts: list[Doubt]) -> str:
        bare = re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", "", text, flags=re.IGNORECASE)
        if bare and not re.fullmatch(r"10\.\d{4,9}/\S+", bare):
            doubts.append(Doubt((), f"{text[:80]!r} is not a DOI."))
            return text
        return bare


class Isbn(Text):
    def normal(self, text: str, doubts: list[Doubt]) -> str:
        bare = re.sub(r"^(?:urn:)?isbn(?:-1[03])?[:\s]*", "", text, flags=re.IGNORECASE)
        digits = re.sub(r"[\s-]", "", bare).upper()
        if text and not _isbn_holds(digits):
            doubts.append(Doubt((), f"{text[:80]!r} is not an ISBN."))
            return text
        return digits


def _isbn_holds(digits: str) -> bool:
    if re.fullmatch(r"[0-9]{9}[0-9X]", digits):
        return sum((10 - at) * (10 if char == "X" else int(char)) for at, char in enumerate(digits)) % 11 == 0
    return (
        bool(re.fullmatch(r"[0-9]{13}", digits))
        and sum(int(char) * (3 if at % 2 else 1) for at, char in enumerate(digits)) % 10 == 0
    )


def orcid(text: str) -> str | None:
    """The bare identifier, its check digit verified (ISO 7064, 11-2); None if it is none."""
    bare = re.sub(r"^(?:https?://)?orcid\.org/", "", text.strip(), flags=re.IGNORECASE).upper()
    if not re.fullmatch(r"(?:[0-9]{4}-){3}[0-9]{3}[0-9X]", bare):
        return None
    total = 0
    for char in bare.replace("-", "")[:-1]:
        total = (total + int(char)) * 2
    check = (12 - total % 11) % 11
    return bare if bare[-1] == ("X" if check == 10 else str(check)) else None


def unlinked(text: str) -> str:
    """What a link within a vault of notes shows (`[[Jane Doe]]`, `[[people/jane|Jane Doe]]`), as clippers write authors."""
    found = NOTE_LINK.fullmatch(text.strip())
    return found["shown"].strip() if found else text.strip()


class Words(RecordField):
    """A list, or one string that commas or semicolons part. Items of a list are never split."""

    def read(self, value: Any, doubts: list[Doubt]) -> tuple[str, ...]:
        if isinstance(value, list):
            words = []
            for index, item in enumerate(value):
                word = scalar(item)
                if word is None and item is not None:
                    doubts.append(Doubt((index,), "Must be text.", lost=True))
                words.append(word or "")
        elif (text := scalar(value)) is not None:
            words = re.split(r"[,;，；、]", text)
        else:
            doubts.append(Doubt((), "Must be text or a list of texts.", lost=True))
            return ()
        return tuple(dict.fromkeys(unlinked(word) for word in words if word.strip()))


AUTHOR_KEYS = {
    "name": "name", "sort": "sort", "file_as": "sort", "role": "role", "email": "email", "mail": "email", "orcid": "orcid",
    "affiliation": "affiliation", "institution": "affiliation", "organization": "affiliation",
    "given": "given", "firstname": "given", "first_name": "given",
    "family": "family", "lastname": "family", "last_name": "family",
}  # fmt: skip


class Authors(RecordField):
    """Texts and maps. Only a semicolon parts a text, none of an entity: "A and B", "A, B" and "甲 乙" may each be one name."""

    def read(self, value: Any, doubts: list[Doubt]) -> tuple[Author, ...]:
        if isinstance(value, str):
            return tuple(Author(unlinked(name)) for name in re.split(r"[;；]", decoded(value)) if name.strip())
        if not isinstance(value, list):
            author = self.one(value, (), doubts)
            return (author,) if author else ()
        read = [self.one(item, (index,), doubts) for index, item in enumerate(value)]
        return tuple(author for author in read if author)

    def one(self, value: Any, path: tuple[str | int, ...], doubts: list[Doubt]) -> Author | None:
        if isinstance(value, Mapping):
            return self.mapped(value, path, doubts)
        name = scalar(value)
        if name is None and value is not None:
            doubts.append(Doubt(path, "Must be a name or a map with a name.", lost=True))
        return Author(unlinked(decoded(name))) if name else None

    def mapped(self, value: Mapping[str, Any], path: tuple[str | int, ...], doubts: list[Doubt]) -> Author | None:
        found: dict[str, str] = {}
        for key, item in value.items():
            name, text = AUTHOR_KEYS.get(key.strip().lower().replace("-", "_"), ""), scalar(item)
            if not name or name in found:
                doubts.append(Doubt((*path, key), "Not a field of an author.", lost=True))
            elif text is None and item is not None:
                doubts.append(Doubt((*path, key), "Must be text.", lost=True))
            elif text:
                found[name] = self.checked(name, text, (*path, key), doubts)
        given, family = found.pop("given", ""), found.pop("family", "")
        found.setdefault("name", f"{given} {family}".strip())
        if given and family:
            found.setdefault("sort", f"{family}, {given}")
        if not found["name"]:
            doubts.append(Doubt(path, "An author needs a name.", lost=True))
            return None
        return Author(**found)

    def checked(self, name: str, text: str, path: tuple[str | int, ...], doubts: list[Doubt]) -> str:
        if name == "orcid":
            bare = orcid(text)
            if bare is None:
                doubts.append(Doubt(path, f"{text[:80]!r} is not an ORCID."))
            return bare or text
        if name == "email" and not re.fullmatch(r"[^@\s]+@[^@\s]+", text):
            doubts.append(Doubt(path, f"{text[:80]!r} is not an e-mail address."))
        return text


SERIES_KEYS = {"name": "name", "title": "name", "index": "index", "number": "index", "position": "index", "volume": "index"}


class SeriesField(RecordField):
    """A name, or a map of name and index."""

    def read(self, value: Any, doubts: list[Doubt]) -> Series | None:
        if not isinstance(value, Mapping):
            name = scalar(value)
            if name is None:
                doubts.append(Doubt((), "Must be a name or a map with a name.", lost=True))
            return Series(name) if name else None
        found: dict[str, str] = {}
        for key, item in value.items():
            part, text = SERIES_KEYS.get(key.strip().lower(), ""), scalar(item)
            if not part or part in found or text is None:
                doubts.append(Doubt((key,), "Not a field of a series.", lost=True))
            else:
                found[part] = text
        if not found.get("name"):
            doubts.append(Doubt((), "A series needs a name.", lost=True))
            return None
        return Series(**found)
