"""The articles of a batch: files of folders and patterns, the articles in zips, the entries of feeds, pages by address."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from service.commands.batches.outputs import Outputs, absolute
from service.commands.flags import settings
from service.commands.local_files import NO_CONTENT, assets_next_to, fetched, is_address, with_further
from service.input import articles, feeds
from service.input.bundle import DOCUMENTS
from service.input.feeds import outlines
from service.model.artifact_names import safe_path
from service.model.document import Asset, Source
from service.model.errors import ColophonError, NoArticle
from service.model.formats import SUFFIXES
from service.network.pages import PageFetcher
from service.pipeline.collections.members import Members

WILD = frozenset("*?[")


class Files(Mapping[str, bytes]):
    """The files of a folder, read one by one, as they may not fit into memory. A file that was removed meanwhile is empty."""

    def __init__(self, folder: Path, names: Iterable[str]) -> None:
        self._folder, self._names = folder, dict.fromkeys(names)

    def __getitem__(self, name: str) -> bytes:
        if name not in self._names:
            raise KeyError(name)
        try:
            return (self._folder / name).read_bytes()
        except OSError:
            return b""

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class Zip(Mapping[str, bytes]):
    """A zip of several articles: read member by member, because it may not fit into memory. Thread-safe."""

    def __init__(self, file: Path) -> None:
        """Raises OSError, BadZipFile."""
        self._archive = zipfile.ZipFile(file)
        entries = [entry.filename for entry in self._archive.infolist() if not entry.is_dir()]
        named = ((safe_path(name.replace("\\", "/")), name) for name in entries)
        self.members = {path: name for path, name in named if path}

    def __getitem__(self, name: str) -> bytes:
        """Raises OSError, BadZipFile."""
        return self._archive.read(self.members[name])

    def __contains__(self, name: object) -> bool:
        return name in self.members

    def __iter__(self) -> Iterator[str]:
        return iter(self.members)

    def __len__(self) -> int:
        return len(self.members)


@dataclass(frozen=True, slots=True)
class Entries:
    """The articles of a feed, like `Zip` for an archive."""

    files: Mapping[str, bytes]

    def source(self, member: str, named: Sequence[str]) -> Source:  # noqa: ARG002 (an entry names no file)
        return Source(member, self.files[member], "text/html")


@dataclass(frozen=True, slots=True)
class Item:
    """One article: a file, one of several in an archive or feed, a zip that is one article, or a page that was fetched.

    `members` are the articles of its collection, if links lead from one to the other.
    """

    path: str  # the path below the argument; it names the artifacts
    file: Path
    archive: Zip | Entries | None = None
    member: str = ""
    members: Members | None = None
    name: str = ""  # in the report: `path`, or a longer path if another item has the same
    further: tuple[Asset, ...] = ()  # the files that the options name, for every article
    page: Source | None = None

    @property
    def place(self) -> str:
        """Its place, as the caller wrote it."""
        return posixpath.join(self.file.as_posix(), self.member) if self.member else self.file.as_posix()

    @property
    def origin(self) -> str:
        return absolute(Path(self.place))

    def produces(self, stem: str) -> None:
        """Sets the target of links from other members: `stem` is the path of the artifacts without a suffix."""
        name = self.member or self.path
        if self.members and name in self.members.stems:
            self.members.stems[name] = stem

    def source(self, named: tuple[str, ...] = ()) -> Source:
        """The article with the files that it names; `named` are further files. Raises OSError, BadZipFile."""
        references = b""
        if self.page:
            return replace(self.page, assets=self.further)
        if self.members:
            found = self.members.source(self.member or self.path, named)
            source = replace(found, name=posixpath.basename(found.name))
            references = b"" if self.archive else source.data
        elif isinstance(self.archive, Entries):
            source = self.archive.source(self.member, named)
        else:
            source = Source(self.file.name, self.file.read_bytes())
            references = b"" if _is_zip(self.file) else source.data
        next_to = with_further(source.assets, assets_next_to(self.file, references, named))
        return replace(source, assets=with_further(next_to, self.further))


def items(sources: Sequence[str], out: Path, further: tuple[Asset, ...] = (), since: str = "") -> list[Item]:
    """Each article once, in the order of `sources`, with a unique name; without artifacts of batches.

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


def collections_among(files: Sequence[str], out: str) -> dict[str, list[Item]]:
    """The folders and zips among `files` that hold several articles: each with its articles, without those in `out`."""
    outputs = Outputs(Path(out))
    zips_and_folders = [file for file in dict.fromkeys(files) if Path(file).is_dir() or _is_zip(Path(file))]
    found = {file: list(_of(Path(file), outputs, "", with_links=False)) for file in zips_and_folders}
    return {file: articles for file, articles in found.items() if len(articles) > 1}


def _of(path: Path, outputs: Outputs, since: str, *, with_links: bool = True) -> Iterator[Item]:
    if path.is_dir():
        yield from _of_folder(path, outputs, since, with_links)
    elif path.is_file():
        yield from _of_files(path.parent, [path], outputs, since)
    else:
        base, pattern = _divided(path)
        if base.is_dir() and pattern:
            yield from _of_files(base, sorted(base.glob(pattern)), outputs, since)


def _of_folder(folder: Path, outputs: Outputs, since: str, with_links: bool) -> Iterator[Item]:
    """The articles below a folder, each with those that it links to, without the ones that the program of the folder excludes.

    `with_links`: symbolic links are followed.
    """
    files = (file for file in sorted(folder.rglob("*")) if with_links or not file.is_symlink())
    found = {file.relative_to(folder): file for file in files if file.is_file() and not outputs.holds(file, folder)}
    inside = {name.as_posix(): file for name, file in found.items() if NO_CONTENT.isdisjoint(name.parts)}
    members = Members(Files(folder, inside), SUFFIXES)
    for name, file in inside.items():
        if not _readable(file.name) or members.leaves_out(name):
            continue
        if _is_zip(file):
            yield from _of_zip(name, file)
        elif _is_feed(file):
            yield from _of_feed(file, file.read_bytes(), since)
        elif _is_outline(file):
            yield from _of_outline(file.read_bytes(), since)
        else:
            yield Item(name, file, members=members if name in members.stems else None)


def _of_files(base: Path, files: Iterable[Path], outputs: Outputs, since: str) -> Iterator[Item]:
    for file in files:
        if not file.is_file() or outputs.holds(file, base):
            continue
        name = file.relative_to(base).as_posix()
        if _is_zip(file):
            yield from _of_zip(name, file)
        elif _is_feed(file):
            yield from _of_feed(file, file.read_bytes(), since)
        elif _is_outline(file):
            yield from _of_outline(file.read_bytes(), since)
        else:
            yield Item(name, file)


def _is_feed(file: Path) -> bool:
    if file.suffix.lower() not in feeds.SUFFIXES:
        return False
    with file.open("rb") as stream:
        return feeds.is_feed(stream.read(feeds.HEAD))


def _is_outline(file: Path) -> bool:
    if file.suffix.lower() != ".opml":
        return False
    data = file.read_bytes()
    return outlines.is_outline(data) and bool(outlines.feeds_of(data))


def _of_feed(file: Path, data: bytes, since: str) -> Iterator[Item]:
    """The entries of a feed; the file itself if it cannot be read, so that its conversion reports that."""
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


def _of_outline(data: bytes, since: str) -> Iterator[Item]:
    """The entries of the feeds that an outline names. A feed that cannot be fetched is an item that fails, with its address."""
    addresses = outlines.feeds_of(data)
    for address, page in zip(addresses, PageFetcher(settings()).some(addresses), strict=True):
        if isinstance(page, Source):
            yield from _of_feed(Path(page.name), page.data, since)
        else:
            yield Item(address, Path(address))


def _of_address(url: str, since: str) -> Iterator[Item]:
    """The entries of the feed at an address, or the page."""
    page = fetched(url)
    if outlines.is_outline(page.data) and outlines.feeds_of(page.data):
        yield from _of_outline(page.data, since)
    elif feeds.is_feed(page.data):
        yield from _of_feed(Path(page.name), page.data, since)
    else:
        yield Item(page.name, Path(page.name), page=page)


def _of_zip(name: str, file: Path) -> Iterator[Item]:
    """The articles in a zip; the zip itself if it is one article, has none or cannot be read: its conversion reports that."""
    try:
        archive = Zip(file)
        found = articles.among(list(archive), SUFFIXES)
        several = len(found) > 1 and DOCUMENTS.isdisjoint(archive)
        members = Members(archive, SUFFIXES) if several else None
    except (OSError, zipfile.BadZipFile):
        yield Item(name, file)
        return
    if members is None:
        yield Item(found[0] if found else name, file)
        return
    for member in archive:
        if _readable(member) and not members.leaves_out(member):
            yield Item(member, file, archive, member, members)


def _divided(path: Path) -> tuple[Path, str]:
    """`archive/2024/*/a.md` → `archive/2024` and `*/a.md`: the folder is the part before the first wildcard."""
    parts = path.parts
    wild = next((at for at, part in enumerate(parts) if WILD & set(part)), len(parts))
    return Path(*parts[:wild]), "/".join(parts[wild:])


def _readable(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in SUFFIXES


def _is_zip(file: Path) -> bool:
    return file.suffix.lower() == ".zip"
