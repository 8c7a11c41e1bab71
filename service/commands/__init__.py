"""The commands: a new one is a file here and a line in the table. Exit codes: 0 done, 1 something failed, 2 wrong usage."""

from __future__ import annotations

import click

from service.commands import about, batch, completion, convert, inspect, jobs, keys, remote_jobs, serve

COMMANDS: tuple[click.Command, ...] = (
    convert.command,
    batch.command,
    inspect.command,
    serve.command,
    remote_jobs.command,
    jobs.worker,
    jobs.purge,
    keys.command,
    about.formats,
    about.doctor,
    about.openapi,
    completion.completion,
    completion.man,
)
