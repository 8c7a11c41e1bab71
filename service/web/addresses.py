"""Pages that a request names by address: the field `url`, once or several times, next to `file`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from service.conversion import outlines
from service.model.document import Conversion, Source
from service.model.errors import Place, QueueFull, ValidationFailed
from service.network.pages import OFF
from service.web import authentication
from service.web.bodies import URL
from service.web.services import services


def of(fields: dict[str, list[str]]) -> list[str]:
    """The addresses of the request, removed from its fields. An empty field of a form is not an address.

    Raises ValidationFailed if this service fetches no pages.
    """
    urls = [url.strip() for url in fields.pop(URL, []) if url.strip()]
    if urls and not services().settings.fetch_pages:
        raise ValidationFailed(OFF, places=[Place(OFF, f"/{URL}")])
    return list(dict.fromkeys(urls))


def fetched(urls: Sequence[str]) -> list[Source]:
    """A source for each address. Raises QueueFull if too many calls wait for other hosts, and the errors of `PageFetcher`.

    Hosts may be slow: such calls leave threads for calls that need no host.
    """
    if not urls:
        return []
    with _waiting():
        return services().pages(urls, authentication.tenant())


def with_feeds(sources: Sequence[Source], conversion: Conversion) -> list[Source]:
    """The sources, with each OPML file replaced by its feeds, if this service fetches pages. Raises as `fetched`."""
    if not services().settings.fetch_pages or not any(outlines.has_feeds(each, conversion) for each in sources):
        return list(sources)
    with _waiting():
        return outlines.opened(sources, conversion, lambda urls: services().pages.some(urls, authentication.tenant()))


@contextmanager
def _waiting() -> Iterator[None]:
    if not services().waits.acquire(blocking=False):
        raise QueueFull("Too many requests wait for pages.", retry_after=5)
    try:
        yield
    finally:
        services().waits.release()
