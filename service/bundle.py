"""A zip upload → its article as the source, its other files as assets. Nothing is ever written to disk.

What the central directory claims is checked before a byte is inflated, and what is inflated is counted against the
claim. Archives that are themselves a format (DOCX, EPUB, ODT) are no bundles and are handed back as they came.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Collection, Sequence
from dataclasses import replace

from service import archives
from service.config import Settings
from service.document import Asset, Source
from service.errors import AmbiguousArticle, InvalidArchive, NoArticle, Place

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
# Members by which an archive is a document of its own.
DOCUMENTS = frozenset({"[Content_Types].xml", "META-INF/container.xml", "META-INF/manifest.xml", "mimetype"})
ARTICLE_NAMES = ("article", "index")
PLAIN_TEXT = frozenset({".txt", ".text"})  # a licence or a read-me more often than the article


def unbundle(source: Source, settings: Settings, suffixes: Collection[str]) -> Source:
    """The article in a bundle, with the rest as its assets; `source` itself when it is no bundle.

    `suffixes` are those that a reader takes. Raises InvalidArchive, UnsafeArchive, ArchiveTooLarge, NoArticle,
    AmbiguousArticle, each with the entry at fault.
    """
    if not source.data.startswith(MAGIC):
        return source
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            entries = archive.infolist()
            if any(entry.filename in DOCUMENTS for entry in entries):
                return source
            members = archives.checked(entries, settings)
            article = _article(list(members), suffixes)
            files = archives.inflated(archive, members, settings)
    except archives.DAMAGED as error:
        raise InvalidArchive("The zip archive is damaged.") from error
    folder = posixpath.dirname(article)
    assets = [Asset(posixpath.relpath(name, folder or "."), data) for name, data in files.items() if name != article]
    return replace(source, name=posixpath.basename(article), data=files[article], media_type="", assets=(*source.assets, *assets))


def _article(names: Sequence[str], suffixes: Collection[str]) -> str:
    """`article.*`, then `index.*`, nearest to the top; else the only file that a reader takes, plain text last."""
    readable = [name for name in names if posixpath.splitext(name)[1].lower() in suffixes]
    if not readable:
        known = ", ".join(sorted(suffixes))
        raise NoArticle(f"None of the archive's {len(names)} files can be read as an article. Readable are: {known}.")
    for stem in ARTICLE_NAMES:
        named = [name for name in readable if posixpath.splitext(posixpath.basename(name))[0].casefold() == stem]
        if named:
            return _only(_topmost(named))
    return _only([name for name in readable if posixpath.splitext(name)[1].lower() not in PLAIN_TEXT] or readable)


def _topmost(names: Sequence[str]) -> list[str]:
    top = min(name.count("/") for name in names)
    return [name for name in names if name.count("/") == top]


def _only(names: Sequence[str]) -> str:
    if len(names) > 1:
        shown = ", ".join(sorted(names)[:10])
        raise AmbiguousArticle(
            f"The archive holds {len(names)} articles ({shown}); name one of them article or index.",
            places=[Place(name) for name in sorted(names)[:20]],
        )
    return names[0]
