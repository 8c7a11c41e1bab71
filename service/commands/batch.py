"""`colophon batch DIR|GLOB|ZIP… --to epub,pdf --out OUT`: converts an archive of articles, here or through a service."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from colophon_client import Client, Problem, Unreachable
from schemas import options
from service.commands.batches.items import items
from service.commands.batches.local import Local
from service.commands.batches.plan import Collision, Planned, plan
from service.commands.batches.remote import Remote
from service.commands.batches.run import run
from service.commands.flags import conversion_flags, given, settings, usage
from service.commands.local_files import named_by_flags
from service.conversion.converter import PoolConverter
from service.model import formats
from service.model.document import Conversion
from service.model.errors import ValidationFailed
from service.model.formats import SUFFIXES

TRIES = 20  # of a call to a service that is full or restarts: a batch has time


@click.command("batch")
@click.argument("sources", nargs=-1, required=True)
@click.option("--to", "targets", required=True, help="Formats, separated by commas.")
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
@conversion_flags
def command(
    sources: tuple[str, ...], targets: str, out: Path, workers: int | None, server: str, key: str, again: bool, **flags: Any
) -> None:
    """Convert folders, globs and zips of articles. A second run converts only new and changed ones.

    The folder structure is kept, and each article has its own file: a.html and a.md become a.epub and a-2.epub. Files that
    a batch wrote are never its input, and neither are files in OUT.

    OUT contains colophon-report.jsonl (one line per article: state, files, notices, problem), colophon-report.md for people,
    and colophon-manifest.jsonl, from which the next run knows what is finished. Ctrl-C stops the batch; run it again to
    continue. Exit code: 0 success, 1 some articles failed, 130 interrupted.
    """
    asked, named = named_by_flags(given(flags))
    try:
        to = tuple(dict.fromkeys(name.strip().lower() for name in targets.split(",") if name.strip()))
        formats.check_targets(to)
        conversion = options.load(to, asked)
    except ValidationFailed as error:
        raise usage(error) from error
    found = items(sources, out, named)
    if not found:
        raise click.UsageError(f"No articles found. Supported suffixes: {', '.join(sorted(SUFFIXES))}")
    try:
        planned = plan(found, conversion, out, again)
    except Collision as error:
        raise click.UsageError(str(error)) from error
    if server:
        sys.exit(_remote(server, key, conversion, asked, planned, out, workers or 2))
    sys.exit(_local(conversion, planned, out, workers))


def _local(conversion: Conversion, planned: Sequence[Planned], out: Path, workers: int | None) -> int:
    with PoolConverter(settings(workers=workers, slow_after=0.0)) as converter:  # no other caller waits
        return run(Local(conversion, converter, out), planned, out)


def _remote(
    server: str,
    key: str,
    conversion: Conversion,
    flags: Mapping[str, Any],
    planned: Sequence[Planned],
    out: Path,
    at_once: int,
) -> int:
    with Client(server, key=key, tries=TRIES, connections=3 * at_once) as client:
        try:
            return run(Remote(client, conversion, flags, out, at_once), planned, out)
        except (Unreachable, Problem) as error:
            raise click.ClickException(str(error)) from error
