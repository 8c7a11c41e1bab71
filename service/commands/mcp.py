"""`colophon mcp`: the tools for agents over standard input and output, with the files of one folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import click

from colophon_client import Problem, Unreachable
from colophon_client.transport import Transport
from colophon_client.uploads import JsonBody
from service.commands.agent_folder import AgentFolder
from service.commands.extras import service_settings
from service.commands.flags import check_service
from service.commands.sandbox_check import refuse_without_sandbox
from service.telemetry import logs
from service.web.agents.calls import JSON, Answer, Call, within

PROBLEM = "application/problem+json"
ADDRESS = "http://localhost"  # lifetime of the links during a call: the agent gets paths


@click.command("mcp")
@click.option(
    "--folder", default=".", metavar="FOLDER", type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with the articles; artifacts are written to it. No other file is read or written [default: the current folder].",
)  # fmt: skip
@click.option("--server", default="", help="Convert through the Colophon service at this URL. Without it, convert here.")
@click.option("--key", default="", envvar="COLOPHON_KEY", help="API key for --server.")
def command(folder: Path, server: str, key: str) -> None:
    """Serve the Model Context Protocol on standard input and output, for an agent on this machine.

    The tools are those of /mcp: convert, validate, inspect, check, job, job_status. Articles can also be named by their
    path in FOLDER, and artifacts are files in it.
    """
    check_service(server)
    try:
        from service.commands import agent_stdio
    except ModuleNotFoundError as error:
        raise click.UsageError("This command needs the extra 'mcp'. Install it with: pip install 'colophon[mcp]'") from error
    with _there(server, key) if server else _here() as call:
        agent_stdio.serve(AgentFolder(folder.resolve(), call))


@contextmanager
def _here() -> Iterator[Call]:
    """A service in this process, without a socket."""
    from service.web.application import create_app
    from service.web.services import of

    used = service_settings(host="127.0.0.1", keys="off")
    refuse_without_sandbox(used)
    logs.configure("WARNING")  # on standard error; hosts of agents show it
    app = create_app(used)
    try:
        yield within(app, {}, base=ADDRESS)
    finally:
        of(app).stop()


@contextmanager
def _there(server: str, key: str) -> Iterator[Call]:
    transport = Transport(server, key, seconds=180.0, tries=2, connections=8)
    try:
        yield partial(_sent, transport)
    finally:
        transport.close()


def _sent(transport: Transport, method: str, path: str, body: bytes | None) -> Answer:
    form = JsonBody(json.loads(body)) if body is not None else None
    try:
        found = transport.request(method, path, form=form, headers={"Accept": f"{JSON}, */*;q=0.1"})
    except Problem as error:
        return Answer(error.status, PROBLEM, json.dumps(error.extra).encode())
    except Unreachable as error:
        body = json.dumps({"code": "unreachable", "status": 503, "detail": str(error), "retryable": True}).encode()
        return Answer(503, PROBLEM, body)
    return Answer(found.status, found.headers.get("Content-Type", "").partition(";")[0], found.data)
