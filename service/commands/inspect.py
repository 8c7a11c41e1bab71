"""`colophon inspect FILE [--json] [--extract-source PATH]`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from service.commands.flags import settings
from service.model.errors import ColophonError
from service.workers.pool import WorkerPool


@click.command("inspect")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the whole report as JSON.")
@click.option(
    "--extract-source", type=click.Path(path_type=Path), help="Write the embedded article to this path, or - for standard output."
)
def command(file: Path, as_json: bool, extract_source: Path | None) -> None:
    """Read the metadata of a PDF, EPUB or DOCX, also of other programs."""
    pool = WorkerPool(settings(workers=1), spares=0, targets=())
    header = {"name": file.name, "part": "source" if extract_source else "report"}
    try:
        answer, blobs = pool.call("inspect", header, [file.read_bytes()])
    except ColophonError as error:
        click.echo(f"{file}: {error.code}: {error.detail}", err=True)
        sys.exit(1)
    finally:
        pool.stop()
    if extract_source:
        _write(extract_source, blobs[0])
    elif as_json:
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        for line in _shown(answer):
            click.echo(line)


def _write(path: Path, data: bytes) -> None:
    if str(path) == "-":
        sys.stdout.buffer.write(data)
    else:
        path.write_bytes(data)
        click.echo(f"{path}: {len(data)} bytes", err=True)


def _shown(report: Mapping[str, Any]) -> Iterator[str]:
    origin = "the embedded record" if report["record"] else "its own properties"
    yield f"{report['format'].upper()}, by {origin}"
    fields = {name: value for name, value in report["metadata"].items() if name != "custom"}
    for name, value in (fields | report["metadata"].get("custom", {})).items():
        if value not in (None, "", [], {}):
            yield f"{name:>12}  {_text(value)}"
    for name, value in report["facts"].items():
        yield f"{name:>12}  {_text(value)}"
    if source := report["source"]:
        yield f"{'source':>12}  {source['name']}, {source['size']} bytes (--extract-source)"
    for notice in report["notices"]:
        yield f"{'notice':>12}  {notice['code']}: {notice['message']}"


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(map(_text, value))
    if isinstance(value, dict):
        return ", ".join(
            f"{key}: {each}" if key != "name" else str(each) for key, each in value.items() if each not in ("", None)
        )
    return str(value)
