"""`colophon convert FILE… --to pdf,epub,docx --out FOLDER`, or `-o FILE`."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from colophon_client import Client, Saved, Url
from service.commands import destinations
from service.commands.batches.items import collections_among
from service.commands.conversion_run import Make, Output, Run
from service.commands.flags import articles, check_service, conversion_flags, conversion_of, given, settings
from service.commands.local_files import fetched, is_address, named_by_flags, named_only
from service.commands.watch import INTERVAL, watch
from service.conversion.converter import PoolConverter
from service.model import codec
from service.model.document import Artifact, Conversion, Source
from service.model.references import names_file
from service.storage.temporary_folders import folder

INTERRUPTED = 130


@click.command("convert")
@click.argument("files", nargs=-1)
@click.option(
    "-t", "--to", "targets", default="",
    help="Formats, separated by commas: pdf, epub, docx, html, markdown, ast [default: by the suffix of -o].",
)  # fmt: skip
@click.option(
    "-o", "--output", default="", metavar="FILE",
    help="File for the artifact, or - for standard output. For one article, or a book of several, and one format.",
)  # fmt: skip
@click.option("--out", default="", metavar="FOLDER", help="Folder for the artifacts [default: the current folder].")
@click.option("--workers", type=int, default=None, help="Number of workers [default: one per core, at most one per file].")
@click.option("--server", default="", help="Convert through the Colophon service at this URL. Without it, convert here.")
@click.option("--key", default="", envvar="COLOPHON_KEY", help="API key for --server.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per article: artifacts, notices, problem.")
@click.option("--quiet", is_flag=True, help="Print no paths, notices and progress. Problems are still printed.")
@click.option("--dry-run", is_flag=True, help="Print the files that would be written. Convert nothing.")
@click.option("--watch", "again", is_flag=True, help="Convert again when an article or its images change, until Ctrl-C.")
@conversion_flags
def command(files: tuple[str, ...], **flags: Any) -> None:
    """Convert articles. FILE can be - for standard input; its artifact then goes to standard output. FILE can also be the
    address of a page (http://, https://): its main text is converted, with its pictures.

    A folder or zip of several articles becomes a file for each, in the same folders, whose links lead to each other. With
    --combine all articles become one book.

    Each artifact is named after its source. The paths of the artifacts are printed on standard output, notices and problems
    on standard error.
    """
    own = {name: flags.pop(name) for name in tuple(flags) if not name.startswith("option_") and name != "metadata_file"}
    articles(files)
    check_service(own["server"])
    raw = given(flags)
    asked, named = named_by_flags(raw)
    conversion = conversion_of(destinations.targets_of(own["targets"], own["output"]), asked)
    collections = {} if conversion.combine else collections_among(files, own["out"] or ".")
    files = tuple(each for file in files for each in ([one.place for one in collections.get(file, ())] or [file]))
    destination = destinations.choose(own["output"], own["out"], files, conversion)
    if own["again"] and ("-" in files or destination.is_stream or own["dry_run"]):
        raise click.UsageError("--watch needs files, not standard input, standard output or --dry-run.")
    if own["as_json"] and destination.is_stream:
        raise click.UsageError("--json prints to standard output, and so does this conversion. Name a file with -o FILE.")
    if own["again"] and any(map(is_address, files)):
        raise click.UsageError("--watch needs files, not addresses.")
    fetch = named_only if own["server"] and not conversion.combine else fetched
    run = Run(conversion, destination, Output(own["quiet"], own["as_json"], own["dry_run"]), named, fetch)
    run.items = {each.place: each for found in collections.values() for each in found}
    if own["dry_run"]:
        sys.exit(1 if run.all(files, _never, 1) else 0)
    at_once = own["workers"] or min(len(files) * len(conversion.to), settings().workers)
    with _there(own["server"], own["key"], conversion, asked) if own["server"] else _here(conversion, at_once) as make:
        failed = run.all(files, make, at_once)
        if own["again"]:
            _watch(run, files, raw, lambda changed: run.all(changed, make, at_once))
    sys.exit(1 if failed else 0)


def _watch(run: Run, files: Sequence[str], raw: Mapping[str, Any], convert: Callable[[Sequence[str]], object]) -> None:
    """Converts again after each change, until Ctrl-C. `raw`: the options with the paths of their files, as they were given."""
    given = ((option, each) for option, value in raw.items() for each in (value if isinstance(value, tuple) else (value,)))
    named = {Path(each) for option, each in given if names_file(option, each)}

    def again(changed: Sequence[str]) -> None:
        run.named = named_by_flags(raw)[1]
        convert(files if run.conversion.combine else changed)

    run.print(["Watching for changes. Ctrl-C stops."])
    try:
        watch(files, lambda file: run.watched(file) | named, again, lambda: time.sleep(INTERVAL))
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _never(_: Source) -> Sequence[Artifact]:
    raise AssertionError("a dry run converts nothing")


@contextmanager
def _here(conversion: Conversion, workers: int) -> Iterator[Make]:
    used = settings(workers=workers, slow_after=0.0)  # no other caller waits
    with PoolConverter(used, spares=0, targets=conversion.to) as converter:
        yield lambda source: converter.convert(source, conversion)[0].artifacts


@contextmanager
def _there(server: str, key: str, conversion: Conversion, flags: Mapping[str, Any]) -> Iterator[Make]:
    """`flags` contain only the given options: the service has its own defaults."""
    with Client(server, key=key) as client:

        def make(source: Source) -> Sequence[Artifact]:
            assets = [(asset.name, asset.data) for asset in source.assets]
            with folder() as into:
                upload = Url(source.address) if source.address else (source.name, source.data)
                return list(map(_artifact, client.convert_to(upload, conversion.to, into, assets=assets, **flags)))

        yield make


def _artifact(saved: Saved) -> Artifact:
    return Artifact(saved.path.name, saved.format, saved.media_type, saved.path.read_bytes(), codec.unpack_notices(saved.notices))
