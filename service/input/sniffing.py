"""Chooses the reader of a source: by the declaration of the client, else by the content, else by the name.

A name is a claim: content of another known format wins over it. If no reader exists for that format,
the source is refused instead of read as text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from service.model.document import Source
from service.model.errors import UnsupportedFormat
from service.model.formats import INPUT_FORMATS

AUTO = "auto"
DEFAULT = "markdown"  # text that claims nothing is an article
# Media types that say nothing: what browsers and curl send when they do not know.
VAGUE = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/x-www-form-urlencoded", "text/plain"})
# The first bytes of formats that are not articles, so that a refusal can name the format.
MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF without an embedded article of Colophon"),
    (b"PK\x03\x04", "a zip archive"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word, Excel or PowerPoint file, or one with a password"),
    (b"{\\rtf", "an RTF file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an XZ archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
    (b"SQLite format 3\x00", "a database"),
    (b"OggS", "an Ogg file"),
    (b"ID3", "an MP3 file"),
)
SUFFIX = re.compile(r"[a-z][a-z0-9_+-]{0,9}")


class Recognizer(Protocol):
    """The part of a reader that is used here: whether content is of its format."""

    @property
    def matches(self) -> Callable[[bytes], bool]: ...


Readers = Mapping[str, Recognizer]


def reader_of(source: Source, declared: str, readers: Readers) -> str:
    """The name of the reader for `source`. Raises UnsupportedFormat with the list of what can be read."""
    data = source.data
    if declared.lower() not in {"", AUTO}:
        return _checked(_named(declared), data, readers)
    by_content = next((name for name, reader in readers.items() if reader.matches(data)), None)
    if by_content:
        return by_content
    if found := next((name for name in _claims(source) if name), None):
        return _checked(found, data, readers)
    if _suffix(source.name):
        if what := _magic(data):
            raise _refusal(f"The file is {what}.{_remedy(what)}")
        raise _refusal(f"{_suffix(source.name)} files are not supported.")
    return _checked(DEFAULT, data, readers)


def _claims(source: Source) -> Iterator[str | None]:
    """The format by the name, then by the media type, because clients guess the type from the name."""
    suffix, media_type = _suffix(source.name), source.media_type.split(";")[0].strip().lower()
    yield next((each.name for each in INPUT_FORMATS.values() if suffix in each.suffixes), None)
    if media_type not in VAGUE:
        yield next((each.name for each in INPUT_FORMATS.values() if media_type in each.media_types), None)


def _named(declared: str) -> str:
    """The format a client named, by its name, an alias, a suffix or a media type."""
    word = declared.strip().lower()
    for each in INPUT_FORMATS.values():
        if word in {each.name, *each.aliases, *each.media_types} or f".{word.lstrip('.')}" in each.suffixes:
            return each.name
    raise _refusal(f"The format {declared!r} is not supported.")


def _checked(name: str, data: bytes, readers: Readers) -> str:
    """`name`, unless the bytes are known to be what that reader does not read."""
    what = _magic(data)
    if what and not readers[name].matches(data):
        raise _refusal(f"The file is {what}, not {name}.{_remedy(what)}")
    return name


def _magic(data: bytes) -> str:
    return next((what for magic, what in MAGIC if data.startswith(magic)), "")


def _remedy(what: str) -> str:
    if what.endswith(" archive") and "zip archive" not in what:
        return " Unpack it, and send the article or a zip of its files."
    return " Save it as .docx, .xlsx or .pptx without a password." if "old Word" in what else ""


def _suffix(name: str) -> str:
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    stem, dot, suffix = base.rpartition(".")
    return f".{suffix.lower()}" if dot and stem and SUFFIX.fullmatch(suffix.lower()) else ""


def _refusal(reason: str) -> UnsupportedFormat:
    known = "; ".join(f"{each.name} ({', '.join(each.suffixes)})" for each in INPUT_FORMATS.values())
    return UnsupportedFormat(f"{reason} Supported suffixes: {known}.", extra={"readable": list(INPUT_FORMATS)})
