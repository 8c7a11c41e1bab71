"""POST /mcp: the Model Context Protocol over streamable HTTP, without sessions and with JSON answers.

The SDK is an ASGI application, the front a WSGI server with threads. One request is one message here, so each request gets
its own event loop in its own thread (ADR 0232).
"""

from __future__ import annotations

import asyncio
import contextvars
import importlib.util
import logging
from collections.abc import Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from flask import Response, current_app, g, request

from service.model.errors import BadRequest, NotFound
from service.web import authentication, problems
from service.web.agents import calls, tools
from service.web.endpoint import ANY_KEY, FREE, answer, endpoint
from service.web.jobs import serializers

KEY_HEADERS = ("Authorization", "X-API-Key", "Accept-Language", "traceparent")
MESSAGE = {
    "type": "object", "required": ["jsonrpc", "method"], "description": "A message of the Model Context Protocol (JSON-RPC 2.0).",
    "properties": {"jsonrpc": {"const": "2.0"}, "method": {"type": "string"}},
}  # fmt: skip
TEMPLATES = {
    "artifact": ("/v1/artifacts/{sha256}/{name}", "An artifact of convert."),
    "job-artifact": ("/v1/jobs/{job}/artifacts/{artifact}", "An artifact of a job."),
}
JSON = "application/json"
REPLY = {JSON: "object", problems.MEDIA_TYPE: "Problem"}
Event = MutableMapping[str, Any]


@endpoint(
    "POST /mcp",
    tag="Agents",
    scopes=ANY_KEY,
    cost=FREE,  # the calls of a tool count themselves
    name="sendMessage",
    summary="Call a tool as an agent",
    description="The Model Context Protocol (streamable HTTP): the tools convert, validate, inspect, check, job and job_status."
    " A client of the protocol is the usual caller.",
    message=MESSAGE,
    answers={
        200: answer("The reply.", **REPLY), 202: answer("A notification is accepted."),
        400: answer("The message is not valid.", **REPLY), 404: answer("The method does not exist.", **REPLY),
    },
    problems=(406, 413, 415),
)  # fmt: skip
def message() -> Response:
    if importlib.util.find_spec("mcp") is None:
        raise NotFound("This server has no interface for agents. Install it with: pip install 'colophon[mcp]'.")
    # In its own thread, because the thread of the request may already have the event loop of a server or a test.
    run = contextvars.copy_context().run
    with ThreadPoolExecutor(1) as threads:
        status, media_type, body = threads.submit(run, asyncio.run, _exchange(request.get_data(cache=False))).result()
    if status >= 400 and media_type != JSON:  # of HTTP, not of the protocol: the headers of the request
        raise problems.BY_STATUS.get(status, BadRequest)(body.decode() or None)
    return Response(body, status=status, content_type=media_type)


def _call() -> calls.Call:
    headers = {name: request.headers[name] for name in KEY_HEADERS if name in request.headers}
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    base = serializers.base()
    return calls.within(app, headers | {"X-Request-Id": g.request_id}, request.remote_addr or "", base)


async def _exchange(body: bytes) -> tuple[int, str, bytes]:
    """Status, media type and body of the SDK's answer to one message."""
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

    from service.web.agents import protocol

    logging.getLogger("mcp").setLevel(logging.WARNING)  # it reports the start and end of each exchange
    call = _call()
    templates = {name: (serializers.base() + path, about) for name, (path, about) in TEMPLATES.items()}
    service = protocol.Service(partial(tools.run, call=call), partial(tools.read, call=call), templates, protocol.directly)
    size = int(current_app.config["MAX_CONTENT_LENGTH"])
    manager = StreamableHTTPSessionManager(
        protocol.server(service), json_response=True, stateless=True, max_request_body_size=size
    )
    received, sent = iter(_events(body)), list[Event]()

    async def receive() -> Event:
        return next(received)

    async def send(event: Event) -> None:
        sent.append(event)

    async with manager.run():
        await manager.handle_request(_scope(), receive, send)
    return _answer(sent)


def _events(body: bytes) -> Iterator[Event]:
    """The body, then the end of the connection: no answer here is a stream that waits for more."""
    yield {"type": "http.request", "body": body, "more_body": False}
    while True:
        yield {"type": "http.disconnect"}


def _scope() -> Event:
    """The request as an ASGI scope, without the key, which the SDK does not need."""
    shown = ((name.lower(), value) for name, value in request.headers if name not in KEY_HEADERS)
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in shown]
    return {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": request.scheme,
        "path": request.path, "raw_path": request.path.encode(), "root_path": "", "query_string": b"", "headers": headers,
        "client": (authentication.address(), 0), "server": None,
    }  # fmt: skip


def _answer(sent: list[Event]) -> tuple[int, str, bytes]:
    start = next(each for each in sent if each["type"] == "http.response.start")
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in start["headers"]}
    body = b"".join(each.get("body", b"") for each in sent if each["type"] == "http.response.body")
    return start["status"], headers.get("content-type", JSON if start["status"] < 400 else ""), body
