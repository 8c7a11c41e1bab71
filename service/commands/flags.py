"""The conversion options as flags, one per schema field, and the settings of a command."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from schemas.options import properties
from service.model.errors import ValidationFailed
from service.model.settings import Settings
from service.telemetry.tracing import open_tracing

Command = TypeVar("Command", bound=Callable[..., Any])


def conversion_flags(command: Command) -> Command:
    """Adds `--toc`, `--lang` and so on. A flag that is not given is None, and the default of the schema holds."""
    for name, each in reversed(properties().items()):
        command = _flag(name, each)(command)
    return command


def _flag(name: str, each: Mapping[str, Any]) -> Callable[[Command], Command]:
    flag = "--" + name.replace("_", "-")
    default = each["default"]
    shown = f" [default: {default}]" if default not in ("", {}, None) and each["type"] != "boolean" else ""
    text = each["description"] + shown
    parameter = "option_" + name
    if each["type"] == "boolean":
        off = "--no-" + name.replace("_", "-")
        text += f" [default: {'on' if default else 'off'}]"
        return click.option(f"{flag}/{off}", parameter, default=None, help=text)
    kind: Any = click.Choice(each["enum"]) if "enum" in each else {"integer": int}.get(each["type"], str)
    return click.option(flag, parameter, type=kind, default=None, help=text)


def given(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The given options, in the form of `schemas.options.load`. Raises click.BadParameter for invalid JSON."""
    found = {name.removeprefix("option_"): value for name, value in parameters.items() if value is not None}
    if "metadata" in found:
        try:
            found["metadata"] = json.loads(found["metadata"])
        except ValueError as error:
            raise click.BadParameter(f"not a JSON object: {error}", param_hint="--metadata") from error
    return found


def settings(**overrides: Any) -> Settings:
    """The settings from the environment. Raises click.UsageError for an invalid value."""
    try:
        return Settings.from_env(**overrides)
    except (ValueError, OSError) as error:
        raise click.UsageError(str(error)) from error


def check_tracing() -> None:
    """Raises click.UsageError for invalid OpenTelemetry variables, before anything is served."""
    try:
        open_tracing(os.environ).close()
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def usage(error: ValidationFailed) -> click.UsageError:
    """The refusal of options as a usage error that lists every place."""
    flags = ["--" + (place.pointer or "").strip("/").replace("_", "-") for place in error.places]
    lines = [f"{flag}: {place.detail}" for flag, place in zip(flags, error.places, strict=True)]
    return click.UsageError("\n".join(lines) or error.detail)
