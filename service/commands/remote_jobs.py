"""`colophon jobs`: the jobs of a service, from a shell."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from colophon_client import Client, Job, Problem, Unreachable
from schemas.requests import JOB_STATES
from service.commands.delivery_flags import delivery_flags, taken_from
from service.commands.flags import conversion_flags, conversion_of, given
from service.commands.local_files import named_by_flags, zipped

Command = TypeVar("Command", bound=Callable[..., Any])


@click.group("jobs")
def command() -> None:
    """Create, list, show, cancel and delete the jobs of your API key. A key with scope admin sees the jobs of all keys."""


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


@command.command("create")
@service_flags
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("-t", "--to", "targets", required=True, help="Formats, separated by commas: pdf, epub, docx, html, markdown, ast.")
@click.option("--name", default="", help="Name of the job.")
@click.option("--deliver-put", multiple=True, metavar="URL", help="Pre-signed URL for an artifact. Repeat it for each artifact.")
@delivery_flags
@click.option("--wait", is_flag=True, help="Wait for the end of the job.")
@conversion_flags
def create(server: str, key: str, files: tuple[Path, ...], targets: str, wait: bool, **flags: Any) -> None:
    """Create a job of FILES (articles, folders and zips of articles). The service keeps its artifacts, or delivers them."""
    own = taken_from(flags) | {"name": flags.pop("name"), "deliver_put": list(flags.pop("deliver_put"))}
    asked, named = named_by_flags(given(flags))
    to = conversion_of(targets, asked).to
    assets = [(each.name, each.data) for each in named]
    uploads = [(f"{each.resolve().name}.zip", zipped(each)) if each.is_dir() else each for each in files]
    with _client(server, key) as client:
        job = client.create_job(uploads, to, assets=assets, **own, **asked)
        click.echo(_line(client.wait(job.id) if wait else job))


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
    said += [f"{each['kind']} {each['to']} {each['state']}" for each in job.raw.get("deliveries", ())]
    return f"{job.id}  {job.raw['created_at'][:16]}  {job.state}  {job.raw['name']}  ({'; '.join(said)})"
