"""The articles of a batch: files of folders and patterns, the articles in zips, the entries of feeds, pages by address."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from service.commands.batches.outputs import Outputs, absolute
from service.commands.local_files import assets_beside, fetched, is_address, with_further
from service.input import articles, feeds
from service.input.bundle import DOCUMENTS
from service.model.artifact_names import safe_path
from service.model.document import Asset, Source
from service.model.errors import ColophonError, NoArticle
from service.model.formats import SUFFIXES

WILD = frozenset("*?[")


class Zip:
    """A zip of several articles: read member by member, for it may be larger than memory. Safe for threads."""

    def __init__(self, file: Path) -> None:
        """Raises OSError, BadZipFile."""
        self._archive = zipfile.ZipFile(file)
        entries = [entry.filename for entry in self._archive.infolist() if not entry.is_dir()]
        named = ((safe_path(name.replace("\\", "/")), name) for name in entries)
        self.members = {path: name for path, name in named if path}

    def source(self, member: str, named: Sequence[str]) -> Source:
        """That article with the members that its text or `named` name. Raises OSError, BadZipFile."""
        data, folder = self._archive.read(self.members[member]), posixpath.dirname(member)
        wanted = articles.referenced(member, data, named) & self.members.keys() - {member}
        assets = [
            Asset(posixpath.relpath(name, folder or "."), self._archive.read(self.members[name]))
            for name in self.members if name in wanted
        ]  # fmt: skip
        return Source(posixpath.basename(member), data, assets=tuple(assets))


@dataclass(frozen=True, slots=True)
class Entries:
    """The articles of a feed, as `Zip` has those of an archive."""

    files: Mapping[str, bytes]

    def source(self, member: str, named: Sequence[str]) -> Source:  # noqa: ARG002 (an entry names no file)
        return Source(member, self.files[member], "text/html")


@dataclass(frozen=True, slots=True)
class Item:
    """One article: a file, one of several in an archive or feed, a zip that is one article, or a page that was fetched."""

    path: str  # below what was given; by it the artifacts are named
    file: Path
    archive: Zip | Entries | None = None
    member: str = ""
    name: str = ""  # in the report: `path`, or more of it where another item has that
    further: tuple[Asset, ...] = ()  # what the options name, for every article
    page: Source | None = None

    @property
    def place(self) -> str:
        """Where it is, as the caller wrote it."""
        return posixpath.join(self.file.as_posix(), self.member) if self.member else self.file.as_posix()

    @property
    def origin(self) -> str:
        return absolute(Path(self.place))

    def source(self, named: tuple[str, ...] = ()) -> Source:
        """The article with the files that it names; `named` are further ones. Raises OSError, BadZipFile."""
        if self.page:
            return replace(self.page, assets=self.further)
        if self.archive:
            source, references = self.archive.source(self.member, named), b""
        else:
            source = Source(self.file.name, self.file.read_bytes())
            references = b"" if _is_zip(self.file) else source.data
        beside = with_further(source.assets, assets_beside(self.file, references, named))
        return replace(source, assets=with_further(beside, self.further))


def items(sources: Sequence[str], out: Path, further: tuple[Asset, ...] = (), since: str = "") -> list[Item]:
    """Each article once, in the order of `sources`, under a name of its own; nothing that a batch made.

    `further` are the files that the options name. Entries of feeds that are older than `since` are left out. Raises
    FetchFailed and ForbiddenUrl for addresses.
    """
    found: dict[str, Item] = {}
    names: set[str] = set()
    outputs = Outputs(out)
    of_all = (_of_address(given, since) if is_address(given) else _of(Path(given), outputs, since) for given in sources)
    for item in (item for each in of_all for item in each):
        if item.origin not in found:
            name = next(name for name in (item.path, item.place, item.origin) if name not in names)
            names.add(name)
            found[item.origin] = replace(item, name=name, further=further)
    return list(found.values())


def _of(path: Path, outputs: Outputs, since: str) -> Iterator[Item]:
    if path.is_dir():
        yield from _of_files(path, (file for file in sorted(path.rglob("*")) if _readable(file.name)), outputs, since)
    elif path.is_file():
        yield from _of_files(path.parent, [path], outputs, since)
    else:
        base, pattern = _divided(path)
        if base.is_dir() and pattern:
            yield from _of_files(base, sorted(base.glob(pattern)), outputs, since)


def _of_files(base: Path, files: Iterable[Path], outputs: Outputs, since: str) -> Iterator[Item]:
    for file in files:
        if not file.is_file() or outputs.holds(file, base):
            continue
        name = file.relative_to(base).as_posix()
        if _is_zip(file):
            yield from _of_zip(name, file)
        elif _is_feed(file):
            yield from _of_feed(file, file.read_bytes(), since)
        else:
            yield Item(name, file)


def _is_feed(file: Path) -> bool:
    if file.suffix.lower() not in feeds.SUFFIXES:
        return False
    with file.open("rb") as stream:
        return feeds.is_feed(stream.read(feeds.HEAD))


def _of_feed(file: Path, data: bytes, since: str) -> Iterator[Item]:
    """The entries of a feed; the file where it cannot be read, which its conversion then reports."""
    try:
        found = feeds.unpacked(data, since)
    except NoArticle:
        return
    except ColophonError:
        found = None
    if found is None:
        yield Item(file.name, file)
        return
    entries = Entries(found.files)
    yield from (Item(f"{file.stem}/{name}", file, entries, name) for name in found.articles)


def _of_address(url: str, since: str) -> Iterator[Item]:
    """The entries of the feed at an address, or the page."""
    page = fetched(url)
    if feeds.is_feed(page.data):
        yield from _of_feed(Path(page.name), page.data, since)
    else:
        yield Item(page.name, Path(page.name), page=page)


def _of_zip(name: str, file: Path) -> Iterator[Item]:
    """The articles in a zip; the zip where it is one, or has none, or can't be read, which its conversion then reports."""
    try:
        archive = Zip(file)
    except (OSError, zipfile.BadZipFile):
        yield Item(name, file)
        return
    found = articles.among(list(archive.members), SUFFIXES)
    if len(found) > 1 and DOCUMENTS.isdisjoint(archive.members):
        yield from (Item(member, file, archive, member) for member in archive.members if _readable(member))
    else:
        yield Item(found[0] if found else name, file)


def _divided(path: Path) -> tuple[Path, str]:
    """`archive/2024/*/a.md` → `archive/2024` and `*/a.md`: what stands before the first wildcard is the folder."""
    parts = path.parts
    wild = next((at for at, part in enumerate(parts) if WILD & set(part)), len(parts))
    return Path(*parts[:wild]), "/".join(parts[wild:])


def _readable(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in SUFFIXES


def _is_zip(file: Path) -> bool:
    return file.suffix.lower() == ".zip"
