"""The kinds of metadata fields. Each reads the values of authors and reports its doubts.

Both inputs use the same `read`: front matter keeps the best value and gets a notice for each doubt; a request is
refused with a pointer to it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError, fields

from schemas import dates, languages, programs
from schemas.field_names import plain_name
from service.model.document import Series


@dataclass(frozen=True, slots=True)
class Doubt:
    """A value that a field cannot read completely; `code` is that of the notice.

    `lost`: the field does not contain it, so the key must stay among the custom ones.
    """

    path: tuple[str | int, ...]
    message: str
    lost: bool = False
    code: str = "metadata-unrecognised"


class RecordField(fields.Field[Any]):
    """A field with `read`; `_deserialize` is the strict way in."""

    def read(self, value: Any, doubts: list[Doubt]) -> Any:
        raise NotImplementedError

    def is_program(self, text: str) -> bool:
        return programs.is_program(text)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:  # noqa: ARG002
        doubts: list[Doubt] = []
        result = self.read(value, doubts)
        if doubts:
            raise ValidationError({".".join(map(str, doubt.path)) or "_schema": [doubt.message] for doubt in doubts})
        return result


def scalar(value: Any) -> str | None:
    """Text, numbers and booleans as text; None for a list or map."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    return value.strip() if isinstance(value, str) else None


# Keys of a map whose text represents the map.
NAME_KEYS = ("name", "text", "title", "label", "value", "term", "tag", "slug", "url", "id", "literal")


def named(value: Mapping[str, Any]) -> str | None:
    """The text of a map by the first of NAME_KEYS that it has."""
    plain = {plain_name(key): scalar(item) for key, item in value.items()}
    return next((text for name in NAME_KEYS if (text := plain.get(name))), None)


class Text(RecordField):
    """A text; of a map, its `name` (schema.org, license maps), of a list with one text, that text."""

    def read(self, value: Any, doubts: list[Doubt]) -> str:
        text = scalar(value)
        if text is None and isinstance(value, Mapping) and (text := named(value)) is not None:
            doubts += [Doubt((key,), "Not part of the field.", lost=True) for key in value if plain_name(key) not in NAME_KEYS]
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
    """ISO 8601 with the precision of the author; also from a map with a `date` (Docusaurus)."""

    def read(self, value: Any, doubts: list[Doubt]) -> str:
        if isinstance(value, Mapping) and scalar(value.get("date")):
            doubts += [Doubt((key,), "Not a date.", lost=True) for key in value if key != "date"]
            value = value["date"]
        return super().read(value, doubts)

    def normal(self, text: str, doubts: list[Doubt]) -> str:
        text = programs.expanded_keyword(text)
        if not text:
            return ""
        iso = dates.normalised(text)
        if iso is None:
            problem = f"{text[:80]!r} is not a date in a known form. Write it as YYYY-MM-DD."
            doubts.append(Doubt((), problem, code="date-unrecognised"))
        return iso or text

    def is_program(self, text: str) -> bool:
        return programs.is_date_program(text)


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


def unlinked(text: str) -> str:
    """The text of a wikilink (`[[Jane Doe]]`, `[[people/jane|Jane Doe]]`), as clippers write authors."""
    found = NOTE_LINK.fullmatch(text.strip())
    return found["shown"].strip() if found else text.strip()


SERIES_KEYS = {"name": "name", "title": "name", "index": "index", "number": "index", "position": "index", "volume": "index",
               "text": "name", "groupposition": "index"}  # fmt: skip


class SeriesField(RecordField):
    """A name, or a map of name and index; a list of one (Hugo's taxonomies) is that one."""

    def read(self, value: Any, doubts: list[Doubt]) -> Series | None:
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if not isinstance(value, Mapping):
            name = scalar(value)
            if name is None:
                doubts.append(Doubt((), "Must be a name or a map with a name.", lost=True))
            return Series(name) if name else None
        found: dict[str, str] = {}
        for key, item in value.items():
            part, text = SERIES_KEYS.get(plain_name(key), ""), scalar(item)
            if not part or part in found or text is None:
                doubts.append(Doubt((key,), "Not a field of a series.", lost=True))
            else:
                found[part] = text
        if not found.get("name"):
            doubts.append(Doubt((), "A series needs a name.", lost=True))
            return None
        return Series(**found)
