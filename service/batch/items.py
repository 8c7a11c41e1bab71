"""The articles of a batch: files of folders and patterns, members of zips; and what of them is to be done."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from service import __version__, pipeline
from service.batch.report import Result
from service.beside import assets_beside
from service.document import Conversion, Source
from service.pipeline import SUFFIXES
from service.references import named_by_options
from service.writers import WRITERS


@dataclass(frozen=True, slots=True)
class Item:
    """One article: its place in the output, and where its bytes are: a file, or a member of a zip."""

    name: str
    file: Path
    member: str = ""

    def source(self, named: tuple[str, ...] = ()) -> Source:
        """The article with the files beside it that it names; `named` are further ones. Raises OSError, KeyError, BadZipFile."""
        if self.member:
            with zipfile.ZipFile(self.file) as archive:
                return Source(PurePosixPath(self.member).name, archive.read(self.member))
        data = self.file.read_bytes()
        return Source(self.file.name, data, assets=assets_beside(self.file, data, named))


@dataclass(frozen=True, slots=True)
class Work:
    """An item that was read and is to be converted into `paths`, one for each target; `mark` is what will say that it is done."""

    item: Item
    source: Source
    paths: Mapping[str, Path]
    mark: str


def items(sources: Sequence[str]) -> Iterator[Item]:
    """Each article once; names are relative to the folder or zip that was given."""
    for given in sources:
        path = Path(given)
        if path.is_dir():
            files = sorted(file for file in path.rglob("*") if file.is_file() and file.suffix.lower() in SUFFIXES)
            yield from (Item(file.relative_to(path).as_posix(), file) for file in files)
        elif path.suffix.lower() == ".zip" and path.is_file():
            with zipfile.ZipFile(path) as archive:
                names = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
            yield from (Item(_safe(name), path, name) for name in names if PurePosixPath(name).suffix.lower() in SUFFIXES)
        else:
            pattern = path.relative_to(path.anchor) if path.anchor else path
            found = [path] if path.is_file() else sorted(Path(path.anchor or ".").glob(str(pattern)))
            yield from (Item(file.name, file) for file in found if file.is_file())


def _safe(member: str) -> str:
    """A zip's names are a stranger's: only the parts that lead down are kept."""
    return "/".join(part for part in member.replace("\\", "/").split("/") if part not in ("", ".", "..") and ":" not in part)


def prepared(item: Item, conversion: Conversion, out: Path, done: Mapping[str, str]) -> Work | Result:
    """What is to be done, or the result where nothing is: unchanged since, or unreadable."""
    named = named_by_options(conversion)
    try:
        source = item.source(named)
    except (OSError, zipfile.BadZipFile, KeyError) as error:
        return Result(item.name, "failed", problem={"code": "unreadable", "detail": str(error)})
    work = Work(item, source, _paths(item, conversion, out), _mark(source, conversion))
    if done.get(item.name) == work.mark and all(path.exists() for path in work.paths.values()):
        return Result(item.name, "unchanged")
    return work


def _paths(item: Item, conversion: Conversion, out: Path) -> dict[str, Path]:
    folder, label = out / PurePosixPath(item.name).parent, PurePosixPath(item.name).name
    return {target: folder / pipeline.artifact_name(label, WRITERS[target].suffix) for target in conversion.to}


def _mark(source: Source, conversion: Conversion) -> str:
    """Changes with whatever would change the artifacts: bytes, pictures, options, version."""
    parts = [__version__, repr(sorted(conversion.options.items())), repr(conversion.to), source.sha256]
    parts += [f"{asset.name} {asset.sha256}" for asset in source.assets]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
