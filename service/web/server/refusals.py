"""Problem documents for requests that do not reach the application, and the final form of other answers."""

from __future__ import annotations

import json
import logging
import uuid
from http import HTTPStatus
from typing import Any

from waitress.task import ErrorTask, WSGITask

from service.model.errors import ColophonError, Internal
from service.telemetry import metrics
from service.web import problems
from service.web.headers import PROTECTION
from service.web.server.parsing import problem_of

log = logging.getLogger("colophon.requests")


class Answer(WSGITask):
    """An answer of the application."""

    def build_response_header(self) -> bytes:
        """Header names stay as the application writes them (`WWW-Authenticate`): waitress capitalizes each word again."""
        if self.channel.server.draining:
            self.set_close_on_finish()
        names = {name.lower(): name for name, _ in self.response_headers}
        first, *lines = super().build_response_header().decode("latin-1").split("\r\n")
        parts = (line.partition(":") for line in lines)
        kept = (names.get(name.lower(), name) + colon + value for name, colon, value in parts)
        return "\r\n".join([first, *kept]).encode("latin-1")


class Refusal(ErrorTask):
    """The answer to a refused request. Then the connection ends."""

    def execute(self) -> None:
        problem = problem_of(self.request.error, self.channel.server.settings.max_upload)
        request_id = uuid.uuid4().hex
        body = json.dumps(problems.document(problem) | {"instance": f"urn:request:{request_id}"}, ensure_ascii=False).encode()
        self.status = f"{problem.status} {HTTPStatus(problem.status).phrase}"
        self.response_headers.extend(_headers(problem, request_id).items())
        self.set_close_on_finish()
        self.content_length = len(body)
        method = getattr(self.request, "command", "") or ""
        self.write(b"" if method == "HEAD" else body)
        metrics.PROBLEMS.labels(problem.code).inc()
        cause = self.request.error if isinstance(problem, Internal) else getattr(self.request, "cause", None)
        reported: dict[str, Any] = {"status": problem.status, "problem": problem.code, "request_id": request_id}
        log.log(logging.ERROR if problem.status == 500 else logging.INFO, "request refused", extra=reported | _cause(cause))


def _headers(problem: ColophonError, request_id: str) -> dict[str, str]:
    found = {"Content-Type": problems.MEDIA_TYPE, "X-Request-Id": request_id, "Cache-Control": "no-store", **PROTECTION}
    if problem.retry_after is not None:
        found["Retry-After"] = str(problem.retry_after)
    return found


def _cause(cause: Any) -> dict[str, str]:
    return {} if cause is None else {"cause": repr(cause)[:500]}
