"""`--defaults FILE`: the flags of a command in a YAML file, with the names of pandoc (its manual, "Defaults files").

A flag on the command line wins over the file. Metadata of both is joined. `${.}` is the folder of the file.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from schemas.options import unknown
from service.commands.metadata_flags import read_mapping

Command = TypeVar("Command", bound=Callable[..., Any])
HINT = "--defaults"
# Further names of pandoc → the flag.
ALIASES = {
    "reader": "from", "writer": "to", "output-file": "output", "input-file": "files", "input-files": "files",
    "table-of-contents": "toc", "metadata-files": "metadata-file",
}  # fmt: skip
JOINED = {"option_metadata", "metadata_file", "option_font"}  # the command line adds to their values
NOT_IN_FILES = {"help", "defaults"}


def defaults_flag(command: Command) -> Command:
    return click.option(
        "-d", HINT, multiple=True, is_eager=True, expose_value=False, callback=_apply, metavar="FILE",
        help="YAML file with options, as in pandoc. Flags of the command line win.",
    )(command)  # fmt: skip


def joined(context: click.Context, name: str, values: Sequence[str]) -> tuple[str, ...]:
    """The values of defaults files for the parameter `name`, then those of the command line."""
    return (*context.meta.get(f"colophon.{name}", ()), *values)


def _apply(context: click.Context, _: click.Parameter, paths: Sequence[str]) -> None:
    """Sets the defaults of the command's flags. Raises click.BadParameter."""
    known = _flags(context.command)
    for path in paths:
        folder = str(Path(path).parent)
        for key, value in read_mapping(path, HINT).items():
            flag = key.replace("_", "-")
            parameter = known.get(ALIASES.get(flag, flag))
            if parameter is None:
                message = unknown(key, [*known, *ALIASES])
                raise click.BadParameter(f"{path}: {message}", param_hint=HINT)
            _set(context, parameter, _plain(value, folder), f"{path}: {key}")


def _flags(command: click.Command) -> Mapping[str, click.Parameter]:
    found: dict[str, click.Parameter] = {}
    for each in command.params:
        names = [name.removeprefix("--") for name in each.opts if name.startswith("--")] or [each.name or ""]
        found |= {name: each for name in names if name not in NOT_IN_FILES}
    return found


def _set(context: click.Context, parameter: click.Parameter, value: Any, place: str) -> None:
    name = parameter.name or ""
    if name == "option_metadata" and isinstance(value, dict):
        value = [json.dumps(value, ensure_ascii=False)]
    if name in JOINED:
        earlier = context.meta.get(f"colophon.{name}", ())
        context.meta[f"colophon.{name}"] = (*earlier, *(value if isinstance(value, list) else [value]))
        return
    if isinstance(value, list):
        if name not in {"files", "targets"} and len(value) > 1:
            raise click.BadParameter(f"{place} has {len(value)} values. The option accepts one.", param_hint=HINT)
        value = tuple(value) if name == "files" else ",".join(map(str, value))
    elif name == "files":
        value = (value,)
    context.default_map = {**(context.default_map or {}), name: value}


def _plain(value: Any, folder: str) -> Any:
    if isinstance(value, str):
        return value.replace("${.}", folder)
    if isinstance(value, list):
        return [_plain(each, folder) for each in value]
    return value
