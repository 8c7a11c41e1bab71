"""The files of each article of a batch: each path is unique and belongs to nothing else."""

from __future__ import annotations

import hashlib
import os
import posixpath
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from service import __version__
from service.commands.batches.items import Item
from service.commands.batches.manifest import Entry, Manifest
from service.commands.batches.outputs import OWN, absolute
from service.commands.batches.report import Result
from service.model import artifact_names
from service.model.document import Conversion, Source
from service.model.formats import suffix_of
from service.model.references import named_by_options


class Collision(Exception):
    """Files that a batch would overwrite; each line of the message names one."""


@dataclass(frozen=True, slots=True)
class Planned:
    """An item and the path of each target; `done` is the mark of an earlier run."""

    item: Item
    paths: Mapping[str, Path]
    files: tuple[str, ...]
    done: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """An item that was read and must be converted; `entry` is its line in the manifest."""

    item: Item
    source: Source
    paths: Mapping[str, Path]
    entry: Entry


def plan(items: Sequence[Item], conversion: Conversion, out: Path, again: bool = False) -> list[Planned]:
    """Each item with its paths below `out`, in the order of `items`. An item keeps the paths of an earlier run.

    Raises Collision, before anything is written, for paths with a folder or an artifact of another article.
    """
    earlier = _Earlier(out, items)
    before = {item.name: entry for item in items if (entry := earlier.of(item))}
    stems = _stems(items, conversion, out, before)
    planned = list[Planned]()
    for item in items:
        item.produces(stems[item.name])
        files = {target: stems[item.name] + suffix_of(target, conversion.device) for target in conversion.to}
        done = before[item.name].mark if item.name in before and not again else ""
        planned.append(Planned(item, {target: out / file for target, file in files.items()}, tuple(files.values()), done))
    if found := [text for each in planned for text in _collisions(each, earlier)]:
        raise Collision("\n".join(found))
    return planned


class _Earlier:
    """The artifacts of earlier runs in `out`."""

    def __init__(self, out: Path, items: Sequence[Item]) -> None:
        self.out = out
        entries = Manifest(out).entries
        self._by_origin = {entry.origin: entry for entry in entries}
        self._by_name = {entry.name: entry for entry in entries}
        self._owners = {file: entry.origin for entry in entries for file in entry.files}
        self._present = {origin(item, out) for item in items} if entries else set[str]()

    def of(self, item: Item) -> Entry | None:
        """The entry by the place of the article, else by its name if the article of that name has moved."""
        if not self._by_name:
            return None
        named = self._by_name.get(item.name)
        return self._by_origin.get(origin(item, self.out)) or (named if named and not self._exists(named.origin) else None)

    def owner(self, file: str) -> Path | None:
        """The article of the artifact `file`, if it still exists and is not in this batch."""
        found = self._owners.get(file, "")
        return self.out / found if found and found not in self._present and self._exists(found) else None

    def _exists(self, origin: str) -> bool:
        """The file, or for a member of a zip the zip."""
        path = Path(absolute(self.out / origin))
        return path.is_file() or any(parent.is_file() for parent in path.parents)


def _stems(items: Sequence[Item], conversion: Conversion, out: Path, before: Mapping[str, Entry]) -> dict[str, str]:
    """Item name → path below `out` without a suffix. Paths of folders, articles and the batch's own files are not used."""
    suffixes = [suffix_of(target, conversion.device) for target in conversion.to]
    folders = {folder for item in items for folder in _parents(item.path)}
    names = artifact_names.Names([*OWN, *folders, *_inside(items, out)])
    stems = dict[str, str]()
    for item in sorted(items, key=lambda item: item.name not in before):  # stable
        wanted = posixpath.join(posixpath.dirname(item.path), artifact_names.stem(item.path))
        if item.name in before and before[item.name].files:
            wanted = posixpath.splitext(before[item.name].files[0])[0]
        stems[item.name] = names.free(wanted, suffixes)
    return stems


def _parents(name: str) -> Iterator[str]:
    while name := posixpath.dirname(name):
        yield name


def _inside(items: Iterable[Item], out: Path) -> Iterator[str]:
    """The articles in `out`, as paths below it."""
    top = absolute(out) + os.sep
    files = (absolute(item.file) for item in items)
    return (file.removeprefix(top).replace(os.sep, "/") for file in files if file.startswith(top))


def _collisions(planned: Planned, earlier: _Earlier) -> Iterator[str]:
    for file, path in zip(planned.files, planned.paths.values(), strict=True):
        if path.is_dir():
            yield f"{path} is a folder; {planned.item.name} would become a file of that name."
        elif owner := earlier.owner(file):
            yield (
                f"{path} was converted from {os.path.normpath(owner)}; {planned.item.place} would overwrite it. "
                "Convert both in one command, or into another folder."
            )


def origin(item: Item, out: Path) -> str:
    """The path of the article relative to `out`, so that both can be moved together."""
    return os.path.relpath(item.origin, absolute(out))


def prepared(planned: Planned, conversion: Conversion, out: Path) -> Work | Result:
    """The work for an item, or its result if there is no work: unchanged or unreadable."""
    item = planned.item
    try:
        source = item.source(named_by_options(conversion))
    except (OSError, zipfile.BadZipFile) as error:
        return Result(item.name, "failed", problem={"code": "unreadable", "detail": str(error)})
    entry = Entry(item.name, _mark(source, conversion, planned.files), origin(item, out), planned.files)
    if planned.done == entry.mark and all(path.exists() for path in planned.paths.values()):
        return Result(item.name, "unchanged", files=planned.files)
    return Work(item, source, planned.paths, entry)


def _mark(source: Source, conversion: Conversion, files: Sequence[str]) -> str:
    """The fingerprint of everything that the artifacts depend on: bytes, pictures, options, names, version."""
    parts = [__version__, repr(sorted(conversion.as_dict().items())), repr(conversion.to), repr(files), source.sha256]
    parts += [f"{asset.name} {asset.sha256}" for asset in source.assets]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
