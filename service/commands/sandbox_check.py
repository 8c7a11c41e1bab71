"""Sandbox mode `strict` for commands that convert: they do not start without a sandbox."""

from __future__ import annotations

import click

from service.model.errors import ColophonError
from service.model.settings import Settings
from service.workers.worker import cause, trial


def refuse_without_sandbox(used: Settings) -> None:
    """Starts a worker where the sandbox is strict. Raises ClickException if the sandbox does not hold."""
    if used.sandbox != "strict":
        return
    try:
        trial(used)
    except ColophonError as error:
        raise click.ClickException(f"COLOPHON_SANDBOX is strict, and the sandbox is not complete: {cause(error)}") from error
