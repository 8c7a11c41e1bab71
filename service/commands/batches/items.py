"""The articles of a batch: files of folders and patterns, and the articles in zips."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from service.commands.batches.outputs import Outputs, absolute
from service.commands.local_files import assets_beside, with_further
from service.input import articles
from service.input.bundle import DOCUMENTS
from service.model.artifact_names import safe_path
from service.model.document import Asset, Source
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
class Item:
    """One article: a file, one of several in an archive, or a zip that is one article."""

    path: str  # below what was given; by it the artifacts are named
    file: Path
    archive: Zip | None = None
    member: str = ""
    name: str = ""  # in the report: `path`, or more of it where another item has that
    further: tuple[Asset, ...] = ()  # what the options name, for every article

    @property
    def place(self) -> str:
        """Where it is, as the caller wrote it."""
        return posixpath.join(self.file.as_posix(), self.member) if self.member else self.file.as_posix()

    @property
    def origin(self) -> str:
        return absolute(Path(self.place))

    def source(self, named: tuple[str, ...] = ()) -> Source:
        """The article with the files that it names; `named` are further ones. Raises OSError, BadZipFile."""
        if self.archive:
            source, references = self.archive.source(self.member, named), b""
        else:
            source = Source(self.file.name, self.file.read_bytes())
            references = b"" if _is_zip(self.file) else source.data
        beside = with_further(source.assets, assets_beside(self.file, references, named))
        return replace(source, assets=with_further(beside, self.further))


def items(sources: Sequence[str], out: Path, further: tuple[Asset, ...] = ()) -> list[Item]:
    """Each article once, in the order of `sources`, under a name of its own; nothing that a batch made.

    `further` are the files that the options name.
    """
    found: dict[str, Item] = {}
    names: set[str] = set()
    outputs = Outputs(out)
    for item in (item for given in sources for item in _of(Path(given), outputs)):
        if item.origin not in found:
            name = next(name for name in (item.path, item.place, item.origin) if name not in names)
            names.add(name)
            found[item.origin] = replace(item, name=name, further=further)
    return list(found.values())


def _of(path: Path, outputs: Outputs) -> Iterator[Item]:
    if path.is_dir():
        yield from _of_files(path, (file for file in sorted(path.rglob("*")) if _readable(file.name)), outputs)
    elif path.is_file():
        yield from _of_files(path.parent, [path], outputs)
    else:
        base, pattern = _divided(path)
        if base.is_dir() and pattern:
            yield from _of_files(base, sorted(base.glob(pattern)), outputs)


def _of_files(base: Path, files: Iterable[Path], outputs: Outputs) -> Iterator[Item]:
    for file in files:
        if not file.is_file() or outputs.holds(file, base):
            continue
        name = file.relative_to(base).as_posix()
        yield from _of_zip(name, file) if _is_zip(file) else [Item(name, file)]


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
