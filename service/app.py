"""create_app: wiring only."""

from __future__ import annotations

import logging
import re
import time
import uuid

from flask import Flask, Response, g, request

from service import logs, web
from service.config import Settings
from service.web import services
from service.web.uploads import Request

log = logging.getLogger("colophon.requests")
PROBES = frozenset({"/healthz", "/readyz", "/metrics"})  # asked every few seconds: not worth a line each
REQUEST_ID = re.compile(r"[A-Za-z0-9._\-]{1,128}")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


def create_app(settings: Settings) -> Flask:
    app = Flask("service", static_folder=None)
    app.request_class = Request
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.config |= {
        "MAX_CONTENT_LENGTH": settings.max_upload,
        "MAX_FORM_MEMORY_SIZE": 500_000,
        "MAX_FORM_PARTS": settings.max_parts,
        "PROPAGATE_EXCEPTIONS": False,
    }
    app.extensions[services.NAME] = services.Services(settings)
    app.before_request(_begin)
    app.after_request(_finish)
    app.teardown_request(lambda _: logs.unbind())
    web.register(app)
    return app


def _begin() -> None:
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
    g.started = time.perf_counter()
    logs.bind(request_id=g.request_id)


def _finish(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.get("request_id", "")
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    told = {
        "method": request.method, "path": request.path, "status": response.status_code,
        "ms": round((time.perf_counter() - g.get("started", 0.0)) * 1000, 1), "bytes": response.content_length or 0,
    }  # fmt: skip
    log.log(logging.DEBUG if request.path in PROBES else logging.INFO, "request", extra=told)
    return response
