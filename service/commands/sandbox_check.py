"""Mode `strict` of the sandbox for commands that run conversions: they do not start without it."""

from __future__ import annotations

import click

from service.model.errors import ColophonError
from service.model.settings import Settings
from service.workers.worker import cause, trial


def refuse_without_sandbox(used: Settings) -> None:
    """Tries a worker where the sandbox is strict. Raises ClickException where it does not hold."""
    if used.sandbox != "strict":
        return
    try:
        trial(used)
    except ColophonError as error:
        raise click.ClickException(f"The sandbox is strict and does not hold: {cause(error)}") from error
