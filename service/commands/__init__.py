"""The commands: a new one is a file here and a row in the table.
Imports: the rooms from model to web, and schemas.
Start with `convert.py`.

Exit codes: 0 done, 1 something failed, 2 wrong usage. A command's module is imported when the command runs.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping

import click

# Name → where it is in this folder, and its line in `colophon --help`.
COMMANDS: Mapping[str, tuple[str, str]] = {
    "convert": ("convert:command", "Convert articles."),
    "batch": ("batch:command", "Convert an archive of articles; a second run converts what changed."),
    "inspect": ("inspect:command", "Read the metadata of a PDF, EPUB or DOCX."),
    "serve": ("serve:command", "Serve the HTTP interface and the upload page."),
    "jobs": ("remote_jobs:command", "List, show, cancel and delete jobs of a service."),
    "worker": ("jobs:worker", "Run the items of accepted jobs until SIGTERM."),
    "purge": ("jobs:purge", "Remove expired jobs and their artifacts."),
    "keys": ("keys:command", "Create, list and revoke API keys."),
    "formats": ("about:formats", "List the formats that can be read and made."),
    "doctor": ("about:doctor", "Check versions, fonts and the sandbox."),
    "openapi": ("about:openapi", "Print the HTTP contract, openapi.yaml."),
    "completion": ("completion:completion", "Print the completion script for a shell."),
    "man": ("completion:man", "Print the manual page."),
}


def load(name: str) -> click.Command:
    module, _, attribute = COMMANDS[name][0].partition(":")
    command: click.Command = getattr(importlib.import_module(f"service.commands.{module}"), attribute)
    return command
