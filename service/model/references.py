"""References to files: spellings of the same upload, the files that a text names, and the cover."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from urllib.parse import unquote, urljoin

from service.model import font_files
from service.model.document import Asset, Conversion, Document
from service.model.errors import Place, ValidationFailed
from service.model.formats import INPUT_FORMATS

# Targets of images and links in each markup, and front-matter keys that name a file. Extra entries are harmless: what the article
# does not refer to is not used.
TARGETS = re.compile("|".join(each.references for each in INPUT_FORMATS.values() if each.references), re.M | re.X)
REMOTE = re.compile(r"[a-z][a-z0-9+.-]*:|//|#", re.I)


# Options that may name an uploaded file; a text with braces or a line feed is a style sheet and not a name.
NAMING = ("bibliography", "csl", "cover", "css", "reference", *font_files.ROLES)
NO_NAME = re.compile(r"[{}\n]|.{201}", re.S)
COVER_WORDS = frozenset({"", "none", "auto", "first", "drawn"})  # any other value of `cover` names an image


def names_file(option: str, value: object) -> bool:
    """Whether that value of an option can be the name of a file."""
    if option not in NAMING or not isinstance(value, str) or not value:
        return False
    if option in font_files.ROLES and not font_files.is_font(value):
        return False  # a family
    return not NO_NAME.search(value) and not (option == "cover" and value in COVER_WORDS)


def named_by_options(conversion: Conversion) -> tuple[str, ...]:
    """The names in options that could be files next to the article."""
    return tuple(str(conversion[name]) for name in NAMING if names_file(name, conversion[name]))


def named_cover(conversion: Conversion) -> str:
    """The image that the option `cover` names; empty for other values."""
    return "" if conversion.cover in COVER_WORDS else str(conversion.cover)


def check_cover(conversion: Conversion, names: Iterable[str]) -> None:
    """Raises ValidationFailed if the option `cover` names an image that is not among `names`."""
    cover = named_cover(conversion)
    if cover and normal_reference(cover) not in {normal_reference(name) for name in names}:
        detail = f"No image {cover!r} came with the article; send it as `asset` or in the bundle."
        raise ValidationFailed(detail, places=[Place(detail, "/cover")])


def named_files(data: bytes) -> Iterator[str]:
    """The names in an article's bytes that could be files next to it, as written."""
    for match in TARGETS.finditer(data.decode("utf-8", "replace")):
        name = next(filter(None, match.groups())).strip("\"'")
        if not REMOTE.match(name) and "\0" not in name and len(name) < 1000:
            yield name


def normal_reference(reference: str) -> str:
    """`./a%20b.png?x`, `img/../a b.png` and `a b.png` name the same upload."""
    return normal_path(unquote(reference.split("#", maxsplit=1)[0].split("?", maxsplit=1)[0]))


def normal_path(path: str) -> str:
    """`./a b.png`, `img\\..\\a b.png` and `a b.png` are the same file."""
    parts: list[str] = []
    for part in path.replace("\\", "/").split("/"):
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part not in {"", "."}:
            parts.append(part)
    return "/".join(parts)


class Uploads:
    """The uploads by their names, which may contain `#`, `?` and `%`, or be encoded like an address.

    A name that differs only in case is found if there is no exact one, as on many disks. Also a name in an archive
    with an unknown code page is found: by the bytes of the reference in a code page.
    """

    def __init__(self, assets: Iterable[Asset]) -> None:
        given = list(assets)
        self._named = {normal_reference(asset.name): asset for asset in given} | {
            normal_path(asset.name): asset for asset in given
        }
        self._folded: dict[str, list[Asset]] = {}
        for name, asset in self._named.items():
            found = self._folded.setdefault(name.casefold(), [])
            if asset not in found:
                found.append(asset)

    def find(self, reference: str) -> Asset | None:
        name = normal_reference(reference)
        alike = self._folded.get(name.casefold(), [])
        exact = self._named.get(name) or self._named.get(normal_path(reference))
        return exact or (alike[0] if len(alike) == 1 else None) or self._by_bytes(name)

    def _by_bytes(self, name: str) -> Asset | None:
        if name.isascii():
            return None
        raw = self._raw
        found = {id(asset): asset for page in CODE_PAGES if (asset := raw.get(_encoded(name, page)))}
        return next(iter(found.values())) if len(found) == 1 else None

    @cached_property
    def _raw(self) -> dict[bytes, Asset]:
        """The bytes that a name in an archive may have been, by the code pages that names are decoded from."""
        named = ((_encoded(name, page), asset) for name, asset in self._named.items() if not name.isascii() for page in DECODED)
        return {raw: asset for raw, asset in named if raw}


# Code pages of names in archives (APPNOTE.TXT, appendix D, and what Windows writes), and those that `archives` decodes from.
CODE_PAGES = ("utf-8", "cp437", "cp850", "cp852", "cp866", "cp932", "gb18030", "cp949", "cp950", "cp1250", "cp1251", "cp1252")
DECODED = ("cp437", "gb18030", "cp932", "utf-8")


def _encoded(name: str, code_page: str) -> bytes:
    try:
        return name.encode(code_page)
    except UnicodeEncodeError:
        return b""


def cover_reference(document: Document) -> str:
    """The target of `cover` in the front matter, resolved by the article's own URL if it is relative."""
    cover, base = document.metadata.cover, document.metadata.source_url
    try:
        return urljoin(base, cover) if base else cover
    except ValueError:
        return cover


def to_fetch(wanted: Sequence[str], conversion: Conversion) -> Sequence[str]:
    """The images without which a document is not written."""
    return wanted if conversion.images == "embed" else ()
