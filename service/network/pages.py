"""Fetches pages by address. The result is a source, like an upload.

The guard is that of remote images: public addresses only, every redirect checked, one deadline for all.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from service.model.artifact_names import safe_path
from service.model.document import Source
from service.model.errors import ColophonError, FetchFailed, ForbiddenUrl, Place
from service.model.formats import INPUT_FORMATS, SUFFIXES
from service.model.settings import Settings
from service.network.addresses import Guard, normalize
from service.network.guarded_get import SLOW, Budget, GuardedGet, NotFetched, Response, Wanted
from service.telemetry import metrics

ACCEPT = "text/html,application/xhtml+xml,text/markdown,application/atom+xml,application/rss+xml,application/feed+json,*/*;q=0.5"
NO_ARTICLE = ("image/", "audio/", "video/", "font/")
OTHER_SUFFIXES = {".xml", ".rss", ".atom", ".json", ".opml", ".zip"}  # of feeds and bundles: no reader has them
OFF = "This service does not fetch pages. Its operator can allow it: COLOPHON_FETCH_PAGES=on. Or send the page as `file`."


class PageFetcher(GuardedGet):
    """Thread-safe; one for the whole front. `guard` and `clock` are given by tests."""

    def __init__(self, settings: Settings, guard: Guard | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        wanted = Wanted("page", ACCEPT, settings.max_upload, "the time for the pages of this request is used up", _refusal)
        super().__init__(settings, wanted, guard, clock)

    def __call__(self, urls: Sequence[str], tenant: str = "") -> list[Source]:
        """A source for each address, in order, all within `fetch_deadline`.

        Raises ForbiddenUrl for addresses that are not public, FetchFailed for hosts without a page. Each names all addresses.
        """
        return _sources(self.some(urls, tenant))

    def some(self, urls: Sequence[str], tenant: str = "") -> list[Source | ColophonError]:
        """As a call; an address that gives no page has its error instead. Raises ForbiddenUrl for too many addresses."""
        settings = self.settings
        if len(urls) > settings.fetch_count:
            detail = f"A request can name {settings.fetch_count} addresses. It names {len(urls)}."
            raise ForbiddenUrl(detail, places=[Place(detail, "/url")])
        budget = Budget(
            tenant, self.clock() + settings.fetch_deadline, settings.max_upload,
            too_large=f"the pages of the request are larger than {settings.max_upload} bytes",
        )  # fmt: skip
        threads = ThreadPoolExecutor(settings.fetch_parallel, thread_name_prefix="pages")
        try:
            futures = [threads.submit(self._source, url, budget) for url in urls]
            wait(futures, timeout=settings.fetch_deadline)
        finally:
            threads.shutdown(wait=False, cancel_futures=True)
        return [_outcome(url, future) for url, future in zip(urls, futures, strict=True)]

    def _source(self, url: str, budget: Budget) -> Source:
        outcome = "missing"
        try:
            response = self.follow(normalize(url), budget)
            budget.spend(len(response.data))
            if not response.data.strip():
                raise NotFetched("the page is empty")
            outcome = "fetched"
            return source_of(response, datetime.now(UTC))
        except (ForbiddenUrl, ValueError) as error:
            outcome = "blocked"
            detail = error.detail if isinstance(error, ForbiddenUrl) else "The URL cannot be parsed."
            raise ForbiddenUrl(f"{url[:200]}: {detail}") from error
        except NotFetched as error:
            raise FetchFailed(f"{url[:200]}: {error}.") from error
        finally:
            metrics.FETCHES.labels(outcome).inc()


def _outcome(url: str, future: Future[Source]) -> Source | ColophonError:
    """The page that a thread fetched, or its error. Raises what is not a problem of the address."""
    if not future.done() or future.cancelled():
        return FetchFailed(f"{url[:200]}: {SLOW}.")
    error = future.exception()
    return error if isinstance(error, ColophonError) else future.result()


def _sources(found: Sequence[Source | ColophonError]) -> list[Source]:
    """The pages. Raises one error that has a place for each address that gave none."""
    errors = [each for each in found if isinstance(each, ColophonError)]
    if not errors:
        return [each for each in found if isinstance(each, Source)]
    first = next((error for error in errors if isinstance(error, ForbiddenUrl)), errors[0])
    first.places = tuple(Place(error.detail, "/url") for error in errors)
    raise first


def _refusal(media_type: str) -> str:
    return f"the response is of type {media_type}, which cannot be converted" if media_type.startswith(NO_ARTICLE) else ""


def source_of(response: Response, now: datetime) -> Source:
    """The answer as an upload, with its address and the time of the fetch."""
    return Source(
        name_of(response.url, response.media_type), response.data, response.media_type, response.charset,
        address=response.url, fetched_at=now.strftime("%Y-%m-%dT%H:%M:%SZ"),
    )  # fmt: skip


def name_of(url: str, media_type: str) -> str:
    """A file name for a fetched address: its last part, else its host, with the suffix of the media type."""
    parts = urlsplit(url)
    last = safe_path(PurePosixPath(unquote(parts.path)).name[:150]) or ""
    path = PurePosixPath(last or "page")
    if last and path.suffix.lower() in SUFFIXES | OTHER_SUFFIXES and media_type != "text/html":
        return last
    stem = (path.stem if last else "") or parts.hostname or "page"
    known = next((each.suffixes[0] for each in INPUT_FORMATS.values() if media_type in each.media_types), "")
    return f"{stem}{known or ('.html' if not last else path.suffix)}"
