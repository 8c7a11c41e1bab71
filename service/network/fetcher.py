"""Fetches remote images in the front: guarded, limited in time, size and number, polite to hosts, cached.

A single image never raises: each URL gives an Asset, whose `problem` begins with `blocked:` or
`missing:` if there are no bytes. `engines.images.formats.prepare` checks the bytes later, in a worker.

Each tenant has its own cache and pauses of hosts, so that no tenant learns or changes what another gets.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait

from service.model.document import Asset
from service.model.errors import ForbiddenUrl
from service.model.settings import Settings
from service.network.addresses import Guard, normalize
from service.network.cache import ImageCache
from service.network.guarded_get import Budget, GuardedGet, NotFetched, Wanted
from service.network.image_signatures import is_image
from service.telemetry import metrics

log = logging.getLogger("colophon.fetch")
ACCEPT = "image/avif,image/webp,image/png,image/jpeg,image/gif,image/svg+xml,image/*;q=0.8"
NO_TIME = "the time for the images of this article is used up"


class Fetcher(GuardedGet):
    """Thread-safe; one for the whole front. Tests set `guard` and `clock`."""

    def __init__(self, settings: Settings, guard: Guard | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(settings, Wanted("image", ACCEPT, settings.max_image, NO_TIME), guard, clock)
        self.cache = ImageCache(settings)

    def __call__(self, urls: Sequence[str], seconds: float | None = None, tenant: str = "") -> list[Asset]:
        """An Asset for each URL, in order, always within `seconds` and `fetch_deadline`."""
        settings = self.settings
        limit = settings.fetch_deadline if seconds is None else max(0.0, min(seconds, settings.fetch_deadline))
        budget = Budget(tenant, self.clock() + limit, settings.fetch_total)
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
        """Never raises: one bad address must not make the article fail."""
        outcome = "missing"
        try:
            data, found = self._kept(url, budget.tenant), "cached"
            if data is None:
                data, found = self._image(normalize(url), budget), "fetched"
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

    def _image(self, url: str, budget: Budget) -> bytes:
        data = self.follow(url, budget).data
        if not is_image(data):
            raise NotFetched("the response is not an image")
        return data


def _result(url: str, future: Future[Asset]) -> Asset:
    if future.done() and not future.cancelled():
        return future.result()
    return Asset(url, problem=f"missing: {NO_TIME}")
