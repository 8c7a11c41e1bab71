"""The articles of an upload for a job: each file is one, and a zip of several is taken apart. Runs in a worker.

A job is for many: where `unbundle` must refuse an archive of several articles, here each becomes a source, with the
files of the archive that its text names. An archive with one article stays as it is, and is unbundled when it is read.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from service.input import bundle, feeds
from service.model import codec
from service.model.document import Asset, Source
from service.model.references import named_files, normal_reference
from service.model.settings import Settings

OPTIONS_FILES = ("colophon.yaml", "colophon.yml")  # options for all articles of an archive
METADATA_FILES = ("metadata.yaml", "metadata.yml", "metadata.toml", "metadata.json")


def split(
    source: Source, settings: Settings, suffixes: Collection[str], named: Sequence[str] = (), since: str = ""
) -> list[Source]:
    """The sources in an upload; names are paths within the archive. `named` are files that the options name.

    An entry of a feed is an article; those older than `since` are left out.

    A file named `article` above all others makes an archive one article, as ever; `index` does not, for here the others
    would be lost. Raises what `input.bundle.unpacked` does; an archive without an article is left to the reader to refuse.
    """
    if feed := feeds.unpacked(source.data, since):
        return [Source(name, feed.files[name], "text/html") for name in feed.articles]
    files = bundle.unpacked(source.data, settings)
    found = among(list(files), suffixes) if files else []
    if files is None or len(found) <= 1:
        return [source]
    return [from_bundle(source, files, name, named) for name in found]


def among(names: Sequence[str], suffixes: Collection[str]) -> list[str]:
    """The articles among the files of an archive; that one alone of which all others are parts."""
    found = bundle.readable(names, suffixes)
    above = bundle.named_so(found, suffixes, "article")
    folder = posixpath.dirname(above[0]) if above else ""
    is_one = len(above) == 1 and all(not folder or name.startswith(folder + "/") for name in found)
    return above if is_one else found


def from_bundle(archive: Source, files: Mapping[str, bytes], name: str, named: Sequence[str]) -> Source:
    """That article of an unpacked archive with the files that its text or the options name."""
    wanted = (referenced(name, files[name], named) | set(metadata_names(name)) | _options_above(name, files)) & files.keys()
    return replace(bundle.one_article(archive, files, name, wanted), name=name)


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
    """The files of an archive that the article `name`, which is `data`, refers to, and those that the options name."""
    folder = posixpath.dirname(name)
    references = (each.split("#")[0].split("?")[0] for each in (*named_files(data), *named))
    return {posixpath.normpath(posixpath.join(folder, unquote(each))) for each in references}


def metadata_names(article: str) -> list[str]:
    """The files that hold the metadata of one article among several: `a.md.metadata.json` for `a.md`."""
    return [f"{article}.{each}" for each in METADATA_FILES]


def only_named(source: Source, assets: Sequence[Asset], named: Sequence[str], name: str = "") -> Source:
    """The source with those of the job's assets that its text names, or the options do, and its own metadata file.

    `name` is what the metadata file calls the article, where that is not its name.
    """
    wanted = (*named_files(source.data), *named, *metadata_names(name or source.name))
    references = {normal_reference(each) for each in wanted}
    return replace(source, assets=(*source.assets, *(each for each in assets if normal_reference(each.name) in references)))


def serve_split(
    header: Mapping[str, Any], blobs: Sequence[bytes], settings: Settings, suffixes: Collection[str]
) -> tuple[dict[str, Any], list[bytes]]:
    """The operation of a worker: `sources` and the job's `assets` in, sources out; a blob that several name is sent once."""
    assets = [codec.unpack_asset(each, blobs) for each in header["assets"]]
    parts = Shared()
    given = [codec.unpack_source(each, blobs) for each in header["sources"]]
    sources = [source for each in given for source in split(each, settings, suffixes, header["named"], header["since"])]
    if len(sources) == 1:
        sources = [replace(sources[0], assets=(*sources[0].assets, *assets))]
    else:
        sources = [only_named(each, assets, header["named"]) for each in sources]
    return {"sources": [codec.pack_source(each, parts) for each in sources]}, list(parts)


class Shared(codec.Blobs):
    """Blobs in which the same object stands once."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: dict[int, int] = {}

    def put(self, data: bytes) -> int:
        if id(data) not in self._seen:
            self._seen[id(data)] = super().put(data)
        return self._seen[id(data)]
