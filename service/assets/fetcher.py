"""Brings remote images in, for the front only: guarded, bounded in time, size and number, polite to hosts, cached.

Nothing raises for a single image: each URL is answered with an Asset, whose `problem` begins with `blocked:` or
`missing:` where there are no bytes. What the bytes are is for `assets.images.prepare` to say, in a worker.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3.exceptions import HTTPError

from service import __version__, metrics
from service.assets.cache import ImageCache
from service.assets.dialling import connection, target
from service.assets.guard import Guard, normalize
from service.config import Settings
from service.document import Asset
from service.errors import ForbiddenUrl

HEADERS = {
    "User-Agent": f"Colophon/{__version__}",
    "Accept": "image/avif,image/webp,image/png,image/jpeg,image/gif,image/svg+xml,image/*;q=0.8",
    "Accept-Encoding": "identity",
}
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MOST_REDIRECTS = 3
CHUNK = 65_536
HOST_PAUSE = 60.0


class NotFetched(Exception):
    """Why an image did not come; the text is safe to show."""


@dataclass
class Budget:
    """What one document may still use: a wall-clock deadline and bytes."""

    deadline: float
    remaining: int
    lock: Any

    def spend(self, amount: int) -> None:
        with self.lock:
            self.remaining -= amount
            if self.remaining < 0:
                raise NotFetched("the images of this article are too large together")


class Fetcher:
    """Thread-safe; one for the whole front. `guard` and `clock` are given by tests."""

    def __init__(self, settings: Settings, guard: Guard | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.settings = settings
        self.guard = guard or Guard.of(settings)
        self.clock = clock
        self.cache = ImageCache(settings)
        self._hosts: defaultdict[str, threading.BoundedSemaphore] = defaultdict(
            lambda: threading.BoundedSemaphore(settings.fetch_per_host)
        )
        self._paused: dict[str, tuple[float, str]] = {}
        self._lock = threading.Lock()

    def __call__(self, urls: Sequence[str]) -> list[Asset]:
        """An Asset for each URL, in order, within `fetch_deadline` seconds whatever the hosts do."""
        settings = self.settings
        budget = Budget(self.clock() + settings.fetch_deadline, settings.fetch_total, threading.Lock())
        wanted, late = urls[: settings.fetch_count], urls[settings.fetch_count :]
        threads = ThreadPoolExecutor(settings.fetch_parallel, thread_name_prefix="fetch")
        try:
            futures = [threads.submit(self._asset, url, budget) for url in wanted]
            wait(futures, timeout=settings.fetch_deadline)
            assets = [_result(url, future) for url, future in zip(wanted, futures, strict=True)]
        finally:
            threads.shutdown(wait=False, cancel_futures=True)
        too_many = f"missing: only {settings.fetch_count} images are fetched for an article"
        return assets + [Asset(url, problem=too_many) for url in late]

    def _asset(self, url: str, budget: Budget) -> Asset:
        outcome = "cached"
        try:
            data = self.cache.get(url)
            if data is None:
                outcome = "fetched"
                data = self._fetch_politely(url, budget)
                self.cache.put(url, data)
            budget.spend(len(data))
            return Asset(url, data)
        except ForbiddenUrl as error:
            outcome = "blocked"
            return Asset(url, problem=f"blocked: {error.detail}")
        except NotFetched as error:
            outcome = "missing"
            return Asset(url, problem=f"missing: {error}")
        finally:
            metrics.FETCHES.labels(outcome).inc()

    def _fetch_politely(self, url: str, budget: Budget) -> bytes:
        host = urlsplit(url).netloc.lower()
        self._check_pause(host)
        turn = self._hosts[host]
        if not turn.acquire(timeout=max(0.0, budget.deadline - self.clock())):
            raise NotFetched("the host is too slow")
        try:
            self._check_pause(host)
            return self._follow(normalize(url), budget)
        except (HTTPError, HTTPException, OSError) as error:
            reason = "the host can't be reached or is too slow"
            with self._lock:
                self._paused[host] = (self.clock() + HOST_PAUSE, reason)
            raise NotFetched(reason) from error
        finally:
            turn.release()

    def _check_pause(self, host: str) -> None:
        """A host that did not answer is left alone for a minute: an archive often names the same dead host thousands of times."""
        until, reason = self._paused.get(host, (0.0, ""))
        if self.clock() < until:
            raise NotFetched(reason)

    def _follow(self, url: str, budget: Budget) -> bytes:
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._get(url, budget)
            if isinstance(answer, bytes):
                return answer
            target = urljoin(url, answer)
            if url.startswith("https:") and not target.startswith("https:"):
                raise ForbiddenUrl("The host redirects from https to something less.")
            url = normalize(target)
        raise NotFetched("the host redirects too often")

    def _get(self, url: str, budget: Budget) -> bytes | str:
        """The body, or the target of a redirect."""
        parts = self.guard.check(url)
        seconds = min(self.settings.fetch_timeout, budget.deadline - self.clock())
        if seconds <= 0:
            raise NotFetched("the time for the images of this article is used up")
        started = self.clock()
        with connection(parts, self.guard, seconds) as dialled:
            dialled.request("GET", target(parts), headers=HEADERS, preload_content=False)
            response = dialled.getresponse()
            if response.status in REDIRECTS and response.headers.get("Location"):
                return str(response.headers["Location"])
            return self._body(response, started + seconds)

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
            raise NotFetched("the host is too slow")
        return b"".join(parts)


def _result(url: str, future: Future[Asset]) -> Asset:
    if future.done() and not future.cancelled():
        return future.result()
    return Asset(url, problem="missing: the time for the images of this article is used up")
