"""The command line: `colophon convert`, `serve`, `inspect` and the rest. Wiring only; each command is a file in `commands`."""

from __future__ import annotations

import click

from service import __version__, commands


class Commands(click.Group):
    """The table of `commands`. The help text imports none of their modules, so it is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(commands.COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        return commands.load(cmd_name) if cmd_name in commands.COMMANDS else None

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
