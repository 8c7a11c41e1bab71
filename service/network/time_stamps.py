"""Time stamps of an authority over HTTP (RFC 3161, section 3.4), for signatures. Only the front asks for one."""

from __future__ import annotations

import time
from http.client import HTTPException

from urllib3.exceptions import HTTPError

from service import __version__
from service.model.errors import ForbiddenUrl, TimeStampUnavailable
from service.network.addresses import Guard, normalize
from service.network.connections import connection, target

HEADERS = {
    "User-Agent": f"Colophon/{__version__}",
    "Content-Type": "application/timestamp-query",
    "Accept": "application/timestamp-reply",
}
ATTEMPTS = 3
PAUSE = 0.5  # seconds between two attempts
LARGEST = 100_000  # bytes of a response: a token with its certificates has 2 to 8 KB


def request(url: str, query: bytes, guard: Guard, seconds: float) -> bytes:
    """The response of the authority at `url`, within `seconds` for all attempts. Raises TimeStampUnavailable."""
    until = time.monotonic() + seconds
    cause: Exception = TimeoutError("no time was left")
    for attempt in range(ATTEMPTS):
        if attempt:
            time.sleep(PAUSE)
        left = until - time.monotonic()
        if left <= 0:
            break
        try:
            return _once(url, query, guard, left)
        except ForbiddenUrl as error:
            raise TimeStampUnavailable("The time stamp authority is at an address that is not allowed.") from error
        except (OSError, HTTPException, HTTPError) as error:
            cause = error
    raise TimeStampUnavailable("The time stamp authority cannot be reached, or does not answer as RFC 3161 says.") from cause


def _once(url: str, query: bytes, guard: Guard, seconds: float) -> bytes:
    parts = guard.check(normalize(url))
    with connection(parts, guard, seconds) as dialled:
        dialled.request("POST", target(parts), body=query, headers=HEADERS, preload_content=False)
        response = dialled.getresponse()
        body = response.read(LARGEST + 1)
        if response.status != 200 or len(body) > LARGEST:
            raise OSError(f"HTTP {response.status}, {len(body)} bytes")
        return body
