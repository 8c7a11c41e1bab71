"""`colophon jobs`: the jobs of a service, from a shell."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import click

from colophon_client import Client, Job, Problem, Unreachable
from schemas.requests import JOB_STATES

Command = TypeVar("Command", bound=Callable[..., Any])


@click.group("jobs")
def command() -> None:
    """List, show, cancel and delete the jobs of your API key. A key with scope admin sees the jobs of all keys."""


def service_flags(command: Command) -> Command:
    command = click.option("--key", default="", envvar="COLOPHON_KEY", help="API key for --server.")(command)
    return click.option("--server", default="http://127.0.0.1:8080", show_default=True, help="URL of the service.")(command)


@contextmanager
def _client(server: str, key: str) -> Iterator[Client]:
    try:
        with Client(server, key=key) as client:
            yield client
    except Problem as error:
        raise click.ClickException(error.detail) from error
    except Unreachable as error:
        raise click.ClickException(str(error)) from error


@command.command("list")
@service_flags
@click.option("--owner", default=None, help="Only jobs of the key with this id.")
@click.option("--state", type=click.Choice(JOB_STATES), default=None, help="Only jobs in this state.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Maximum number of jobs.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line.")
def list_(server: str, key: str, owner: str | None, state: str | None, limit: int, as_json: bool) -> None:
    """List jobs, the newest first."""
    with _client(server, key) as client:
        for job in client.jobs(state=state, owner=owner, limit=limit):
            click.echo(json.dumps(job.raw, ensure_ascii=False) if as_json else _line(job))


@command.command("show")
@service_flags
@click.argument("job_id", metavar="ID")
def show(server: str, key: str, job_id: str) -> None:
    """Print a job as JSON, with its first items."""
    with _client(server, key) as client:
        click.echo(json.dumps(client.job(job_id).raw, ensure_ascii=False, indent=2))


@command.command("cancel")
@service_flags
@click.argument("job_id", metavar="ID")
def cancel(server: str, key: str, job_id: str) -> None:
    """Cancel the unfinished items of a job. Finished artifacts stay."""
    with _client(server, key) as client:
        click.echo(_line(client.cancel(job_id)))


@command.command("delete")
@service_flags
@click.argument("job_id", metavar="ID")
def delete(server: str, key: str, job_id: str) -> None:
    """Cancel a job and delete its artifacts and records."""
    with _client(server, key) as client:
        client.delete(job_id)


def _line(job: Job) -> str:
    said = [job.owner or "nobody", *(f"{count} {state}" for state, count in job.counts.items() if count)]
    return f"{job.id}  {job.raw['created_at'][:16]}  {job.state}  {job.raw['name']}  ({'; '.join(said)})"
