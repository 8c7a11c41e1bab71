"""The commands. A new command is one file here and one row in the table.
Imports: the rooms from model to web, and schemas.
Start with `convert.py`.

Exit codes: 0 success, 1 failure, 2 wrong usage. The module of a command is imported when the command runs.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping

import click

# Name → module and function in this folder, and the line in `colophon --help`.
COMMANDS: Mapping[str, tuple[str, str]] = {
    "convert": ("convert:command", "Convert articles."),
    "batch": ("batch:command", "Convert an archive of articles. A second run converts only changes."),
    "validate": ("validate:command", "Read articles and print their metadata and notices."),
    "inspect": ("inspect:command", "Read the metadata of a PDF, EPUB or DOCX."),
    "check": ("check:command", "Check a PDF, EPUB or DOCX: what it claims, and what is wrong with it."),
    "serve": ("serve:command", "Serve the HTTP interface and the upload page."),
    "mcp": ("mcp:command", "Serve the tools of the Model Context Protocol to an agent on this machine."),
    "jobs": ("remote_jobs:command", "List, show, cancel and delete jobs of a service."),
    "worker": ("jobs:worker", "Run the items of accepted jobs until SIGTERM."),
    "purge": ("jobs:purge", "Remove expired jobs and their artifacts."),
    "keys": ("keys:command", "Create, list and revoke API keys."),
    "profiles": ("profiles:command", "List, check and install profiles."),
    "formats": ("about:formats", "List the input and output formats."),
    "doctor": ("about:doctor", "Check versions, fonts and the sandbox."),
    "openapi": ("about:openapi", "Print the HTTP contract, openapi.yaml."),
    "completion": ("completion:completion", "Print the completion script for a shell."),
    "man": ("completion:man", "Print the manual page."),
}


def load(name: str) -> click.Command:
    module, _, attribute = COMMANDS[name][0].partition(":")
    command: click.Command = getattr(importlib.import_module(f"service.commands.{module}"), attribute)
    return command
