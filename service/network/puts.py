"""An artifact sent by HTTP PUT to a URL that the guard accepted; redirects are not followed."""

from __future__ import annotations

from http.client import HTTPException

from urllib3.exceptions import HTTPError

from service import __version__
from service.model.errors import ColophonError
from service.network.addresses import Guard
from service.network.connections import connection, target

MOST_READ = 1_024  # of the body of an answer, which is not used
UNUSABLE = "the receiver is unreachable or too slow"


def put(url: str, data: bytes, media_type: str, guard: Guard, seconds: float) -> tuple[int | None, str, float]:
    """The status, the reason without the URL, and Retry-After in seconds; never raises."""
    headers = {"Content-Type": media_type, "Content-Length": str(len(data)), "User-Agent": f"Colophon/{__version__}"}
    try:
        parts = guard.check(url)
        with connection(parts, guard, seconds) as dialled:
            dialled.request("PUT", target(parts), body=data, headers=headers, preload_content=False)
            answer = dialled.getresponse()
            answer.read(MOST_READ)
            after = answer.headers.get("Retry-After", "")
            pause = float(after) if after.isdecimal() and len(after) < 6 else 0.0
            redirected = "; redirects are not followed" if 300 <= answer.status < 400 else ""
            return answer.status, f"the receiver answered {answer.status}{redirected}", pause
    except ColophonError as error:
        return None, error.detail, 0.0
    except (HTTPError, HTTPException, OSError, ValueError):
        return None, UNUSABLE, 0.0
