"""`colophon convert FILE… --to pdf,epub,docx --out DIR`."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress

from colophon_client import Client, Problem, Saved
from schemas import options
from service.commands.flags import conversion_flags, given, settings, usage
from service.commands.local_files import assets_beside, named_by_flags, with_further
from service.conversion import driver
from service.conversion.converter import PoolConverter
from service.input import gathering
from service.model import codec, formats
from service.model.artifact_names import Names, stem
from service.model.document import Artifact, Asset, Conversion, Notice, Source
from service.model.errors import ColophonError, ValidationFailed
from service.model.formats import OUTPUT_FORMATS
from service.model.references import named_by_options
from service.storage.temporary_folders import folder

Make = Callable[[Source], Sequence[Artifact]]


@click.command("convert")
@click.argument("files", nargs=-1, required=True)
@click.option("--to", "targets", required=True, help="Formats, separated by commas: pdf, epub, docx, html, markdown, ast.")
@click.option("--out", default=".", show_default=True, help="Folder for the artifacts, or - for standard output.")
@click.option("--workers", type=int, default=None, help="Number of workers [default: one per core, at most one per file].")
@click.option("--server", default="", help="Convert through the Colophon service at this URL. Without it, convert here.")
@click.option("--key", default="", envvar="COLOPHON_KEY", help="API key for --server.")
@click.option("--quiet", is_flag=True, help="Print no notices and no progress. Problems are still printed.")
@conversion_flags
def command(
    files: tuple[str, ...], targets: str, out: str, workers: int | None, server: str, key: str, quiet: bool, **flags: Any
) -> None:
    """Convert articles. FILE can be - for standard input. Each artifact is named after its source."""
    to = tuple(name.strip().lower() for name in targets.split(",") if name.strip())
    asked, named = named_by_flags(given(flags))
    try:
        formats.check_targets(to)
        conversion = options.load(tuple(dict.fromkeys(to)), asked)
    except ValidationFailed as error:
        raise usage(error) from error
    if out == "-" and ((len(files) > 1 and not conversion["combine"]) or len(conversion.to) != 1):
        raise click.UsageError("--out - accepts one file and one format")
    if files.count("-") > 1:
        raise click.UsageError("Standard input (-) can be read only once")
    at_once = workers or min(len(files) * len(conversion.to), settings().workers)
    with _there(server, key, conversion, asked) if server else _here(conversion, at_once) as make:
        failed = _Run(conversion, make, at_once, out, quiet, named).all(files)
    sys.exit(1 if failed else 0)


@contextmanager
def _here(conversion: Conversion, workers: int) -> Iterator[Make]:
    with PoolConverter(settings(workers=workers, slow_after=0.0), spares=0) as converter:  # no other caller waits
        yield lambda source: converter.convert(source, conversion)[0].artifacts


@contextmanager
def _there(server: str, key: str, conversion: Conversion, flags: Mapping[str, Any]) -> Iterator[Make]:
    """`flags` hold only the options given: the service has its own defaults."""
    with Client(server, key=key) as client:

        def make(source: Source) -> Sequence[Artifact]:
            assets = [(asset.name, asset.data) for asset in source.assets]
            with folder() as into:
                upload = (source.name, source.data)
                return list(map(_artifact, client.convert_to(upload, conversion.to, into, assets=assets, **flags)))

        yield make


def _artifact(saved: Saved) -> Artifact:
    return Artifact(saved.path.name, saved.format, saved.media_type, saved.path.read_bytes(), codec.unpack_notices(saved.notices))


class _Run:
    """One run of the command: the state that its files share. `named`: the files that options name."""

    def __init__(self, conversion: Conversion, make: Make, at_once: int, out: str, quiet: bool, named: Sequence[Asset]) -> None:
        self.conversion, self.make, self.at_once, self.named = conversion, make, at_once, named
        self.out, self.quiet = out, quiet
        self.console = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)
        self.names = Names()
        self.stems: dict[str, str] = {}
        self.naming = threading.Lock()

    def all(self, files: Sequence[str]) -> int:
        """Returns the number of failed files."""
        self.name(files)
        if self.conversion["combine"]:
            return self.book(files)
        if len(files) == 1:
            return self.told(files[0])
        with Progress(console=self.console, disable=self.quiet or not self.console.is_terminal) as progress:
            task = progress.add_task("Converting", total=len(files))
            with ThreadPoolExecutor(self.at_once) as threads:
                failed = 0
                for count in threads.map(self.told, files):
                    failed += count
                    progress.advance(task)
        return failed

    def told(self, file: str, convert: Callable[[], None] | None = None) -> int:
        """Converts one file. A failure is printed and counted, never raised."""
        try:
            convert() if convert else self.one(file)
        except (ColophonError, Problem) as error:
            further = [place for place in error.places if place.line or place.detail != error.detail]
            places = "".join(f"\n  {_place(place.line, place.column)}{place.detail}" for place in further)
            self.console.print(f"{file}: {error.code}: {error.detail}{places}")
            return 1
        except OSError as error:
            self.console.print(f"{file}: {error.strerror or error}")
            return 1
        return 0

    def one(self, file: str) -> None:
        self.made(self.source(file), [file])

    def book(self, files: Sequence[str]) -> int:
        """Converts all files to one book. Returns 1 on failure. Files that options name belong to the book, not to a chapter."""

        def convert() -> None:
            source = driver.gather([self.source(file, with_named=False) for file in files])
            names = named_by_options(self.conversion)
            beside = [asset for file in files if file != "-" for asset in assets_beside(Path(file), b"", names)]
            self.made(replace(source, assets=with_further(source.assets, [*beside, *self.named])), files)

        return self.told(files[0], convert)

    def name(self, files: Sequence[str]) -> None:
        """A name for what each file becomes, in their order, so that threads that run faster take no other's name.

        No article of the run is overwritten. What a zip becomes is named after the article in it, which is not known yet.
        """
        self.names = Names(Path(file).resolve().as_posix() for file in files if file != "-")
        known = [file for file in dict.fromkeys(files) if not file.lower().endswith(".zip") and not self.conversion["combine"]]
        self.stems = {file: self.free("stdin" if file == "-" else file) for file in known}

    def free(self, source_name: str) -> str:
        suffixes = [OUTPUT_FORMATS[target].suffix for target in self.conversion.to]
        with self.naming:
            return self.names.free((Path(self.out).resolve() / stem(source_name)).as_posix(), suffixes)

    def made(self, source: Source, files: Sequence[str]) -> None:
        told: dict[str, None] = {}
        artifacts = self.make(source)
        for artifact in artifacts:
            told |= dict.fromkeys(f"{_about(notice, files)}: {_line(notice)}" for notice in artifact.notices)
            if self.out == "-":
                sys.stdout.buffer.write(artifact.data)
                sys.stdout.buffer.flush()
        if self.out != "-":
            self.write(artifacts, self.stems.get(files[0]) or self.free(artifacts[0].name))
        if not self.quiet:
            for line in told:
                self.console.print(line)

    def write(self, artifacts: Sequence[Artifact], path: str) -> None:
        for artifact in artifacts:
            to = Path(path + OUTPUT_FORMATS[artifact.format].suffix)
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_bytes(artifact.data)

    def source(self, file: str, with_named: bool = True) -> Source:
        """The article with the files that it names, and those that the options name."""
        named = self.named if with_named else ()
        if file == "-":
            return Source("stdin", sys.stdin.buffer.read(), assets=tuple(named))
        path = Path(file)
        data = path.read_bytes()
        beside = assets_beside(path, data, named_by_options(self.conversion) if with_named else ())
        return Source(path.name, data, assets=with_further(beside, named))


def _about(notice: Notice, files: Sequence[str]) -> str:
    """What a notice is about: in a book the chapter's own file, or the book; else the article."""
    chapter = notice.data.get("chapter")
    if not isinstance(chapter, int):
        return files[0] if len(files) == 1 else stem(gathering.BOOK)
    return files[chapter - 1] if len(files) > 1 else f"{files[0]}: {notice.data.get('source', '')}"


def _line(notice: Notice) -> str:
    return f"{notice.severity}: {_place(notice.line, notice.column)}{notice.code}: {notice.message}"


def _place(line: int | None, column: int | None) -> str:
    if line is None:
        return ""
    return f"line {line}, column {column}: " if column is not None else f"line {line}: "
