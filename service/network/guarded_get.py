"""A guarded GET over HTTP: every redirect checked, bounded in time and size, polite to hosts. For images and for pages.

Each tenant has its own pauses of hosts, so that no tenant learns or changes what another gets.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPException
from typing import Any
from urllib.parse import SplitResult, urljoin

import urllib3
from urllib3.exceptions import HTTPError

from service import __version__
from service.model.errors import ForbiddenUrl
from service.model.settings import Settings
from service.network import name_lookups
from service.network.addresses import Guard, normalize
from service.network.connections import GuardedHTTP, GuardedHTTPS, connection, target
from service.network.hosts import Pauses, Place, Turns

REDIRECTS = frozenset({301, 302, 303, 307, 308})
MOST_REDIRECTS = 3
CHUNK = 65_536
UNREACHABLE = "the host is unreachable"
SLOW = "the host is too slow"


class NotFetched(Exception):
    """Nothing was fetched. The text is the reason and is safe to show."""


class Unreachable(NotFetched):
    """No connection could be made to the address."""


@dataclass(frozen=True, slots=True)
class Response:
    """The body of an answer 200, and the address that gave it. `media_type` is lower case; both may be empty."""

    url: str
    data: bytes
    media_type: str = ""
    charset: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A kind of fetch. `refusal` receives the media type of an answer and returns why it is refused; empty: it is read.

    `spent` is the message when the time is used up. `limit` counts the bytes of one answer.
    """

    noun: str
    accept: str
    limit: int
    spent: str
    refusal: Callable[[str], str] = field(default=lambda _: "")

    def headers(self) -> Mapping[str, str]:
        return {"User-Agent": f"Colophon/{__version__}", "Accept": self.accept, "Accept-Encoding": "identity"}


@dataclass
class Budget:
    """The remaining budget of one request of a tenant: a deadline by the fetcher's clock, and bytes."""

    tenant: str
    deadline: float
    remaining: int
    lock: Any = field(default_factory=threading.Lock)
    too_large: str = "the images of the article exceed the total size"

    def spend(self, amount: int) -> None:
        with self.lock:
            self.remaining -= amount
            if self.remaining < 0:
                raise NotFetched(self.too_large)


class GuardedGet:
    """Thread-safe; one of each kind for the whole front. Tests set `guard` and `clock`."""

    def __init__(
        self, settings: Settings, wanted: Wanted, guard: Guard | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.settings, self.wanted, self.clock = settings, wanted, clock
        self.guard = guard or Guard.of(settings)
        self.turns = Turns(settings.fetch_per_host)
        self.pauses = Pauses(clock)

    def follow(self, url: str, budget: Budget) -> Response:
        """The answer, after at most `MOST_REDIRECTS`. Raises ForbiddenUrl, NotFetched, ValueError for text that is not a URL."""
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._get_politely(url, budget)
            if isinstance(answer, Response):
                return answer
            url = _redirected(url, answer)
        raise NotFetched("the host redirects too often")

    def _get_politely(self, url: str, budget: Budget) -> Response | str:
        """The answer, or the target of a redirect. Nothing is stored about an address that the guard has not accepted."""
        parts = self.guard.check(url)
        place = Place.of(budget.tenant, parts)
        self._check_pause(place)
        try:
            with self.turns.at(place, budget.deadline - self.clock()):
                self._check_pause(place)  # meanwhile another connection may have failed
                return self._get(url, parts, budget)
        except Unreachable:
            self.pauses.add(place)
            raise
        except TimeoutError as error:
            raise NotFetched(SLOW) from error

    def _check_pause(self, place: Place) -> None:
        if place in self.pauses:
            raise NotFetched(UNREACHABLE)

    def _get(self, url: str, parts: SplitResult, budget: Budget) -> Response | str:
        seconds = min(self.settings.fetch_timeout, budget.deadline - self.clock())
        if seconds <= 0:
            raise NotFetched(self.wanted.spent)
        deadline = self.clock() + seconds
        with connection(parts, self.guard, seconds) as dialled:
            self._connect(dialled, seconds)
            try:
                dialled.request("GET", target(parts), headers=self.wanted.headers(), preload_content=False)
                with contextlib.closing(dialled.getresponse()) as response:
                    if response.status in REDIRECTS and response.headers.get("Location"):
                        return str(response.headers["Location"])
                    return self._response(url, response, deadline)
            except (HTTPError, HTTPException, OSError, ValueError) as error:
                raise NotFetched(SLOW if self.clock() >= deadline else "the response cannot be read") from error

    def _connect(self, dialled: GuardedHTTP | GuardedHTTPS, seconds: float) -> None:
        """Raises Unreachable if the address needs a pause, NotFetched if only this attempt failed."""
        try:
            dialled.connect()
        except name_lookups.Busy as error:
            raise NotFetched("too many names are being looked up") from error
        except (HTTPError, HTTPException, OSError, ValueError) as error:
            cut_short = isinstance(error, TimeoutError) and seconds < self.settings.fetch_timeout
            raise (NotFetched if cut_short else Unreachable)(UNREACHABLE) from error

    def _response(self, url: str, response: urllib3.BaseHTTPResponse, deadline: float) -> Response:
        if response.status != 200:
            raise NotFetched(f"the host answered {response.status}")
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise NotFetched("the host sent a compressed body")
        media_type, charset = _declared(response.headers.get("Content-Type", ""))
        if refusal := self.wanted.refusal(media_type):
            raise NotFetched(refusal)
        return Response(url, self._body(response, deadline), media_type, charset)

    def _body(self, response: urllib3.BaseHTTPResponse, deadline: float) -> bytes:
        limit = self.wanted.limit
        parts: list[bytes] = []
        size = 0
        while chunk := response.read(CHUNK, decode_content=False):
            parts.append(chunk)
            size += len(chunk)
            if size > limit:
                raise NotFetched(f"the {self.wanted.noun} is larger than {limit} bytes")
        if self.clock() >= deadline:  # the watchdog ended it: the bytes may be incomplete
            raise NotFetched(SLOW)
        return b"".join(parts)


def _declared(content_type: str) -> tuple[str, str]:
    """The media type and the charset of a Content-Type; each empty where it has none."""
    message = Message()
    message["Content-Type"] = content_type
    charset = message.get_content_charset("")
    return message.get_content_type() if content_type else "", charset if isinstance(charset, str) else ""


def _redirected(url: str, location: str) -> str:
    """Raises ForbiddenUrl for a target that is not a URL, or less safe than `url`; the guard checks the rest."""
    try:
        found = urljoin(url, location)
    except ValueError:
        raise ForbiddenUrl("The host redirects to an invalid URL.") from None
    if url.startswith("https:") and not found.startswith("https:"):
        raise ForbiddenUrl("The host redirects from https to an insecure URL.")
    return normalize(found)
