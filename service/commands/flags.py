"""The conversion options as flags, one per schema field, and the settings of a command."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import click

from schemas import house_profiles, options
from service.commands import metadata_flags
from service.commands.defaults_file import defaults_flag, joined
from service.model import formats
from service.model.document import Conversion
from service.model.errors import ValidationFailed
from service.model.options import ALIASES, OPTIONS, Option
from service.model.settings import Settings
from service.telemetry.tracing import open_tracing

Command = TypeVar("Command", bound=Callable[..., Any])


FONT = "font"
FILES = "metadata_defaults"  # `--metadata-file` gives it


def conversion_flags(command: Command) -> Command:
    """Adds `--toc`, `--lang` and so on. A missing flag is None: the default of the schema applies."""
    for option in reversed(list(OPTIONS.values())):
        command = _metadata_file(command) if option.name == FILES else _flag(option)(command)
    return defaults_flag(command)


def _flag(option: Option) -> Callable[[Command], Command]:
    default, text = option.default, option.help.en
    parameter = "option_" + option.name
    flags = [option.short, option.flag] if option.short else [option.flag]
    flags += ["--" + alias for alias, name in ALIASES.items() if name == option.name]
    if option.name == "metadata":
        text = "Metadata over the front matter: KEY=VALUE, or a JSON object. Can be repeated; a repeated key is a list."
        return click.option(*flags, parameter, multiple=True, metavar="KEY=VALUE", help=text)
    if option.name == FONT:
        text = "File of a font, or a family: serif, sans, mono, an installed one. Can be repeated for the files of a family."
        return click.option(*flags, parameter, multiple=True, metavar="FILE|FAMILY", help=text)
    if isinstance(default, bool):
        text += f" [default: {'on' if default else 'off'}]"
        return click.option(f"{option.flag}/--no-{option.flag[2:]}", parameter, default=None, help=text)
    text += f" [default: {default}]" if default else ""
    kind = click.Choice(option.choices) if option.choices else type(default)
    return click.option(*flags, parameter, type=kind, default=None, help=text)


def _metadata_file(command: Command) -> Command:
    text = "YAML or JSON file with metadata for the fields that the front matter does not set. Can be repeated."
    return click.option("--metadata-file", multiple=True, metavar="FILE", help=text)(command)


def given(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The given options, in the form of `schemas.options.load`. Raises click.BadParameter for unreadable metadata."""
    context = click.get_current_context()
    found = {name.removeprefix("option_"): value for name, value in parameters.items() if value is not None}
    pairs = joined(context, "option_metadata", found.pop("metadata", ()))
    files = joined(context, "metadata_file", found.pop("metadata_file", ()))
    if fonts := joined(context, "option_font", found.pop(FONT, ())):
        found[FONT] = fonts
    found |= {"metadata": metadata_flags.overrides(pairs)} if pairs else {}
    return found | ({FILES: metadata_flags.from_files(files)} if files else {})


def conversion_of(targets: str, asked: Mapping[str, Any]) -> Conversion:
    """The conversion of `--to` and the given options. Raises click.UsageError for a value that is not valid."""
    to = tuple(dict.fromkeys(name.strip().lower() for name in targets.split(",") if name.strip()))
    try:
        formats.check_targets(to)
        return options.load(to, asked)
    except ValidationFailed as error:
        raise usage(error) from error


def check_service(server: str) -> None:
    """Raises click.UsageError for an address without a scheme."""
    if server and not server.startswith(("http://", "https://")):
        raise click.UsageError(f"--server: {server!r} is not a URL. Write http://{server} or https://{server}.")


def articles(files: Sequence[str]) -> Sequence[str]:
    """`files`. Raises click.UsageError if there is no file, or if standard input is listed twice."""
    if not files:
        raise click.UsageError("No article is given. Name one or more files, or - for standard input.")
    if files.count("-") > 1:
        raise click.UsageError("Standard input (-) can be read only once.")
    return files


def settings(**overrides: Any) -> Settings:
    """The settings from the environment. Raises click.UsageError for an invalid value."""
    try:
        house_profiles.check()
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
