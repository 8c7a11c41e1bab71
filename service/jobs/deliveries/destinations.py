"""The destinations that a request names, checked against what the operator allows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from service.jobs.records import Destination
from service.jobs.webhooks.message import check_url
from service.model.errors import ForbiddenUrl, Place, ValidationFailed
from service.model.settings import Settings
from service.network.addresses import Guard


def of(own: Mapping[str, Any], artifacts: int, settings: Settings) -> tuple[Destination, ...]:
    """`own` are the fields of the request, `artifacts` is the number of artifacts of the job.

    Raises ValidationFailed if the service does not allow it, ForbiddenUrl if the URL has no public address.
    """
    return (*_urls(own["deliver_put"], artifacts, settings), *_bucket(own["deliver_s3"], settings), *_mails(own, settings))


def allowed(settings: Settings) -> list[str]:
    """The fields of a request that can name a destination here."""
    ways = {
        "deliver_put": settings.deliver_put,
        "deliver_s3": bool(settings.deliver_bucket),
        "deliver_mail": bool(settings.mail_host and settings.mail_allow.strip()),
    }
    return [name for name, is_on in ways.items() if is_on]


def _urls(urls: list[str], artifacts: int, settings: Settings) -> Iterator[Destination]:
    if not urls:
        return
    if not settings.deliver_put:
        raise _refused("deliver_put", "This service sends no artifacts to URLs.")
    if len(urls) != artifacts:
        raise _refused("deliver_put", f"The job makes {artifacts} artifacts. Name one URL for each; {len(urls)} are named.")
    for number, url in enumerate(urls):
        try:
            yield Destination("put", checked(url, settings), number)
        except ForbiddenUrl as error:
            raise ForbiddenUrl(f"deliver_put, URL {number + 1}: {error.detail}") from None


def checked(url: str, settings: Settings) -> str:
    """The URL that will be called. Raises ForbiddenUrl."""
    if not settings.deliver_http and not url.lower().startswith("https://"):
        raise ForbiddenUrl("Only https URLs receive artifacts.")
    return check_url(url, Guard.of_webhooks(settings))


def _bucket(prefix: str, settings: Settings) -> Iterator[Destination]:
    if not prefix:
        return
    if not settings.deliver_bucket:
        raise _refused("deliver_s3", "This service has no bucket for artifacts.")
    if ".." in prefix:
        raise _refused("deliver_s3", "The prefix must not contain two dots in a row.")
    yield Destination("s3", prefix.rstrip("/"))


def _mails(own: Mapping[str, Any], settings: Settings) -> Iterator[Destination]:
    for address in dict.fromkeys(own["deliver_mail"]):
        if not settings.mail_host:
            raise _refused("deliver_mail", "This service sends no mail.")
        if not is_allowed(address, settings):
            raise _refused("deliver_mail", f"This service sends no mail to {address}.")
        yield Destination("mail", address)


def is_allowed(address: str, settings: Settings) -> bool:
    """Whether the operator's list has the address; case does not matter."""
    patterns = (each.strip().lower() for each in settings.mail_allow.split(","))
    return any(pattern and fnmatchcase(address.lower(), pattern.replace("[", "[[]")) for pattern in patterns)


def _refused(field: str, detail: str) -> ValidationFailed:
    return ValidationFailed(f"{field}: {detail}", places=[Place(detail, f"/{field}")])
