"""One attempt to deliver artifacts, by kind of destination.

Each kind is idempotent for its receiver, because an attempt whose end was not recorded is made again: a PUT has the same URL and
bytes, an object the same name and bytes, a mail the same Message-ID, date and content.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Protocol

from service.jobs.artifact_paths import Items, items_of, named
from service.jobs.deliveries import destinations
from service.jobs.records import Delivery, Destination, Item, StoredArtifact
from service.jobs.webhooks.message import Attempt
from service.model.errors import ColophonError, Gone
from service.model.settings import Settings
from service.network import mail, puts
from service.network.addresses import Guard
from service.storage.base import Store

LEASE = 1.5  # of the time for an attempt, for which a delivery belongs to one process
DELIVERED = 200
EXPIRED = "the artifacts have expired"


class Jobs(Items, Protocol):
    """The part of the job store that is used here."""

    blobs: Store


Named = Sequence[tuple[Item, StoredArtifact, str]]  # each artifact with its item, and its path in the archive of the job


def send(delivery: Delivery, jobs: Jobs, settings: Settings, guard: Guard) -> Attempt:
    """Never raises. The error of an attempt names no URL and no password."""
    to = delivery.destination
    if to is None:
        return Attempt(None, "the destination is unknown", final=True)
    try:
        found = list(named(items_of(jobs, delivery.job_id)))
        return SENDERS[to.kind](delivery, to, found, jobs.blobs, settings, guard)
    except Gone:
        return Attempt(None, EXPIRED, final=True)
    except ColophonError as error:
        return Attempt(None, error.detail)


def _put(_: Delivery, to: Destination, found: Named, blobs: Store, settings: Settings, guard: Guard) -> Attempt:
    """The artifact at its place in the order of sources and formats; the source may have failed."""
    formats = max((len(item.artifacts) for item, _, _ in found), default=1)
    places = {item.position * formats + item.artifacts.index(artifact): artifact for item, artifact, _ in found}
    if to.artifact not in places:
        return Attempt(None, "the artifact was not made", final=True)
    artifact = places[to.artifact]
    url = destinations.checked(to.target, settings)
    status, error, after = puts.put(url, blobs.get(artifact.sha256), artifact.media_type, guard, settings.deliver_timeout)
    if status is not None and 200 <= status < 300:
        return Attempt(status)
    # A signed URL that fails stays invalid: only temporary errors of the receiver are tried again.
    return Attempt(status, error, after, final=status is not None and 300 <= status < 500 and status not in (408, 425, 429))


def _object(delivery: Delivery, to: Destination, found: Named, blobs: Store, settings: Settings, _: Guard) -> Attempt:
    """Writes an object for each artifact. Each key has its own folder, so that no key replaces the objects of another."""
    bucket = _bucket(settings.deliver_bucket, settings.deliver_endpoint)
    folder = "/".join(filter(None, (settings.deliver_prefix.strip("/"), delivery.tenant, to.target)))
    for _item, artifact, path in found:
        bucket.put(f"{folder}/{path}", blobs.get(artifact.sha256), artifact.media_type)
    return Attempt(DELIVERED)


class Bucket(Protocol):
    def put(self, name: str, data: bytes, media_type: str) -> None: ...


@functools.lru_cache(maxsize=4)
def _bucket(name: str, endpoint: str) -> Bucket:
    from service.storage.s3 import S3Bucket  # boto3 is an extra

    return S3Bucket(name, endpoint)


def _mail(delivery: Delivery, to: Destination, found: Named, blobs: Store, settings: Settings, _: Guard) -> Attempt:
    """One message with all artifacts."""
    if not settings.mail_host or not destinations.is_allowed(to.target, settings):
        return Attempt(None, "this service sends no mail to this address", final=True)
    size = sum(artifact.size for _item, artifact, _ in found)
    if mail.size_of(size) > settings.mail_size:
        text = f"the artifacts have {mail.size_of(size):,} bytes in a mail, and {settings.mail_size:,} are allowed"
        return Attempt(None, text, final=True)
    files = [mail.File(path.rpartition("/")[2], each.media_type, blobs.get(each.sha256)) for _item, each, path in found]
    sent = mail.send(mail.Mail(delivery.id, to.target, delivery.name, delivery.at, files), settings, settings.deliver_timeout)
    return Attempt(sent.status, sent.error, final=sent.is_final)


Send = Callable[[Delivery, Destination, Named, Store, Settings, Guard], Attempt]
SENDERS: dict[str, Send] = {"put": _put, "s3": _object, "mail": _mail}
