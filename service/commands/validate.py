"""`colophon validate FILE…`: the metadata that a conversion would use, and every notice of reading. Nothing is written."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import click

from colophon_client import Client, Problem, Url
from service.commands import notice_lines
from service.commands.flags import articles, check_service, conversion_flags, conversion_of, given, settings
from service.commands.local_files import fetched, named_by_flags, named_only, source_of
from service.conversion.driver import read_in_worker, refuse_if_strict
from service.model import codec
from service.model.document import Asset, Conversion, Source
from service.model.errors import ColophonError

Read = Callable[[Source], Mapping[str, Any]]  # → metadata and notices, as JSON


@click.command("validate")
@click.argument("files", nargs=-1)
@click.option("--server", default="", help="Validate through the Colophon service at this URL. Without it, here.")
@click.option("--key", default="", envvar="COLOPHON_KEY", help="API key for --server.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per article: metadata, notices, problem.")
@click.option("--quiet", is_flag=True, help="Print only problems.")
@conversion_flags
def command(files: tuple[str, ...], server: str, key: str, as_json: bool, quiet: bool, **flags: Any) -> None:
    """Read articles and print their metadata and notices. FILE can be - for standard input, or the address of a page.

    Exit code: 0 all can be converted, 1 some cannot. With --strict, a warning is a failure.
    """
    articles(files)
    check_service(server)
    asked, named = named_by_flags(given(flags))
    conversion = conversion_of("", asked)
    failed = 0
    with _there(server, key, asked) if server else _here(conversion) as read:
        for file in files:
            about = _validated(file, conversion, named, read, named_only if server else fetched)
            failed += "problem" in about
            if as_json:
                click.echo(json.dumps(about, ensure_ascii=False))
            else:
                _print(file, about, quiet)
    sys.exit(1 if failed else 0)


def _validated(
    file: str, conversion: Conversion, named: Sequence[Asset], read: Read, fetch: Callable[[str], Source]
) -> dict[str, Any]:
    try:
        return {"source": file, "state": "valid", **read(source_of(file, conversion, named, fetch))}
    except (ColophonError, Problem) as error:
        return {"source": file, "state": "failed", "problem": notice_lines.packed(error), "line": notice_lines.problem(error)}
    except OSError as error:
        detail = error.strerror or str(error)
        return {"source": file, "state": "failed", "problem": {"code": "unreadable", "detail": detail}, "line": detail}


def _print(file: str, about: Mapping[str, Any], quiet: bool) -> None:
    if "problem" in about:
        click.echo(f"{file}: {about['line']}", err=True)
        return
    if quiet:
        return
    for notice in codec.unpack_notices(about["notices"]):
        click.echo(notice_lines.line(notice, [file]), err=True)
    metadata = about["metadata"]
    people = ", ".join(author["name"] for author in metadata["authors"])
    said = [repr(metadata["title"]), people, metadata["date"], metadata["lang"]]
    click.echo(f"{file}: valid: {', '.join(str(each) for each in said if each)}")


@contextmanager
def _here(conversion: Conversion) -> Iterator[Read]:
    from service.workers.pool import WorkerPool

    pool = WorkerPool(settings(workers=1), spares=0, targets=())

    def read(source: Source) -> Mapping[str, Any]:
        reading = read_in_worker(source, conversion, pool)
        refuse_if_strict(conversion, reading.notices)
        fields = {name: value for name, value in reading.metadata.items() if name != "front_matter"}
        return {"metadata": fields, "notices": [notice.as_dict() for notice in reading.notices]}

    try:
        yield read
    finally:
        pool.stop()


@contextmanager
def _there(server: str, key: str, flags: Mapping[str, Any]) -> Iterator[Read]:
    with Client(server, key=key) as client:

        def read(source: Source) -> Mapping[str, Any]:
            assets: Sequence[tuple[str, bytes]] = [(asset.name, asset.data) for asset in source.assets]
            upload = Url(source.address) if source.address else (source.name, source.data)
            found = client.validate(upload, assets=assets, **flags)
            return {name: found[name] for name in ("metadata", "notices")}

        yield read
