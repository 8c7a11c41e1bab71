"""The articles in an archive, and the files of the archive that each of them names."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from urllib.parse import unquote

from service.input import bundle
from service.model import codec, font_files
from service.model.document import Asset, Source
from service.model.references import named_files, normal_reference

OPTIONS_FILES = ("colophon.yaml", "colophon.yml")  # options for all articles of an archive
METADATA_FILES = ("metadata.yaml", "metadata.yml", "metadata.toml", "metadata.json")


def among(names: Sequence[str], suffixes: Collection[str]) -> list[str]:
    """The articles among the files of an archive; only one if all others are parts of it."""
    found = bundle.readable(names, suffixes)
    above = bundle.named_so(found, suffixes, "article")
    folder = posixpath.dirname(above[0]) if above else ""
    is_one = len(above) == 1 and all(not folder or name.startswith(folder + "/") for name in found)
    return above if is_one else found


class Listing:
    """The names in an unpacked archive, read once for all its articles: reading them again for each takes quadratic time."""

    def __init__(self, names: Iterable[str]) -> None:
        self._places = {name: place for place, name in enumerate(names)}
        self._fonts = frozenset(filter(font_files.is_uploaded, self._places))

    def with_fonts(self, wanted: Iterable[str]) -> list[str]:
        """The files among `wanted` and the fonts, in the order of the archive."""
        found = self._fonts.union(name for name in wanted if name in self._places)
        return sorted(found, key=self._places.__getitem__)


def from_bundle(archive: Source, files: Mapping[str, bytes], listing: Listing, name: str, named: Sequence[str]) -> Source:
    """That article of an unpacked archive with the files that its text or the options name. `listing` is that of `files`."""
    wanted = referenced(name, files[name], named) | set(metadata_names(name)) | _options_above(name, files)
    return replace(bundle.one_article(archive, files, name, listing.with_fonts(wanted)), name=name)


def _options_above(article: str, files: Mapping[str, bytes]) -> set[str]:
    """The file of options in the folder of the article or in one above it: the nearest."""
    folder = posixpath.dirname(article)
    while True:
        if found := {place for name in OPTIONS_FILES if (place := posixpath.join(folder, name)) in files}:
            return found
        if not folder:
            return set()
        folder = posixpath.dirname(folder)


def referenced(name: str, data: bytes, named: Sequence[str]) -> set[str]:
    """The files of an archive that the article `name` with the bytes `data` refers to, and those that the options name."""
    folder = posixpath.dirname(name)
    references = (each.split("#")[0].split("?")[0] for each in (*named_files(data), *named))
    return {posixpath.normpath(posixpath.join(folder, unquote(each))) for each in references}


def metadata_names(article: str) -> list[str]:
    """The files with the metadata of one article among several: `a.md.metadata.json` for `a.md`."""
    return [f"{article}.{each}" for each in METADATA_FILES]


def only_named(source: Source, assets: Sequence[Asset], named: Sequence[str], name: str = "") -> Source:
    """The source with those of the job's assets that its text names, or the options do, and its own metadata file.

    `name` is the name of the article for its metadata file, if that is different.
    """
    wanted = (*named_files(source.data), *named, *metadata_names(name or source.name))
    references = {normal_reference(each).casefold() for each in wanted}
    kept = (each for each in assets if font_files.is_uploaded(each.name) or normal_reference(each.name).casefold() in references)
    return replace(source, assets=(*source.assets, *kept))


class Shared(codec.Blobs):
    """Blobs in which each object occurs once."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: dict[int, int] = {}

    def put(self, data: bytes) -> int:
        if id(data) not in self._seen:
            self._seen[id(data)] = super().put(data)
        return self._seen[id(data)]
