"""Requests of the client: retries them if that is safe, and raises problems.

Every call may be repeated: a conversion changes nothing on the server, and a job is created under an Idempotency-Key.
So a lost connection, 429, 502 and 503 are tried again, after Retry-After where the server names it, else with backoff and jitter;
but not if the problem says that the same request will fail again, as that of too many wrong keys does.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode, urljoin

import urllib3
from urllib3 import BaseHTTPResponse, Retry, Timeout
from urllib3.exceptions import HTTPError, MaxRetryError, ResponseError

from colophon_client.problems import Problem, Unreachable
from colophon_client.uploads import Form, JsonBody

LONGEST_WAIT = 120  # most seconds between two attempts, even if Retry-After is longer


class Tries(Retry):
    """Those that are left of a call; none where the answer is a problem that no waiting fixes."""

    def increment(self, *given: Any, **named: Any) -> Tries:
        answer = named.get("response")
        if answer is not None and _is_final(answer):
            raise MaxRetryError(named["_pool"], given[1], ResponseError("The problem is not retryable."))
        return super().increment(*given, **named)


class Transport:
    """`seconds` are those without a byte; `tries` the further tries of a call that failed in passing. Thread-safe."""

    def __init__(self, url: str, key: str, seconds: float, tries: int, connections: int) -> None:
        self.url = url.rstrip("/") + "/"
        self.seconds, self.tries = seconds, tries
        headers = {"User-Agent": "colophon-client"}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        self.http = urllib3.PoolManager(maxsize=connections, block=True, headers=headers)

    def close(self) -> None:
        self.http.clear()

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        form: Form | JsonBody | None = None,
        headers: Mapping[str, str] | None = None,
        stream: bool = False,
        seconds: float | None = None,
    ) -> BaseHTTPResponse:
        """The answer, whole or as a stream, of status 2xx or 3xx. Raises Problem, Unreachable."""
        given = {name: value for name, value in (query or {}).items() if value is not None}
        address = urljoin(self.url, path.lstrip("/")) + (f"?{urlencode(given)}" if given else "")
        body: dict[str, Any] = {"body": form} if form is not None else {}
        if form is not None:
            form.seek(0)  # it may have been sent before
        sent = {**self.http.headers, **(headers or {}), **(form.headers() if form is not None else {})}
        try:
            answer = self.http.request(
                method, address, **body, headers=sent, redirect=False,
                preload_content=not stream, retries=self._retries(), timeout=Timeout(connect=10, read=seconds or self.seconds),
            )  # fmt: skip
            if answer.status >= 400:
                raise problem(answer.status, answer.data)
        except HTTPError as error:
            raise Unreachable(f"{self.url} can't be reached: {_reason(error)}.") from error
        return answer

    def _retries(self) -> Tries:
        return Tries(
            total=self.tries, redirect=0, status_forcelist={429, 502, 503}, allowed_methods=None, backoff_factor=0.3,
            backoff_jitter=0.5, backoff_max=30, raise_on_status=False, raise_on_redirect=False, retry_after_max=LONGEST_WAIT,
        )  # fmt: skip


@contextmanager
def opened(answer: BaseHTTPResponse) -> Iterator[BaseHTTPResponse]:
    """A stream, closed at the end however much of it was read.

    Closing alone would keep its place in the pool: the next call after as many as there are places would wait for ever.
    """
    try:
        yield answer
    finally:
        answer.close()
        answer.release_conn()


def problem(status: int, body: bytes) -> Problem:
    """The exception for an answer of status 400 and up. Raises Unreachable."""
    try:
        return Problem(status, json.loads(body))
    except (ValueError, KeyError, TypeError):
        raise Unreachable(f"Something other than a Colophon answered, with status {status}.") from None


def _is_final(answer: BaseHTTPResponse) -> bool:
    try:
        return json.loads(answer.data)["retryable"] is False
    except (ValueError, KeyError, TypeError, HTTPError):  # something before the service answered, or the connection broke
        return False


def _reason(error: HTTPError) -> str:
    cause = getattr(error, "reason", None) or error
    return type(cause).__name__.removesuffix("Error")
