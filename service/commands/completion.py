"""`colophon completion` and `man`: generated from the commands."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import click
from click.shell_completion import get_completion_class

from service import __version__
from service.commands import COMMANDS, load
from service.model.settings import SETTINGS

VARIABLE = "_COLOPHON_COMPLETE"
SHELLS = ("bash", "zsh", "fish")
EXITS = {"0": "All is done.", "1": "Something failed; standard error says what.", "2": "Wrong usage.", "130": "Ended by Ctrl-C."}


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the script that lets a shell complete commands, options and values.

    bash: eval "$(colophon completion bash)" in ~/.bashrc; zsh: the same in ~/.zshrc; fish: colophon completion fish | source.
    """
    made = get_completion_class(shell)
    assert made is not None
    click.echo(made(context.find_root().command, {}, "colophon", VARIABLE).source())


@click.command("man")
@click.pass_context
def man(context: click.Context) -> None:
    """Print the manual page: `colophon man | man -l -`."""
    root = context.find_root().command
    assert isinstance(root, click.Group)
    click.echo("\n".join(page(root)))


def page(group: click.Group) -> Iterator[str]:
    """The lines of colophon.1, in man(7) macros."""
    yield f'.TH COLOPHON 1 "" "colophon {__version__}" "User Commands"'
    yield from (".SH NAME", f"colophon {text('-')} {prose(group.help).removesuffix('.')}")
    yield from (".SH SYNOPSIS", f".B colophon\n.I COMMAND\n{text('[OPTIONS] [ARGUMENTS]')}")
    yield from (".SH DESCRIPTION", prose(group.help))
    yield from (".PP", "Each command lists its options:", f'.B "{text("colophon COMMAND --help")}"', ".SH COMMANDS")
    for name in COMMANDS:
        yield from of_command(name, load(name))
    yield ".SH EXIT STATUS"
    for code, meaning in EXITS.items():
        yield from (".TP", f".B {code}", text(meaning))
    yield from (".SH ENVIRONMENT", "Settings; those that a command shows as options are overridden by them.")
    for setting in SETTINGS:
        reported = f"{setting.help} Default: {shown(setting.default)}."
        yield from (".TP", f".B {text(f'COLOPHON_{setting.name.upper()}')}", text(reported))
    yield from (".SH SEE ALSO", ".BR pandoc (1)")


def of_command(name: str, command: click.Command) -> Iterator[str]:
    with click.Context(command, info_name=f"colophon {name}") as context:
        usage = " ".join(command.collect_usage_pieces(context))
        yield from (f'.SS "{text(f"colophon {name} {usage}")}"', prose(command.help))
        for parameter in command.get_params(context):
            record = parameter.get_help_record(context)
            if record is not None and isinstance(parameter, click.Option) and "--help" not in parameter.opts:
                yield from (".TP", f".B {text(record[0])}", text(re.sub(r"\s+", " ", record[1])))


def shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "none" if value == "" else f"{value:,}" if isinstance(value, int) and value > 9_999 else str(value)


def prose(help: str | None) -> str:
    """The paragraphs of `text`, one line each."""
    return "\n.PP\n".join(text(re.sub(r"\s+", " ", each)) for each in inspect.cleandoc(help or "").split("\n\n"))


def text(words: str) -> str:
    """`words` with roff control characters escaped."""
    escaped = words.replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq").replace("'", "\\(aq").replace("`", "\\(ga")
    return "\\&" + escaped if escaped.startswith(".") else escaped
