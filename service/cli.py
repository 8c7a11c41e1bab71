"""The command line: `colophon convert`, `serve`, `inspect` and the rest. Wiring only; each command is a file in `commands`."""

from __future__ import annotations

import difflib

import click

from service import __version__, commands


class Commands(click.Group):
    """The table of `commands`. The help text imports none of their modules, so it is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(commands.COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        return commands.load(cmd_name) if cmd_name in commands.COMMANDS else None

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in commands.COMMANDS and not name.startswith("-"):
            near = difflib.get_close_matches(name, commands.COMMANDS, n=1, cutoff=0.5)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            ctx.fail(f"No such command {name!r}.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in commands.COMMANDS.items()])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="colophon")
def cli() -> None:
    """Convert article files to PDF, EPUB and DOCX, and keep the metadata of their front matter."""


def main() -> None:
    cli()


if __name__ == "__main__":
    main()
