"""One run: prints each result and writes it to the report and the manifest as it arrives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from service.commands.batches.manifest import Manifest
from service.commands.batches.plan import Planned
from service.commands.batches.report import LINES, Report, Result

DONE, FAILED, INTERRUPTED = 0, 1, 130


class Way(Protocol):
    """Converts articles: here, or by a service."""

    def results(self, items: Sequence[Planned]) -> Iterator[Result]: ...


class Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.finished_speed or task.speed or 0:.1f}/s")


def run(way: Way, items: Sequence[Planned], out: Path, quiet: bool = False) -> int:
    """The exit code: all converted, some failed, or interrupted. `quiet`: warnings are only in the report."""
    out.mkdir(parents=True, exist_ok=True)
    console = new_console()
    manifest = Manifest(out)
    with Report(out, len(items)) as report, manifest, closing(way.results(items)) as results:  # type: ignore[type-var]
        try:
            _follow(results, report, manifest, console, quiet)
        except KeyboardInterrupt:
            report.interrupted = True
    console.print(f"{report.sentence()}; report: {out / LINES}")
    if report.interrupted:
        console.print("Stopped. Run the same command again to continue.")
        return INTERRUPTED
    return FAILED if report.counts["failed"] else DONE


def new_console() -> Console:
    return Console(stderr=True, soft_wrap=True, highlight=False, markup=False)


def _follow(results: Iterator[Result], report: Report, manifest: Manifest, console: Console, quiet: bool) -> None:
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate(), TimeElapsedColumn(),
        TextColumn("left"), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        bar = progress.add_task("Converting", total=report.total)
        for result in results:
            report.add(result)
            if result.entry:
                manifest.add(result.entry)
            if result.problem:
                console.print(f"{result.name}: {result.problem['code']}: {result.problem['detail']}")
            for warning in () if quiet else result.warnings():
                console.print(f"{result.name}: warning: {warning}")
            progress.update(bar, advance=1, description=f"Converting, {report.counts['failed']} failed")
