"""The observation of a request: its id, its line in the log, its metrics, its Server-Timing, its trace."""

from __future__ import annotations

import logging
import re
import time
import uuid
from typing import Any

from flask import Flask, Response, g, request

from service.telemetry import logs, metrics, timings
from service.web.services import services

log = logging.getLogger("colophon.requests")
PROBES = frozenset({"/healthz", "/readyz", "/metrics"})  # requested every few seconds: no line or trace for each
REQUEST_ID = re.compile(r"[A-Za-z0-9._\-]{1,128}")


def register(app: Flask) -> None:
    app.before_request(_begin)
    app.after_request(_finish)
    app.teardown_request(_forget)


def _begin() -> None:
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
    g.started = time.monotonic()
    g.collecting = timings.collecting()
    g.stages = g.collecting.__enter__()
    if request.path not in PROBES:
        name = f"{request.method} {_route() or ''}".strip()
        g.span = services().tracing.begin(name, "server", request.headers.get("traceparent", ""))
    logs.bind(request_id=g.request_id)


def traceparent() -> str:
    """The trace of this request, for work that continues after it: its own, else the caller's."""
    return str(g.span.traceparent) if "span" in g else ""


def _route() -> str | None:
    return request.url_rule.rule if request.url_rule else None


def _finish(response: Response) -> Response:
    """An answer that is a stream is timed until it begins."""
    seconds = time.monotonic() - g.get("started", time.monotonic())
    found = g.get("stages", [])
    response.headers["X-Request-Id"] = g.get("request_id", "")
    response.headers["Server-Timing"] = timings.server_timing(found, seconds)
    metrics.request(request.method, _route(), response.status_code, seconds)
    metrics.observe(found)
    reported: dict[str, Any] = {
        "method": request.method, "path": request.path, "status": response.status_code,
        "ms": round(seconds * 1000, 1), "bytes": response.content_length or 0,
    }  # fmt: skip
    log.log(logging.DEBUG if request.path in PROBES else logging.INFO, "request", extra=reported)
    if "span" in g:
        g.span.note(
            http_request_method=request.method, http_route=_route() or "", http_response_status__code=response.status_code
        )
        g.span.end(found, str(response.status_code) if response.status_code >= 500 else "")
    return response


def _forget(_: BaseException | None) -> None:
    if "collecting" in g:
        g.collecting.__exit__(None, None, None)
    logs.unbind()
