"""Which reader a source gets: what the client declared, else what the content is, else what its name says.

A name is a claim: content that is known to be something else wins over it, and if nothing here reads that
something, the source is refused rather than read as the text it is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from service.model.document import Source
from service.model.errors import UnsupportedFormat
from service.readers.base import Reader

AUTO = "auto"
DEFAULT = "markdown"  # text that claims nothing is an article
# Other words for a reader that clients use: the dialects are options of the markdown reader.
ALIASES: Mapping[str, str] = {
    "gfm": "markdown", "commonmark": "markdown", "commonmark_x": "markdown",
    "plain": "text", "xhtml": "html", "word": "docx", "tex": "latex", "notebook": "ipynb", "jupyter": "ipynb", "tsv": "csv",
}  # fmt: skip
# Media types that say nothing: what browsers and curl send when they don't know.
VAGUE = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/x-www-form-urlencoded", "text/plain"})
# The first bytes of formats that no article has, for a refusal that names what was sent.
MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF that carries no article of ours"),
    (b"PK\x03\x04", "a zip archive"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word, Excel or PowerPoint file"),
    (b"{\\rtf", "an RTF file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
    (b"SQLite format 3\x00", "a database"),
    (b"OggS", "an Ogg file"),
    (b"ID3", "an MP3 file"),
)
SUFFIX = re.compile(r"[a-z][a-z0-9_+-]{0,9}")


def reader_of(source: Source, declared: str, readers: Mapping[str, Reader]) -> str:
    """The name of the reader for `source`. Raises UnsupportedFormat with the list of what can be read."""
    data = source.data
    if declared.lower() not in {"", AUTO}:
        return _checked(_named(declared, readers), data, readers)
    by_content = next((reader.name for reader in readers.values() if reader.matches(data)), None)
    if by_content:
        return by_content
    if found := next((name for name in _claims(source, readers) if name), None):
        return _checked(found, data, readers)
    if _suffix(source.name):
        if what := _magic(data):
            raise _refusal(f"The file is {what}.", readers)
        raise _refusal(f"{_suffix(source.name)} files can't be read here.", readers)
    return _checked(DEFAULT, data, readers)


def _claims(source: Source, readers: Mapping[str, Reader]) -> Iterator[str | None]:
    """What the name, then the media type say; the name first, for clients guess the type from it at best."""
    suffix, media_type = _suffix(source.name), source.media_type.split(";")[0].strip().lower()
    yield next((reader.name for reader in readers.values() if suffix in reader.suffixes), None)
    if media_type not in VAGUE:
        yield next((reader.name for reader in readers.values() if media_type in reader.media_types), None)


def _named(declared: str, readers: Mapping[str, Reader]) -> str:
    """The reader a client named, by its name, an alias, a suffix or a media type."""
    word = declared.strip().lower()
    word = ALIASES.get(word, word)
    for reader in readers.values():
        if word == reader.name or f".{word.lstrip('.')}" in reader.suffixes or word in reader.media_types:
            return reader.name
    raise _refusal(f"The format {declared!r} can't be read here.", readers)


def _checked(name: str, data: bytes, readers: Mapping[str, Reader]) -> str:
    """`name`, unless the bytes are known to be what that reader does not read."""
    what = _magic(data)
    if what and not readers[name].matches(data):
        raise _refusal(f"The file is {what}, not {name}.", readers)
    return name


def _magic(data: bytes) -> str:
    return next((what for magic, what in MAGIC if data.startswith(magic)), "")


def _suffix(name: str) -> str:
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    stem, dot, suffix = base.rpartition(".")
    return f".{suffix.lower()}" if dot and stem and SUFFIX.fullmatch(suffix.lower()) else ""


def _refusal(reason: str, readers: Mapping[str, Reader]) -> UnsupportedFormat:
    known = "; ".join(f"{reader.name} ({', '.join(reader.suffixes)})" for reader in readers.values())
    return UnsupportedFormat(f"{reason} Readable are: {known}.", extra={"readable": list(readers)})
