"""`colophon batch DIR|GLOB|ZIP… --to epub,pdf --out OUT`: an archive of articles, overnight, and again only what changed."""

from __future__ import annotations

import hashlib
import json
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from schemas import options
from service import __version__, pipeline
from service.assets.fetcher import Fetcher
from service.commands.beside import assets_beside
from service.commands.flags import conversion_flags, given, settings, usage
from service.document import Conversion, Source
from service.engines.workers import WorkerPool
from service.errors import ColophonError, ValidationFailed
from service.readers import READERS
from service.writers import WRITERS

MANIFEST, REPORT = "colophon-manifest.jsonl", "colophon-report.jsonl"
SUFFIXES = frozenset(suffix for reader in READERS.values() for suffix in reader.suffixes)


@dataclass(frozen=True, slots=True)
class Item:
    """One article: its place in the output, and where its bytes are: a file, or a member of a zip."""

    name: str
    file: Path
    member: str = ""

    def source(self) -> Source:
        if self.member:
            with zipfile.ZipFile(self.file) as archive:
                return Source(PurePosixPath(self.member).name, archive.read(self.member))
        data = self.file.read_bytes()
        return Source(self.file.name, data, assets=assets_beside(self.file, data))


@click.command("batch")
@click.argument("sources", nargs=-1, required=True)
@click.option("--to", "targets", required=True, help="Formats, separated by commas.")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder for the artifacts.")
@click.option("--workers", type=int, default=None, help="Warm workers [default: one per core].")
@click.option("--again", is_flag=True, help="Convert what is unchanged too.")
@conversion_flags
def command(sources: tuple[str, ...], targets: str, out: Path, workers: int | None, again: bool, **flags: Any) -> None:
    """Converts folders, globs and zips of articles; a second run does only what is new or changed.

    The folder structure is kept. OUT gets colophon-report.jsonl (a line an article: state, notices, problem) and
    colophon-manifest.jsonl, by which the next run knows what is done. Ctrl-C ends it; run it again to go on.
    """
    try:
        to = tuple(dict.fromkeys(name.strip().lower() for name in targets.split(",") if name.strip()))
        pipeline.check_targets(to)
        conversion = options.load(to, given(flags))
    except ValidationFailed as error:
        raise usage(error) from error
    items = list(_items(sources))
    if not items:
        raise click.UsageError(f"no articles there; readable are {', '.join(sorted(SUFFIXES))}")
    used = settings(workers=workers)
    pool = WorkerPool(used)
    try:
        run = Batch(conversion, pool, Fetcher(used), out)
        failed = run.all(items, again)
    finally:
        pool.stop()
    sys.exit(1 if failed else 0)


def _items(sources: Sequence[str]) -> Iterator[Item]:
    """Each article once; names are relative to the folder or zip that was given."""
    for given_source in sources:
        path = Path(given_source)
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


@dataclass
class Batch:
    """One run: what was done before, what is done now, and the files that say so."""

    conversion: Conversion
    pool: WorkerPool
    fetcher: Fetcher
    out: Path
    counts: Counter[str] = field(default_factory=Counter)

    def all(self, items: Sequence[Item], again: bool) -> int:
        """How many failed."""
        self.out.mkdir(parents=True, exist_ok=True)
        done = {} if again else self._done()
        console = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        manifest, report = (self.out / name for name in (MANIFEST, REPORT))
        with (
            manifest.open("a", encoding="utf-8") as kept,
            report.open("w", encoding="utf-8") as told,
            Progress(*columns, console=console, disable=not console.is_terminal) as progress,
            ThreadPoolExecutor(self.pool.size + 2) as threads,
        ):
            task = progress.add_task("Converting", total=len(items))
            try:
                for line, mark in self._results(items, done, threads):
                    self.counts[line["state"]] += 1
                    told.write(json.dumps(line, ensure_ascii=False) + "\n")
                    if mark:
                        kept.write(json.dumps(mark, ensure_ascii=False) + "\n")
                        kept.flush()
                    if line["state"] == "failed":
                        console.print(f"{line['name']}: {line['problem']['code']}: {line['problem']['detail']}")
                    progress.update(task, advance=1, description=f"Converting, {self.counts['failed']} failed")
            except KeyboardInterrupt:
                threads.shutdown(wait=False, cancel_futures=True)
                console.print("Stopped; run the same command again to go on.")
                return 1
        console.print(", ".join(f"{count} {state}" for state, count in sorted(self.counts.items())) + f"; report: {report}")
        return self.counts["failed"]

    def _results(
        self, items: Sequence[Item], done: Mapping[str, str], threads: ThreadPoolExecutor
    ) -> Iterator[tuple[dict[str, Any], dict[str, str] | None]]:
        """In the order in which they end; never more under way than a few for each worker, whatever the archive's size."""
        under_way: set[Future[Any]] = set()
        for item in items:
            under_way.add(threads.submit(self.one, item, done))
            if len(under_way) > 2 * self.pool.size + 2:
                ended, under_way = wait(under_way, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in ended)
        while under_way:
            ended, under_way = wait(under_way, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in ended)

    def one(self, item: Item, done: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str] | None]:
        """The line of the report, and that of the manifest where something was made."""
        try:
            source = item.source()
            mark = self._mark(source)
            if done.get(item.name) == mark and all(path.exists() for path in self._paths(item)):
                return {"name": item.name, "state": "unchanged"}, None
            outcome = pipeline.convert(source, self.conversion, self.pool, self.fetcher)
            for artifact, path in zip(outcome.artifacts, self._paths(item), strict=True):
                path.parent.mkdir(parents=True, exist_ok=True)
                new = path.with_name(f".{path.name}.new")
                new.write_bytes(artifact.data)
                new.replace(path)
        except ColophonError as error:
            return {"name": item.name, "state": "failed", "problem": {"code": error.code, "detail": error.detail}}, None
        except (OSError, zipfile.BadZipFile, KeyError) as error:
            return {"name": item.name, "state": "failed", "problem": {"code": "unreadable", "detail": str(error)}}, None
        notices = {notice.message: notice.as_dict() for artifact in outcome.artifacts for notice in artifact.notices}
        line = {"name": item.name, "state": "converted", "title": outcome.metadata["title"], "notices": list(notices.values())}
        return line, {"name": item.name, "mark": mark}

    def _paths(self, item: Item) -> list[Path]:
        folder = self.out / PurePosixPath(item.name).parent
        label = PurePosixPath(item.name).name
        return [folder / pipeline.artifact_name(label, WRITERS[target].suffix) for target in self.conversion.to]

    def _mark(self, source: Source) -> str:
        """Changes with whatever would change the artifacts: bytes, pictures, options, version."""
        parts = [__version__, repr(sorted(self.conversion.options.items())), repr(self.conversion.to), source.sha256]
        parts += [f"{asset.name} {asset.sha256}" for asset in source.assets]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def _done(self) -> dict[str, str]:
        """Name → mark of what earlier runs made; a line that was cut off by a crash is none."""
        found: dict[str, str] = {}
        manifest = self.out / MANIFEST
        for line in manifest.read_text(encoding="utf-8").splitlines() if manifest.exists() else ():
            try:
                entry = json.loads(line)
                found[entry["name"]] = entry["mark"]
            except (ValueError, KeyError, TypeError):
                continue
        return found
