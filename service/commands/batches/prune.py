"""`batch --prune`: the outputs of sources that no longer exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from service.commands.batches.items import Item
from service.commands.batches.manifest import Entry, Manifest
from service.commands.batches.outputs import absolute


def vanished(items: Sequence[Item], kept: Iterable[str], out: Path) -> Mapping[str, Sequence[Path]]:
    """Article → its files in `out`, for articles of earlier runs whose source is gone.

    A source is gone if its file is, or if a zip of this run no longer contains it. `kept` are the files of this run, as
    paths below `out`; a file that another article now owns is not listed.
    """
    latest = {entry.name: entry for entry in Manifest(out).entries if entry.files}
    present = {item.origin for item in items}
    zips = {absolute(item.file) for item in items if item.file.suffix.lower() == ".zip"}
    gone, there = list[Entry](), set(kept)
    for entry in latest.values():
        origin = absolute(out / entry.origin)
        if origin in present or _exists(Path(origin), zips):
            there |= set(entry.files)
        else:
            gone.append(entry)
    found = {entry.name: list(_files(entry, there, out)) for entry in gone}
    return {name: files for name, files in found.items() if files}


def _exists(origin: Path, zips: set[str]) -> bool:
    """Whether the file exists; for a member of a zip, whether a zip exists that this run did not look into."""
    if origin.is_file():
        return True
    archive = next((parent for parent in origin.parents if parent.is_file()), None)
    return archive is not None and str(archive) not in zips


def _files(entry: Entry, there: set[str], out: Path) -> Iterator[Path]:
    for file in entry.files:
        path = out / file
        if file not in there and path.is_file() and Path(absolute(path)).is_relative_to(absolute(out)):
            yield path


def remove(found: Mapping[str, Sequence[Path]], out: Path) -> None:
    """Removes the files and the folders that become empty. The manifest forgets the articles. Raises OSError."""
    with Manifest(out) as manifest:
        for name, files in found.items():
            for file in files:
                file.unlink(missing_ok=True)
                _remove_empty(file.parent, out)
            manifest.add(Entry(name, "", "", ()))


def _remove_empty(folder: Path, out: Path) -> None:
    while folder != out and folder.is_relative_to(out) and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
