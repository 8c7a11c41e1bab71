"""Uploaded zip archives, bundles and documents: their directory is checked before a byte is inflated."""

from __future__ import annotations

import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping, Sequence

from service.model.errors import ArchiveTooLarge, InvalidArchive, Place, UnsafeArchive
from service.model.settings import Settings

# The exceptions of the zip library for damaged archives, all found by fuzzing.
DAMAGED = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, OverflowError, RuntimeError, ValueError, OSError,
)  # fmt: skip
CHUNK = 1 << 16
UTF8_NAME = 0x800
ENCRYPTED = 0x1 | 0x40 | 0x2000
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
# Files that archivers add by themselves.
CLUTTER = re.compile(r"(^|/)(__MACOSX|\.git|\.svn)(/|$)|(^|/)(\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*)$")
# The characters of a name in code page 437: ASCII and the letters of Western Europe, no box drawing.
LETTERS_437 = frozenset(map(chr, range(32, 127))) | frozenset(bytes(range(0x80, 0xA8)).decode("cp437")) | {"ß"}
KANA = re.compile("[\u3041-\u30ff]")
DRIVE = re.compile(r"[A-Za-z]:")
# Below this size a high ratio proves nothing: a small file of blanks compresses as well as a bomb.
RATIO_FROM = 1_000_000


def checked(entries: Sequence[zipfile.ZipInfo], settings: Settings) -> Mapping[str, zipfile.ZipInfo]:
    """The files by their normalized names, without folders and clutter, after the directory has passed every check."""
    if len(entries) > settings.bundle_entries:
        raise ArchiveTooLarge(
            f"The archive has {len(entries):,} entries. The limit is {settings.bundle_entries:,}.",
            extra={"limit": settings.bundle_entries},
        )
    members: dict[str, zipfile.ZipInfo] = {}
    seen: set[str] = set()
    for entry in entries:
        name = _safe_name(entry)
        key = name.rstrip("/").casefold()
        if key in seen:
            raise _unsafe(entry, "occurs twice")
        seen.add(key)
        if not entry.is_dir() and not CLUTTER.search(name):
            members[name] = entry
    _refuse_size(entries, settings)
    return members


def _safe_name(entry: zipfile.ZipInfo) -> str:
    """The entry's name in NFC. `orig_filename` is the name in the archive; zipfile cuts `filename` at a NUL."""
    raw, mode = _decoded_name(entry), entry.external_attr >> 16
    name = unicodedata.normalize("NFC", raw)
    if "\0" in raw or "\\" in raw or any(ord(one) < 32 for one in raw):
        raise _unsafe(entry, "has a character in its name that no name has")
    if name.startswith("/") or DRIVE.match(name):
        raise _unsafe(entry, "has an absolute path")
    if not name.rstrip("/") or any(part in ("", ".", "..") for part in name.rstrip("/").split("/")):
        raise _unsafe(entry, "has a path that leads elsewhere")
    if len(name) > 1_000:
        raise _unsafe(entry, "has a name that is too long")
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise _unsafe(entry, "is a link or a device")
    if entry.flag_bits & ENCRYPTED:
        raise _unsafe(entry, "is encrypted")
    if entry.compress_type not in METHODS:
        raise _unsafe(entry, "is packed with a method other than deflate")
    return name


def _decoded_name(entry: zipfile.ZipInfo) -> str:
    """Without the mark for UTF-8, zipfile uses code page 437; Windows in China writes GBK, macOS UTF-8."""
    name = entry.orig_filename
    if entry.flag_bits & UTF8_NAME or name.isascii():
        return name
    candidates = [found for encoding in ("utf-8", "gb2312") if (found := _recoded(name, encoding))]
    east_asian = [found for found in candidates if max(found) >= "\u2e80"]  # GBK's 图片 is valid UTF-8 too: two odd letters
    if candidates:
        return next(iter(east_asian or candidates))
    if LETTERS_437.issuperset(name):
        return name
    japanese = _recoded(name, "cp932")
    return japanese if KANA.search(japanese) else _recoded(name, "gb18030") or japanese or name


def _recoded(name: str, encoding: str) -> str:
    try:
        return name.encode("cp437").decode(encoding)
    except UnicodeError:
        return ""


def _unsafe(entry: zipfile.ZipInfo, why: str) -> UnsafeArchive:
    shown = repr(_decoded_name(entry)[:200])
    return UnsafeArchive(f"Entry {shown} {why}.", places=[Place(f"{shown} {why}")])


def _refuse_size(entries: Sequence[zipfile.ZipInfo], settings: Settings) -> None:
    total = sum(entry.file_size for entry in entries)
    if total > settings.bundle_unpacked:
        raise too_large(settings)
    for entry in entries:
        if entry.file_size > RATIO_FROM and entry.file_size > settings.bundle_ratio * max(1, entry.compress_size):
            raise ArchiveTooLarge(
                f"Entry {entry.filename[:200]!r} unpacks to more than {settings.bundle_ratio} times its size.",
                extra={"limit": settings.bundle_ratio},
            )


def too_large(settings: Settings) -> ArchiveTooLarge:
    return ArchiveTooLarge(
        f"The archive unpacks to more than {settings.bundle_unpacked:,} bytes.", extra={"limit": settings.bundle_unpacked}
    )


def inflated(archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo], settings: Settings) -> dict[str, bytes]:
    """The bytes of each member, counted while they are read, because a directory can be wrong."""
    files: dict[str, bytes] = {}
    left = settings.bundle_unpacked
    for name, entry in members.items():
        parts: list[bytes] = []
        with archive.open(entry) as stream:
            while chunk := stream.read(CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise too_large(settings)
                parts.append(chunk)
        files[name] = b"".join(parts)
        if len(files[name]) != entry.file_size:
            raise InvalidArchive(f"Entry {name[:200]!r} is cut short.")
    return files
