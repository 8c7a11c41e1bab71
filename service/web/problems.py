"""Errors as RFC 9457 problem documents: one shape for errors of the service, of Flask, and for unexpected ones."""

from __future__ import annotations

import json
import logging
from typing import Any

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge

from service.model import errors
from service.model.errors import ColophonError
from service.telemetry import metrics
from service.web import messages
from service.web.services import services

log = logging.getLogger("colophon.web")
MEDIA_TYPE = "application/problem+json"


def register(app: Flask) -> None:
    app.register_error_handler(ColophonError, problem)
    app.register_error_handler(HTTPException, translated)
    app.register_error_handler(Exception, unforeseen)


def problem(error: ColophonError) -> Response:
    """The answer for an error of this service; a 5xx leaves its private cause in the log under the request id."""
    metrics.PROBLEMS.labels(error.code).inc()
    if isinstance(error, errors.Internal):
        log.error("%s", error.code, exc_info=error)
    if error.retry_after is None and error.status in {429, 503}:
        error.retry_after = services().retry_after()
    body = document(error) | {"instance": f"urn:request:{g.get('request_id', '')}"} | _in_language(error)
    response = Response(json.dumps(body, ensure_ascii=False), status=error.status, content_type=MEDIA_TYPE)
    response.headers["Vary"] = "Accept-Language"
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _in_language(error: ColophonError) -> dict[str, Any]:
    """The title in the language of Accept-Language (RFC 9457, section 3.1.3). A specific `detail` stays in English."""
    title = messages.texts(messages.preferred()).get(f"problem.{error.code}", error.title)
    return {"title": title} | ({"detail": title} if error.detail == error.title else {})


def document(error: ColophonError) -> dict[str, Any]:
    """The problem document, for an answer or an item of a job."""
    body: dict[str, Any] = {
        "type": f"/problems/{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
        "retryable": error.retryable,
    }
    if error.places:
        body["errors"] = [place.as_dict() for place in error.places]
    if error.retry_after is not None:
        body["retry_after"] = error.retry_after
    return body | _public(error.extra)


def _public(extra: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in extra.items() if key in {"limit", "allowed", "quota"}}


# Statuses of Werkzeug → errors of the service. Others keep their status with the nearest code.
BY_STATUS: dict[int, type[ColophonError]] = {
    400: errors.BadRequest, 401: errors.Unauthorized, 403: errors.Forbidden, 404: errors.NotFound,
    405: errors.MethodNotAllowed, 406: errors.NotAcceptable, 409: errors.Conflict, 410: errors.Gone,
    413: errors.TooLarge, 415: errors.UnsupportedFormat, 422: errors.Refused, 429: errors.QuotaExceeded,
    500: errors.Internal, 503: errors.Unavailable,
}  # fmt: skip


def translated(error: HTTPException) -> Response:
    """Refusals of Flask and Werkzeug. Their headers (Allow, Retry-After) are kept."""
    status = error.code or 500
    if status < 400:
        return error.get_response()  # type: ignore[return-value]
    cls = BY_STATUS.get(status, errors.BadRequest if status < 500 else errors.Internal)
    response = problem(cls(_detail(error), extra=_extra(error)))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _detail(error: HTTPException) -> str | None:
    if isinstance(error, RequestEntityTooLarge):
        return (
            f"The request is larger than {request.max_content_length} bytes, or one of its fields or their number is too large."
        )
    if error.code == 404:
        return f"There is nothing at {request.path}."
    if error.code == 405:
        return f"{request.path} does not take {request.method}."
    return None


def _extra(error: HTTPException) -> dict[str, Any]:
    return {"limit": request.max_content_length} if isinstance(error, RequestEntityTooLarge) else {}


def unforeseen(error: Exception) -> Response:
    log.error("unexpected error in %s %s", request.method, request.path, exc_info=error)
    return problem(errors.Internal())
