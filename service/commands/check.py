"""`colophon check FILE… [--json | --sarif] [--strict]`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from service.commands.flags import settings
from service.conversion import checking
from service.model import sarif
from service.model.devices import ANY, DEVICES, EVERY
from service.model.document import Source
from service.model.errors import ColophonError
from service.workers.pool import WorkerPool

HELD = {True: "holds", False: "does not hold", None: "nothing found against it"}
SHOWN = 5  # places of one rule in the text


@click.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the reports as JSON: one object, or a list for several files.")
@click.option("--sarif", "as_sarif", is_flag=True, help="Print SARIF 2.1.0, for code hosts and editors.")
@click.option("--validators", is_flag=True, help="Run veraPDF, epubcheck and Ace too, if they are installed.")
@click.option(
    "--device", type=click.Choice((*DEVICES, EVERY)), default=ANY,
    help="E-reader whose rules an EPUB is checked by too; all: each one [default: any, a summary].",
)  # fmt: skip
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings too.")
def command(files: tuple[Path, ...], as_json: bool, as_sarif: bool, validators: bool, strict: bool, device: str) -> None:
    """Check files of any program: what they claim, and what is wrong with them.

    The exit code is 0 if no file has an error, 1 if one has an error or cannot be read.
    """
    if as_json and as_sarif:
        raise click.UsageError("Use either --json or --sarif.")
    reports, has_failed = _checked(files, validators, device)
    if as_sarif:
        click.echo(json.dumps(sarif.log([(each["name"], each) for each in reports]), ensure_ascii=False, indent=2))
    elif as_json:
        click.echo(json.dumps(reports[0] if len(files) == 1 and reports else reports, ensure_ascii=False, indent=2))
    else:
        for report in reports:
            for line in _shown(report):
                click.echo(line)
    wrong = [each for each in reports if not each["passed"] or (strict and each["counts"]["warning"])]
    sys.exit(1 if has_failed or wrong else 0)


def _checked(files: tuple[Path, ...], validators: bool, device: str) -> tuple[list[dict[str, Any]], bool]:
    """The reports, and whether a file could not be read; the reason is printed."""
    given = settings(workers=1, **({"validators": "on"} if validators else {}))
    pool = WorkerPool(given, spares=0)
    reports, has_failed = [], False
    try:
        for path in files:
            try:
                reports.append(checking.check(Source(str(path), path.read_bytes()), pool, given, device=device))
            except ColophonError as error:
                click.echo(f"{path}: {error.code}: {error.detail}", err=True)
                has_failed = True
    finally:
        pool.stop()
    return reports, has_failed


def _shown(report: Mapping[str, Any]) -> Iterator[str]:
    counts = ", ".join(f"{count} {severity}" for severity, count in report["counts"].items() if count)
    yield f"{report['name']}: {report['format'].upper()}, {counts or 'nothing found'}"
    for claim in report["claims"]:
        yield f"  claims {claim['claim']}: {HELD[claim['holds']]}"
    for each in report["facts"].get("signatures", ()):
        yield f"  signed by {each['signer'] or 'an unknown signer'}, {each['time'] or 'no time'}: {_state(each)}"
    for name, each in report["facts"].get("devices", {}).items():
        verdict = "nothing to refuse" if each["accepted"] else f"refuses it ({', '.join(each['refused_by'])})"
        advice = f"; advice: {', '.join(each['advice'])}" if each["advice"] else ""
        yield f"  {DEVICES[name].label}: {verdict}{advice}"
    for (severity, rule), group in groupby(report["findings"], key=lambda each: (each["severity"], each["rule"])):
        found = list(group)
        clause = f" ({found[0]['clause']})" if found[0]["clause"] else ""
        yield f"  {severity}: {found[0]['message']} {rule}{clause}"
        for each in found[:SHOWN]:
            yield f"    {each['place']}{': ' + each['detail'] if each['detail'] else ''}"
        if len(found) > SHOWN:
            yield f"    and {len(found) - SHOWN} more"
        if found[0]["fix"]:
            yield f"    → {found[0]['fix']}"
    for each in report["checked_by"]:
        yield f"  checked by {each['name']} {each['version']}: {each['problem'] or each['kind']}"


def _state(signature: Mapping[str, Any]) -> str:
    if not signature["valid"]:
        return "not verified" if signature["valid"] is None else "not valid"
    return "valid, whole document" if signature["whole_document"] else "valid, but not of the whole document"
