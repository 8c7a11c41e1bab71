"""`colophon batch DIR|GLOB|ZIP… --to epub,pdf --out OUT`: converts an archive of articles, here or through a service."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from colophon_client import Client, Problem, Unreachable
from service.commands.batches import prune
from service.commands.batches.items import items
from service.commands.batches.local import Local
from service.commands.batches.plan import Collision, Planned, Work, plan, prepared
from service.commands.batches.prune import vanished
from service.commands.batches.remote import Remote
from service.commands.batches.report import Result
from service.commands.batches.run import INTERRUPTED, run
from service.commands.delivery_flags import delivery_flags, taken_from
from service.commands.flags import check_service, conversion_flags, conversion_of, given, settings
from service.commands.local_files import named_by_flags
from service.conversion.converter import PoolConverter
from service.model.document import Conversion
from service.model.errors import FetchFailed, ForbiddenUrl
from service.model.formats import SUFFIXES

MOST_NAMED = 5  # articles in one line
TRIES = 20  # of a call to a service that is full or restarts: a batch has time


@click.command("batch")
@click.argument("sources", nargs=-1, required=True)
@click.option("-t", "--to", "targets", required=True, help="Formats, separated by commas.")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder for the artifacts.")
@click.option(
    "--workers",
    type=int,
    default=None,
    help="Number of workers [default: one per core]. With --server: parallel jobs [default: 2].",
)
@click.option("--server", default="", help="Convert through the Colophon service at this URL. Without it, convert here.")
@click.option("--key", default="", envvar="COLOPHON_KEY", help="API key for --server.")
@click.option("--again", is_flag=True, help="Also convert unchanged articles.")
@click.option("--prune", is_flag=True, help="After the batch, remove the files of articles that no longer exist.")
@click.option("--dry-run", is_flag=True, help="Print what the batch would convert and remove. Change nothing.")
@click.option("--quiet", is_flag=True, help="Print no warnings: they are in the report. Failures are still printed.")
@delivery_flags
@conversion_flags
def command(sources: tuple[str, ...], targets: str, out: Path, **flags: Any) -> None:
    """Convert folders, globs, zips and feeds of articles. A second run converts only new and changed ones.

    A feed (RSS, Atom, JSON Feed) can be a file or an address (https://); each entry is an article, and keeps its file.

    The folder structure is kept, and each article has its own file: a.html and a.md become a.epub and a-2.epub. Files that
    a batch wrote are never its input, and neither are files in OUT.

    OUT contains colophon-report.jsonl (one line per article: state, files, notices, problem), colophon-report.md for people,
    and colophon-manifest.jsonl, from which the next run knows what is finished. Ctrl-C stops the batch; run it again to
    continue. Exit code: 0 success, 1 some articles failed, 130 interrupted.

    With --server, --deliver-s3 and --deliver-mail also send the artifacts on, as each job ends.
    """
    delivery = taken_from(flags)
    own = {name: flags.pop(name) for name in tuple(flags) if not name.startswith("option_") and name != "metadata_file"}
    check_service(own["server"])
    if delivery and not own["server"]:
        raise click.UsageError("Only a service delivers. Name it with --server, or use the files in --out.")
    asked, named = named_by_flags(given(flags))
    conversion = conversion_of(targets, asked)
    try:
        found = items(sources, out, named, conversion.since)
    except (FetchFailed, ForbiddenUrl) as error:
        raise click.ClickException(error.detail) from error
    if not found and conversion.since:
        click.echo(f"No entry is new since {conversion.since}.", err=True)
        return
    asked.pop("since", None)  # it selects the entries and is not part of an entry
    conversion = replace(conversion, since="")
    if not found:
        known = ", ".join(sorted(SUFFIXES))
        raise click.UsageError(f"No articles found in {', '.join(sources)}. Supported suffixes: {known}")
    try:
        planned = plan(found, conversion, out, own["again"])
    except Collision as error:
        raise click.UsageError(str(error)) from error
    kept = {file for each in planned for file in each.files}
    if own["dry_run"]:
        _preview(planned, conversion, out, vanished(found, kept, out) if own["prune"] else {})
        return
    code = _remote(own, conversion, asked | delivery, planned, out) if own["server"] else _local(own, conversion, planned, out)
    if code != INTERRUPTED:
        _prune(vanished(found, kept, out), out, own["prune"])
    sys.exit(code)


def _local(own: Mapping[str, Any], conversion: Conversion, planned: Sequence[Planned], out: Path) -> int:
    used = settings(workers=own["workers"], slow_after=0.0)  # no other caller waits
    with PoolConverter(used, targets=conversion.to) as converter:
        return run(Local(conversion, converter, out), planned, out, own["quiet"])


def _remote(
    own: Mapping[str, Any], conversion: Conversion, asked: Mapping[str, Any], planned: Sequence[Planned], out: Path
) -> int:
    at_once = own["workers"] or 2
    with Client(own["server"], key=own["key"], tries=TRIES, connections=3 * at_once) as client:
        try:
            return run(Remote(client, conversion, asked, out, at_once), planned, out, own["quiet"])
        except (Unreachable, Problem) as error:
            raise click.ClickException(str(error)) from error


def _preview(planned: Sequence[Planned], conversion: Conversion, out: Path, gone: Mapping[str, Sequence[Path]]) -> None:
    """Prints what a run would do: one line per file, then the numbers."""
    counts = Counter[str]()
    for item in planned:
        work = prepared(item, conversion, out)
        state = work.state if isinstance(work, Result) else "to convert"
        counts[state] += 1
        if isinstance(work, Work):
            click.echo("\n".join(f"{item.item.name}: would write {path}" for path in item.paths.values()))
        elif work.problem:
            click.echo(f"{item.item.name}: {work.problem['code']}: {work.problem['detail']}", err=True)
    for name, files in gone.items():
        click.echo("\n".join(f"{name}: would remove {path}" for path in files))
    click.echo(", ".join(f"{count} {state}" for state, count in sorted(counts.items())), err=True)


def _prune(gone: Mapping[str, Sequence[Path]], out: Path, wanted: bool) -> None:
    """Removes the files of articles that no longer exist, or says that `--prune` would."""
    count = sum(map(len, gone.values()))
    if not count:
        return
    if wanted:
        prune.remove(gone, out)
        click.echo(f"{count} files removed of {len(gone)} articles that no longer exist.", err=True)
        return
    names = ", ".join(list(gone)[:MOST_NAMED]) + (", …" if len(gone) > MOST_NAMED else "")
    click.echo(f"{count} files remain of articles that no longer exist: {names}. --prune removes them.", err=True)
