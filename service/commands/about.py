"""`colophon formats`, `doctor` and `openapi`: the abilities and the state of this installation."""

from __future__ import annotations

import sys

import click

from service.commands.flags import settings
from service.engines import installation
from service.model import extensions
from service.model.errors import ColophonError
from service.model.formats import INPUT_FORMATS, OUTPUT_FORMATS
from service.web.openapi import text
from service.workers import sandbox_test
from service.workers.worker import cause, trial


@click.command("formats")
def formats() -> None:
    """List the input and output formats."""
    for reader in INPUT_FORMATS.values():
        click.echo(f"read   {reader.name:10} {' '.join(reader.suffixes)}")
    for writer in OUTPUT_FORMATS.values():
        click.echo(f"write  {writer.name:10} {writer.suffix}")
    _list_extensions()


def _list_extensions() -> None:
    for each in extensions.installed():
        click.echo(f"{each.group:18} {each.name:10} {each.distribution} {each.version}")


@click.command("doctor")
def doctor() -> None:
    """Check versions, fonts and the sandbox, and list what is missing."""
    for name, version in installation.versions().items():
        click.echo(f"{name:16} {version or 'missing'}")
    for script, font in installation.facts()["fonts"].items():
        click.echo(f"{script:18} {font or 'no font'}")
    _list_extensions()
    warnings = installation.warnings()
    try:
        holds = trial(settings(workers=1))
    except ColophonError as error:
        warnings.append(f"No worker is ready: {cause(error)}")
    else:
        for part in ("mode", "landlock", "seccomp", "sealed"):
            click.echo(f"sandbox {part:32} {holds[part]}")
        for attempt, refused in holds["refused"].items():
            click.echo(f"sandbox {attempt:32} {'refused' if refused else 'NOT REFUSED'}")
        warnings += sandbox_test.warnings(holds)
    for warning in warnings:
        click.echo(f"warning: {warning}", err=True)
    sys.exit(1 if warnings else 0)


@click.command("openapi")
def openapi() -> None:
    """Print the HTTP contract, openapi.yaml, generated from the code."""
    click.echo(text(), nl=False)
