"""`colophon formats`, `doctor` and `openapi`: what this installation can do, and how it is."""

from __future__ import annotations

import sys

import click

from service.commands.flags import settings
from service.engines import facts
from service.engines.workers import WorkerPool
from service.openapi import text
from service.readers import READERS
from service.writers import WRITERS


@click.command("formats")
def formats() -> None:
    """Lists the formats that can be read and made."""
    for reader in READERS.values():
        click.echo(f"read   {reader.name:10} {' '.join(reader.suffixes)}")
    for writer in WRITERS.values():
        click.echo(f"write  {writer.name:10} {writer.suffix}")


@click.command("doctor")
def doctor() -> None:
    """Tells versions, fonts and the sandbox, and what is missing."""
    for name, version in facts.versions().items():
        click.echo(f"{name:16} {version or 'missing'}")
    for script, font in facts.facts()["fonts"].items():
        click.echo(f"{script:18} {font or 'no font'}")
    pool = WorkerPool(settings(workers=1), spares=0)
    try:
        ready = pool.wait_until_ready()
        for part, holds in pool.sandbox.items():
            click.echo(f"sandbox {part:10} {holds}")
    finally:
        pool.stop()
    warnings = facts.warnings() + ([] if ready else ["No worker becomes ready."])
    for warning in warnings:
        click.echo(f"warning: {warning}", err=True)
    sys.exit(0 if ready and not warnings else 1)


@click.command("openapi")
def openapi() -> None:
    """Prints the contract, openapi.yaml, as the code has it."""
    click.echo(text(), nl=False)
