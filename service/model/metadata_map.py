"""The form of the fields at their places in each format. The places are in the rows of `service.model.metadata`.

`inspect` reads them, the check after each conversion compares them, and a test compares the writers with them. A place is a
part of the file and a name in it: `info:Title`, `xmp:dc:title`, `opf:dc:title`, `core:dc:title`, `custom:url`. A field without
a place is only in the embedded record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.model.metadata import CUSTOM, FIELDS, FORMATS, Cell, Metadata
from service.model.text import dates
from service.model.text.characters import legal

Native = Mapping[str, Any]
MAPPING: Mapping[str, Mapping[str, tuple[Cell, ...]]] = {
    name: {target: field.places(target) for target in FORMATS} for name, field in FIELDS.items() if not field.is_file
}


def own_values(metadata: Metadata, target: str, first: Sequence[str], **more: str) -> dict[str, str]:
    """The values under the prefix of a format: name there → value, with `more`. The names in `first` come first."""
    prefix = CUSTOM[target]
    found = {
        cell.place.removeprefix(prefix): expected(metadata, name)
        for name, formats in MAPPING.items()
        for cell in formats[target]
        if cell.place.startswith(prefix)
    }
    found |= more
    order = (*(name for name in first if name in found), *(name for name in found if name not in first))
    return {name: found[name] for name in order if found[name]}


def expected(metadata: Metadata, field: str) -> Any:
    """The value of a field in plain form: text, or a list of texts."""
    if field == "authors":
        return [author.name for author in metadata.authors]
    if field == "series":
        return metadata.series.name if metadata.series else ""
    value = getattr(metadata, field)
    return list(value) if isinstance(value, tuple) else value


def read(native: Native, cell: Cell) -> Any:
    """The value at a place: text, a list of texts, or None."""
    value = native.get(cell.place)
    return None if value in (None, "", []) else FORMS[cell.form].read(value)


def agrees(native: Native, cell: Cell, value: Any) -> bool:
    """Whether `value` can be found at the place."""
    held = native.get(cell.place)
    return held is not None and FORMS[cell.form].holds(held, value)


@dataclass(frozen=True, slots=True)
class Form:
    """The form of a value at a place: `read` reads it, `holds` compares it with a known one."""

    read: Callable[[Any], Any]
    holds: Callable[[Any, Any], bool]


def _text(value: Any) -> str:
    return str(value[0]) if isinstance(value, list) else str(value)


def _list(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def _split(separator: str) -> Form:
    """Joined texts: a text with the separator inside cannot be separated again, but it is complete."""
    return Form(
        lambda held: [part.strip() for part in _text(held).split(separator) if part.strip()],
        lambda held, value: same(_text(held), f"{separator} ".join(value)),
    )


def same(held: str, value: Any) -> bool:
    """Equal except for differences that XML and PDF cannot keep: blanks at the ends, and kinds of line ends."""
    return " ".join(held.split()) == " ".join(legal(str(value)).split())


def _same_list(held: Any, value: Any) -> bool:
    found = _list(held)
    return len(found) == len(value) and all(map(same, found, value))


def _among(held: list[str], value: Any) -> bool:
    return all(any(same(each, one) for each in held) for one in (value if isinstance(value, list) else [value]))


def _instant(held: Any, value: Any) -> bool:
    """A place with a date and time: compared as a moment; not compared if the value is not a date."""
    wanted = dates.instant(str(value))
    return wanted is None or dates.instant(_text(held)) == wanted


def _is_url(value: str) -> bool:
    return "://" in value or value.startswith("//")


def _pick(test: Callable[[str], bool]) -> Form:
    return Form(
        lambda held: next(filter(test, _list(held)), None),
        lambda held, value: _among(_list(held), value),
    )


FORMS: Mapping[str, Form] = {
    "text": Form(_text, lambda held, value: same(_text(held), value)),
    "first": Form(_text, lambda held, value: same(_text(held), value)),
    "list": Form(_list, _same_list),
    "comma": _split(","),
    "semicolon": _split(";"),
    "among": Form(_list, lambda held, value: _among(_list(held), value)),
    "among-comma": Form(
        lambda held: [part.strip() for part in _text(held).split(",") if part.strip()],
        lambda held, value: all(" ".join(each.split()) in " ".join(_text(held).split()) for each in value),
    ),
    "among-one": Form(_text, lambda held, value: _among(_list(held), value)),
    "instant": Form(_text, _instant),
    "day": Form(_text, lambda held, value: _text(held)[:10] == str(value)[:10] or dates.instant(str(value)) is None),
    "url": _pick(_is_url),
    "name": _pick(lambda value: not _is_url(value)),
    "doi": _pick(lambda value: value.startswith("10.")),
    "isbn": _pick(lambda value: value.replace("-", "").replace(" ", "").rstrip("Xx").isdigit()),
}


def metadata_of(native: Native, target: str) -> dict[str, Any]:
    """The fields from the native places of a file, for files without a record."""
    found: dict[str, Any] = {}
    for field, formats in MAPPING.items():
        values = (read(native, cell) for cell in formats[target])
        value = next((value for value in values if value not in (None, "", [])), None)
        if value is not None:
            found[field] = value
    prefix = CUSTOM[target]
    known = {cell.place for formats in MAPPING.values() for cell in formats[target]}
    own = {place: value for place, value in native.items() if place.startswith(prefix) and place not in known}
    custom = {place.removeprefix(prefix): value for place, value in own.items()}
    return found | ({"custom": custom} if custom else {})
