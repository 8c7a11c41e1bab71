"""Brings remote images in, for the front only: guarded, bounded in time, size and number, polite to hosts, cached.

Nothing raises for a single image: each URL is answered with an Asset, whose `problem` begins with `blocked:` or
`missing:` where there are no bytes. What the bytes are is for `engines.images.formats.prepare` to say, in a worker.

The cache and the pauses of hosts are kept for each tenant, so that none learns or changes what another gets.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.parse import SplitResult, urljoin

import urllib3
from urllib3.exceptions import HTTPError

from service import __version__
from service.model.document import Asset
from service.model.errors import ForbiddenUrl
from service.model.settings import Settings
from service.network import name_lookups
from service.network.addresses import Guard, normalize
from service.network.cache import ImageCache
from service.network.connections import GuardedHTTP, GuardedHTTPS, connection, target
from service.network.hosts import Pauses, Place, Turns
from service.network.image_signatures import is_image
from service.telemetry import metrics

log = logging.getLogger("colophon.fetch")
HEADERS = {
    "User-Agent": f"Colophon/{__version__}",
    "Accept": "image/avif,image/webp,image/png,image/jpeg,image/gif,image/svg+xml,image/*;q=0.8",
    "Accept-Encoding": "identity",
}
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MOST_REDIRECTS = 3
CHUNK = 65_536
NO_TIME = "the time for the images of this article is used up"
UNREACHABLE = "the host is unreachable"
SLOW = "the host is too slow"


class NotFetched(Exception):
    """Why an image did not come; the text is safe to show."""


class Unreachable(NotFetched):
    """No connection could be made to the address."""


@dataclass
class Budget:
    """What one document of a tenant may still use: a deadline of the fetcher's clock, and bytes."""

    tenant: str
    deadline: float
    remaining: int
    lock: Any

    def spend(self, amount: int) -> None:
        with self.lock:
            self.remaining -= amount
            if self.remaining < 0:
                raise NotFetched("the images of the article exceed the total size")


class Fetcher:
    """Thread-safe; one for the whole front. `guard` and `clock` are given by tests."""

    def __init__(self, settings: Settings, guard: Guard | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.settings = settings
        self.guard = guard or Guard.of(settings)
        self.clock = clock
        self.cache = ImageCache(settings)
        self.turns = Turns(settings.fetch_per_host)
        self.pauses = Pauses(clock)

    def __call__(self, urls: Sequence[str], seconds: float | None = None, tenant: str = "") -> list[Asset]:
        """An Asset for each URL, in order, within `seconds` and `fetch_deadline`, whatever the hosts do."""
        settings = self.settings
        limit = settings.fetch_deadline if seconds is None else max(0.0, min(seconds, settings.fetch_deadline))
        budget = Budget(tenant, self.clock() + limit, settings.fetch_total, threading.Lock())
        wanted, late = urls[: settings.fetch_count], urls[settings.fetch_count :]
        threads = ThreadPoolExecutor(settings.fetch_parallel, thread_name_prefix="fetch")
        try:
            futures = [threads.submit(self._asset, url, budget) for url in wanted]
            wait(futures, timeout=limit)
            assets = [_result(url, future) for url, future in zip(wanted, futures, strict=True)]
        finally:
            threads.shutdown(wait=False, cancel_futures=True)
        too_many = f"missing: only {settings.fetch_count} images are fetched for an article"
        return assets + [Asset(url, problem=too_many) for url in late]

    def _asset(self, url: str, budget: Budget) -> Asset:
        """Never raises: one bad address must not cost the article."""
        outcome = "missing"
        try:
            data, found = self._kept(url, budget.tenant), "cached"
            if data is None:
                data, found = self._follow(normalize(url), budget), "fetched"
                with contextlib.suppress(OSError):  # a full disk costs the cache, not the image
                    self.cache.put(url, data, budget.tenant)
            budget.spend(len(data))
            outcome = found
            return Asset(url, data)
        except ForbiddenUrl as error:
            outcome = "blocked"
            return Asset(url, problem=f"blocked: {error.detail}")
        except ValueError:
            outcome = "blocked"
            return Asset(url, problem="blocked: The URL cannot be parsed.")
        except NotFetched as error:
            return Asset(url, problem=f"missing: {error}")
        except Exception:
            log.exception("an image could not be fetched")
            return Asset(url, problem="missing: it could not be fetched")
        finally:
            metrics.FETCHES.labels(outcome).inc()

    def _kept(self, url: str, tenant: str) -> bytes | None:
        with contextlib.suppress(OSError):
            return self.cache.get(url, tenant)
        return None

    def _follow(self, url: str, budget: Budget) -> bytes:
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._get_politely(url, budget)
            if isinstance(answer, bytes):
                return answer
            url = _redirected(url, answer)
        raise NotFetched("the host redirects too often")

    def _get_politely(self, url: str, budget: Budget) -> bytes | str:
        """The body, or the target of a redirect. Nothing is remembered of an address that the guard has not accepted."""
        parts = self.guard.check(url)
        place = Place.of(budget.tenant, parts)
        self._check_pause(place)
        try:
            with self.turns.at(place, budget.deadline - self.clock()):
                self._check_pause(place)  # those who waited with us may have found it dead
                return self._get(parts, budget)
        except Unreachable:
            self.pauses.add(place)
            raise
        except TimeoutError as error:
            raise NotFetched(SLOW) from error

    def _check_pause(self, place: Place) -> None:
        if place in self.pauses:
            raise NotFetched(UNREACHABLE)

    def _get(self, parts: SplitResult, budget: Budget) -> bytes | str:
        seconds = min(self.settings.fetch_timeout, budget.deadline - self.clock())
        if seconds <= 0:
            raise NotFetched(NO_TIME)
        deadline = self.clock() + seconds
        with connection(parts, self.guard, seconds) as dialled:
            self._connect(dialled, seconds)
            try:
                dialled.request("GET", target(parts), headers=HEADERS, preload_content=False)
                response = dialled.getresponse()
                if response.status in REDIRECTS and response.headers.get("Location"):
                    return str(response.headers["Location"])
                return self._body(response, deadline)
            except (HTTPError, HTTPException, OSError, ValueError) as error:
                raise NotFetched(SLOW if self.clock() >= deadline else "the response cannot be read") from error

    def _connect(self, dialled: GuardedHTTP | GuardedHTTPS, seconds: float) -> None:
        """Raises Unreachable where the address is to be left alone, NotFetched where only this attempt failed."""
        try:
            dialled.connect()
        except name_lookups.Busy as error:
            raise NotFetched("too many names are being looked up") from error
        except (HTTPError, HTTPException, OSError, ValueError) as error:
            cut_short = isinstance(error, TimeoutError) and seconds < self.settings.fetch_timeout
            raise (NotFetched if cut_short else Unreachable)(UNREACHABLE) from error

    def _body(self, response: urllib3.BaseHTTPResponse, deadline: float) -> bytes:
        if response.status != 200:
            raise NotFetched(f"the host answered {response.status}")
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise NotFetched("the host sent a compressed body")
        limit = self.settings.max_image
        parts: list[bytes] = []
        size = 0
        while chunk := response.read(CHUNK, decode_content=False):
            parts.append(chunk)
            size += len(chunk)
            if size > limit:
                raise NotFetched(f"the image is larger than {limit} bytes")
        if self.clock() >= deadline:  # the watchdog ended it: what came may be a part only
            raise NotFetched(SLOW)
        data = b"".join(parts)
        if not is_image(data):
            raise NotFetched("the response is not an image")
        return data


def _redirected(url: str, location: str) -> str:
    """Raises ForbiddenUrl for a target that is no URL, or less safe than `url`; the guard checks the rest."""
    try:
        found = urljoin(url, location)
    except ValueError:
        raise ForbiddenUrl("The host redirects to an invalid URL.") from None
    if url.startswith("https:") and not found.startswith("https:"):
        raise ForbiddenUrl("The host redirects from https to an insecure URL.")
    return normalize(found)


def _result(url: str, future: Future[Asset]) -> Asset:
    if future.done() and not future.cancelled():
        return future.result()
    return Asset(url, problem=f"missing: {NO_TIME}")
