"""A zip upload → its article as the source, its other files as assets. Nothing is ever written to disk.

The central directory is checked before a byte is inflated, and inflated bytes are compared with its
sizes. Archives that are a document format (DOCX, EPUB, ODT) are not bundles and are returned unchanged.
"""

from __future__ import annotations

import contextlib
import io
import posixpath
import zipfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

import orjson

from service.containers import archives
from service.model.document import Asset, Notice, Source
from service.model.errors import AmbiguousArticle, InvalidArchive, NoArticle, Place
from service.model.notices import notice
from service.model.settings import Settings

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
# Members that mark an archive as a document.
DOCUMENTS = frozenset({"[Content_Types].xml", "META-INF/container.xml", "META-INF/manifest.xml", "mimetype"})
MOST_PARTS = 50  # of an archive of archives
ARTICLE_NAMES = ("article", "index")
DESCRIPTION = "colophon-collection.json"  # next to an article of a collection: the description of the others
# More often a licence, a read-me or data than the article.
PLAIN_TEXT = frozenset({".txt", ".text", ".csv", ".tsv", ".tab"})


def unbundle(source: Source, settings: Settings, suffixes: Collection[str]) -> Source:
    """The article in a bundle, with the rest as its assets; `source` itself when it is not a bundle.

    `suffixes` are those of readers. Raises NoArticle, AmbiguousArticle, and as `unpacked`.
    """
    files = unpacked(source.data, settings)
    return source if files is None else one_article(source, files, described(files) or _article(list(files), suffixes))


def one_article(source: Source, files: Mapping[str, bytes], article: str, wanted: Iterable[str] | None = None) -> Source:
    """That member of a bundle as a source; its assets are the other members, or those of `wanted`, with paths relative to it."""
    folder = posixpath.dirname(article)
    names = [name for name in (files if wanted is None else wanted) if name != article]
    assets = [Asset(posixpath.relpath(name, folder or "."), files[name]) for name in names]
    name = posixpath.basename(article)
    given = [_renamed(asset, posixpath.basename(source.name), name) for asset in source.assets]
    return replace(source, name=name, data=files[article], media_type="", assets=(*given, *assets), address="", fetched_at="")


def _renamed(asset: Asset, bundle: str, article: str) -> Asset:
    """The metadata file of a bundle, `a.zip.metadata.json`, belongs to its article."""
    name = asset.name.removeprefix("./")
    is_metadata = name.startswith(f"{bundle}.metadata.")
    return replace(asset, name=article + name.removeprefix(bundle)) if is_metadata else asset


def unpacked(data: bytes, settings: Settings) -> dict[str, bytes] | None:
    """The files of a bundle by their normalized names; None if it is not an archive, or is a document.

    Raises InvalidArchive, UnsafeArchive, ArchiveTooLarge, each with the entry at fault.
    """
    if not data.startswith(MAGIC):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if any(entry.filename in DOCUMENTS for entry in entries):
                return None
            files = archives.inflated(archive, archives.checked(entries, settings), settings)
    except archives.DAMAGED as error:
        raise InvalidArchive("The zip archive is damaged.") from error
    return _of_parts(files, settings) if _is_in_parts(files) else files


def _is_in_parts(names: Iterable[str]) -> bool:
    """Whether the archive holds archives and nothing else, as a large export of Notion does."""
    found = list(names)
    return 0 < len(found) <= MOST_PARTS and all(name.lower().endswith(".zip") for name in found)


def _of_parts(parts: dict[str, bytes], settings: Settings) -> dict[str, bytes]:
    """The files of all parts; one whose name another part has is in a folder named after its part. The limits hold for all."""
    found: dict[str, bytes] = {}
    for part, data in parts.items():
        inside = None if _is_in_parts(_names(data)) else unpacked(data, settings)
        if inside is None:
            return parts
        for name, each in inside.items():
            is_taken = name in found and found[name] != each
            found[f"{posixpath.splitext(part)[0]}/{name}" if is_taken else name] = each
        if len(found) > settings.bundle_entries or sum(map(len, found.values())) > settings.bundle_unpacked:
            raise archives.too_large(settings)
    return found


def _names(data: bytes) -> list[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.namelist()
    except archives.DAMAGED:
        return []


def readable(names: Iterable[str], suffixes: Collection[str]) -> list[str]:
    """The files with a reader; plain text only if there is nothing else."""
    found = [name for name in names if posixpath.splitext(name)[1].lower() in suffixes]
    return [name for name in found if posixpath.splitext(name)[1].lower() not in PLAIN_TEXT] or found


ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst")


def ignored(source: Source) -> tuple[Notice, ...]:
    """The notice about archives in the archive, which are not opened; only the directory is read, which `unpacked` checks."""
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            names = archive.namelist()
    except archives.DAMAGED:
        return ()
    found = [name for name in names if name.lower().endswith(ARCHIVES) and not archives.CLUTTER.search(name)]
    if not found or _is_in_parts(names) or not DOCUMENTS.isdisjoint(names):
        return ()
    message = f"{', '.join(found[:10])} in the archive was not read. Unpack it, and send its files."
    return (notice("archive-ignored", message, stage="read", data={"names": found[:100]}),)


def described(files: Mapping[str, bytes]) -> str:
    """The article next to its DESCRIPTION: the archive is that article with its files. Else empty."""
    for name in files:
        if posixpath.basename(name) == DESCRIPTION:
            with contextlib.suppress(ValueError, KeyError, TypeError, AttributeError):
                article = posixpath.join(posixpath.dirname(name), posixpath.basename(orjson.loads(files[name])["article"]))
                return article if article in files else ""
    return ""


def _article(names: Sequence[str], suffixes: Collection[str]) -> str:
    """`article.*`, then `index.*`, nearest to the top; else the only file with a reader, plain text last."""
    found = readable(names, suffixes)
    if not found:
        if all(name.lower().endswith(ARCHIVES) for name in names) and names:
            inside = ", ".join(names)[:200]
            raise NoArticle(f"The archive holds only other archives ({inside}). Unpack them, and send their files.")
        known = ", ".join(sorted(suffixes))
        raise NoArticle(f"None of the archive's {len(names)} files is an article. Supported suffixes: {known}.")
    for stem in ARTICLE_NAMES:
        if named := named_so(names, suffixes, stem):
            return _only(named)
    return _only(found)


def named_so(names: Iterable[str], suffixes: Collection[str], stem: str) -> list[str]:
    """The files with a reader and the name `stem`, nearest to the top."""
    taken = [name for name in names if posixpath.splitext(name)[1].lower() in suffixes]
    named = [name for name in taken if posixpath.splitext(posixpath.basename(name))[0].casefold() == stem]
    return _topmost(named) if named else []


def _topmost(names: Sequence[str]) -> list[str]:
    top = min(name.count("/") for name in names)
    return [name for name in names if name.count("/") == top]


def _only(names: Sequence[str]) -> str:
    if len(names) > 1:
        shown = ", ".join(sorted(names)[:10])
        raise AmbiguousArticle(
            f"The archive contains {len(names)} articles ({shown}). Name one of them article or index, "
            "or combine them as one book.",
            places=[Place(name) for name in sorted(names)[:20]],
        )
    return names[0]
