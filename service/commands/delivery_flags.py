"""Flags of the commands that create jobs: where the service sends the artifacts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])
NAMES = ("deliver_s3", "deliver_mail")


def delivery_flags(command: Command) -> Command:
    command = click.option(
        "--deliver-mail", multiple=True, metavar="ADDRESS", help="Mail address that gets the artifacts. Can be repeated."
    )(command)
    return click.option(
        "--deliver-s3", default="", metavar="PREFIX", help="Prefix for the artifacts in the bucket of the service."
    )(command)


def taken_from(flags: dict[str, Any]) -> dict[str, Any]:
    """The fields of a job for the flags that were given, which are removed from `flags`."""
    found = {name: flags.pop(name) for name in NAMES}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items() if value}
