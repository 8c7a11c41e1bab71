"""The command line: `colophon convert`, `serve`, `inspect` and the rest. Wiring only; each command is a file in `commands`."""

from __future__ import annotations

import click

from service import __version__
from service.commands import COMMANDS


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="colophon")
def cli() -> None:
    """Turns article files into PDF, EPUB and DOCX, and keeps what their front matter said."""


for command in COMMANDS:
    cli.add_command(command)


def main() -> None:
    cli()


if __name__ == "__main__":
    main()
