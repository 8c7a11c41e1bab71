"""One run of `colophon convert`: reads, converts and writes its articles, and prints what happened."""

from __future__ import annotations

import json
import os
import posixpath
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from colophon_client import Problem
from service.commands import notice_lines
from service.commands.batches.items import Item
from service.commands.destinations import Destination
from service.commands.local_files import assets_next_to, fetched, is_address, source_of, with_further, write_whole
from service.conversion import driver
from service.input import gathering
from service.model.artifact_names import Names, safe_path, stem
from service.model.document import Artifact, Asset, Conversion, Source
from service.model.errors import ColophonError
from service.model.formats import suffix_of
from service.model.references import named_by_options
from service.network.pages import name_of

Make = Callable[[Source], Sequence[Artifact]]


@dataclass(frozen=True, slots=True)
class Output:
    """The output of a run: `quiet` prints only problems, `json` one object per article on standard output.

    `dry`: the paths are printed, nothing is converted or written.
    """

    quiet: bool = False
    json: bool = False
    dry: bool = False


class Run:
    """The state that the articles of a run share. `named`: the files that options name."""

    def __init__(
        self,
        conversion: Conversion,
        destination: Destination,
        output: Output,
        named: Sequence[Asset],
        fetch: Callable[[str], Source] = fetched,
    ) -> None:
        self.conversion, self.destination, self.output, self.named = conversion, destination, output, named
        self.fetch = fetch  # of an address
        self.console = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)
        self.names = Names()
        self.stems: dict[str, str] = {}
        self.items: dict[str, Item] = {}  # the articles of folders and zips, by their places
        self.read: dict[str, set[Path]] = {}  # article → the files that were read for it
        self.lock = threading.Lock()

    def all(self, files: Sequence[str], make: Make, at_once: int) -> int:
        """Converts `files`, `at_once` in parallel. Returns the number of failed ones."""
        if not self.stems:
            self.name(files)
        if self.conversion.combine:
            with self.progress(1, f"{len(files)} articles"):
                return self.reported(files, self.book, make)
        with self.progress(len(files), files[0]) as advance, ThreadPoolExecutor(max(1, at_once)) as threads:
            failed = 0
            for count in threads.map(lambda file: self.reported([file], self.source, make), files):
                failed += count
                advance()
        return failed

    @contextmanager
    def progress(self, total: int, about: str) -> Iterator[Callable[[], None]]:
        """A bar for several articles, a moving sign and the time for one; only on a terminal."""
        several = (BarColumn(), MofNCompleteColumn()) if total > 1 else ()
        what = "articles" if total > 1 else f"{about} to {', '.join(self.conversion.to)}"
        columns = (SpinnerColumn(), TextColumn("{task.description}"), *several, TimeElapsedColumn())
        hidden = self.output.quiet or not self.console.is_terminal
        with Progress(*columns, console=self.console, disable=hidden, transient=True) as progress:
            task = progress.add_task(f"Converting {what}", total=total)
            yield lambda: progress.advance(task)

    def reported(self, files: Sequence[str], read: Callable[[Sequence[str]], Source], make: Make) -> int:
        """Converts one article, or one book of `files`. A failure is printed and counted, never raised."""
        about: dict[str, Any] = {"source": files[0] if len(files) == 1 else list(files)}
        try:
            about |= self.planned(files) if self.output.dry else self.made(make(read(files)), files)
        except (ColophonError, Problem) as error:
            self.print([f"{files[0]}: {notice_lines.problem(error)}"])
            about |= {"state": "failed", "problem": notice_lines.packed(error)}
        except OSError as error:
            detail = getattr(error, "strerror", None) or str(error)
            self.print([f"{files[0]}: {detail}"])
            about |= {"state": "failed", "problem": {"code": "unreadable", "detail": detail}}
        if self.output.json:
            with self.lock:
                click.echo(json.dumps(about, ensure_ascii=False))
        return int(about["state"] == "failed")

    def print(self, lines: Iterable[str]) -> None:
        with self.lock:
            for line in lines:
                self.console.print(line)

    def name(self, files: Sequence[str]) -> None:
        """Gives each file the name of its artifacts, in the order of the files, independent of threads.

        No article of the run is overwritten. The artifacts of a zip have the name of the article in it, which is not known yet.
        """
        self.names = Names(Path(file).resolve().as_posix() for file in files if file != "-")
        known = [file for file in dict.fromkeys(files) if not file.lower().endswith(".zip") and not self.conversion.combine]
        self.stems = {file: self.free(_label(file), self.folder_of(file)) for file in known}
        for file, item in self.items.items():
            item.produces(os.path.relpath(self.stems[file], self.destination.folder or "."))

    def folder_of(self, file: str) -> str:
        """The folder of an article in its collection."""
        return safe_path(posixpath.dirname(self.items[file].path)) if file in self.items else ""

    def watched(self, file: str) -> set[Path]:
        """The files that were read for an article; for a book, those of all its articles."""
        return set().union(*self.read.values()) if self.conversion.combine else self.read.get(file, {Path(file)})

    def free(self, source_name: str, inside: str = "") -> str:
        """A path below the folder of the artifacts without a suffix, which no other article of the run has."""
        suffixes = [suffix_of(target, self.conversion.device) for target in self.conversion.to]
        top = Path(self.destination.folder).resolve()
        with self.lock:
            path = self.names.free((top / inside / stem(source_name)).as_posix(), suffixes)
        return (Path(self.destination.folder) / Path(path).relative_to(top)).as_posix()

    def source(self, files: Sequence[str]) -> Source:
        file = files[0]
        if item := self.items.get(file):
            found = item.source(named_by_options(self.conversion))
            return self.recorded(file, replace(found, assets=with_further(found.assets, self.named)))
        return self.recorded(file, source_of(file, self.conversion, self.named, self.fetch))

    def book(self, files: Sequence[str]) -> Source:
        """All files as one source. The files that options name belong to the book, not to a chapter."""
        source = driver.gather([self.recorded(file, source_of(file, self.conversion, None, self.fetch)) for file in files])
        names = named_by_options(self.conversion)
        local = [Path(file) for file in files if file != "-" and not is_address(file)]
        next_to = [asset for path in local for asset in assets_next_to(path, b"", names)]
        return replace(source, assets=with_further(source.assets, [*next_to, *self.named]))

    def recorded(self, file: str, source: Source) -> Source:
        self.read[file] = {Path(file), *(Path(file).parent / asset.name for asset in source.assets)}
        return source

    def planned(self, files: Sequence[str]) -> Mapping[str, Any]:
        """The paths that a conversion would write. Raises OSError for an article that cannot be read."""
        for file in files:
            if file != "-" and not is_address(file) and file not in self.items:
                Path(file).open("rb").close()
        paths = list(self.paths(files, self.book_name(files[0])).values())
        if not self.output.quiet and not self.output.json:
            with self.lock:
                click.echo("\n".join(f"{files[0]}: would write {path}" for path in paths))
        return {"state": "planned", "artifacts": [{"path": path} for path in paths]}

    def made(self, artifacts: Sequence[Artifact], files: Sequence[str]) -> Mapping[str, Any]:
        """Writes the artifacts and prints the paths on standard output, the notices on standard error."""
        paths = self.paths(files, artifacts[0].name)
        notices = {notice_lines.line(notice, files): notice for each in artifacts for notice in each.notices}
        for artifact in artifacts:
            self.write(artifact, paths[artifact.format])
        if not self.output.quiet:
            self.print(notices)
            if not self.output.json and not self.destination.is_stream:
                with self.lock:
                    click.echo("\n".join(paths.values()))
        described = [
            {"path": paths[each.format], "format": each.format, "media_type": each.media_type, "size": len(each.data),
             "sha256": each.sha256} for each in artifacts
        ]  # fmt: skip
        return {"state": "converted", "artifacts": described, "notices": [notice.as_dict() for notice in notices.values()]}

    def write(self, artifact: Artifact, path: str) -> None:
        if self.destination.is_stream:
            sys.stdout.buffer.write(artifact.data)
            sys.stdout.buffer.flush()
        else:
            write_whole(Path(path), artifact.data)

    def paths(self, files: Sequence[str], artifact_name: str) -> dict[str, str]:
        """Format → path."""
        if self.destination.file:
            return {self.conversion.to[0]: self.destination.file}
        key = files[0]
        if key not in self.stems:
            self.stems[key] = self.free(artifact_name)
        return {target: self.stems[key] + suffix_of(target, self.conversion.device) for target in self.conversion.to}

    def book_name(self, file: str) -> str:
        return gathering.BOOK if self.conversion.combine else file


def _label(file: str) -> str:
    """The name of the artifacts of a FILE."""
    return "stdin" if file == "-" else name_of(file, "text/html") if is_address(file) else file
