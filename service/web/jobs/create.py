"""POST /v1/jobs: 202 is sent only after every byte is on disk and the job is a row."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

from flask import Response, g, request
from werkzeug.datastructures import FileStorage

from schemas import options, requests
from service.conversion import driver, signing
from service.conversion.bounded_workers import Bounded
from service.input.bundle import MAGIC
from service.input.feeds import is_feed
from service.jobs import rows
from service.jobs.deliveries import destinations
from service.jobs.records import NewAsset, NewJob, NewSource, Origin
from service.jobs.webhooks import message, signature
from service.model import codec
from service.model.document import EMPTY, Conversion, Source
from service.model.errors import ColophonError, Draining, InvalidHeader, Place, QueueFull, ValidationFailed
from service.network.addresses import Guard
from service.web import addresses, authentication, bodies, request_log, responses, uploads
from service.web.endpoint import CONVERT_FORM, JOB, JOBS, Body, Property, answer, endpoint
from service.web.jobs import serializers
from service.web.services import services

KEY = re.compile(r"[\x21-\x7e]{1,255}")
WRITERS_AT_ONCE = 8  # threads; each waits for the disk or the network
MOST_IN_ROW = 20  # assets of an item; longer lists are in the store, where articles with the same list share it
FILES: Property = {
    "type": "array",
    "items": {"type": "string", "format": "binary"},
    "minItems": 1,
    "description": "The articles; a zip of several is an item for each, with the images of the zip that it names.",
}
FORM: dict[str, Property] = CONVERT_FORM | {"file": FILES} | options.properties(requests.JOB_FIELDS)
HEADERS: dict[str, Property] = {
    "Idempotency-Key": {
        "type": "string", "pattern": "^[!-~]{1,255}$",
        "description": "The same key with the same request gives the same job; with another request it is refused.",
    }
}  # fmt: skip


@endpoint(
    "POST /v1/jobs",
    tag="Jobs",
    scopes=JOBS,
    cost=JOB,
    name="createJob",
    summary="Create a job",
    description="Any number of sources to any number of formats. The response means that the work is stored and will not be lost;"
    " each item then succeeds or fails on its own.",
    body=Body("Job", FORM, ("to",)),
    headers=HEADERS,
    answers={
        200: answer("The job that this Idempotency-Key gave before.", **{"application/json": "Job"}),
        202: answer("Accepted; the job is at Location.", **{"application/json": "Job"}),
    },
    problems=(400, 409, 413, 415, 422, 500, 502, 503, 504, 507),
)
def create() -> Response:
    return accept()


def accept(headers: Mapping[str, str] = EMPTY) -> Response:
    """The request as a job, answered with further `headers`. Raises the errors of the request."""
    authentication.demand(*JOBS)
    authentication.refuse_used_up()
    if services().draining:
        raise Draining(retry_after=5)
    key = _idempotency_key()
    if not key:
        _refuse_early()  # with a key, the job may exist already
    with _reserved(key):
        fields, files = bodies.read()
        new = _new_job({name.replace("-", "_"): values for name, values in fields.items()}, files, key)
        with authentication.queueing():
            job, made = services().jobs.create(new)
    if made:
        services().backend.announce(services().jobs.item_ids(job.id))
    found = {"Location": serializers.path_of(job.id)} | ({} if made else {"Idempotent-Replayed": "true"})
    return responses.json_answer(serializers.job(job), 202 if made else 200, {**found, **headers})


def _idempotency_key() -> str:
    """The header, with or without the quotes of the draft. Raises InvalidHeader."""
    text = request.headers.get("Idempotency-Key")
    if text is None:
        return ""
    key = text[1:-1] if len(text) > 2 and text[0] == text[-1] == '"' else text
    if not KEY.fullmatch(key):
        raise InvalidHeader("Idempotency-Key must be 1 to 255 visible ASCII characters.")
    return key


def _refuse_early() -> None:
    """A full queue, or share of it, is reported before the body is read, so that refusals are cheap."""
    authentication.refuse_full()
    depth = services().jobs.depth()
    if depth.queued >= services().settings.queue_items:
        raise QueueFull(f"{depth.queued} items wait.", retry_after=services().jobs.retry_after())


@contextmanager
def _reserved(key: str) -> Iterator[None]:
    """Reserves the key during the request. Raises IdempotencyConflict while another request has it."""
    if not key:
        yield
        return
    services().jobs.reserve(authentication.tenant(), key)
    try:
        yield
    except BaseException:
        with suppress(ColophonError):  # the database is not available: the reservation expires
            services().jobs.abandon(authentication.tenant(), key)
        raise


def _new_job(fields: bodies.Fields, files: Mapping[str, list[FileStorage]], key: str) -> NewJob:
    own = requests.load_job(fields, CONVERT_FORM)
    urls = addresses.of(fields)
    uploads.check_parts(files, urls)
    to = uploads.read_targets(fields)
    conversion = options.load(to, uploads.read_options(fields, frozenset(requests.JOB_FIELDS.fields)))
    signing.is_wanted(conversion, services().settings)  # raises where there is no key
    url, secrets = _webhook(own)
    found = _sources(files, conversion, urls)
    to_deliver = destinations.of(own, len(found) * len(conversion.to), services().settings)
    sources = _stored(found)
    origin = Origin(g.request_id, request_log.traceparent())
    new = NewJob(conversion, sources, authentication.tenant(), own["name"], url, secrets, key, origin=origin)
    new = replace(new, destinations=to_deliver)
    return replace(new, fingerprint=_fingerprint(new, files, urls))


def _webhook(own: Mapping[str, Any]) -> tuple[str, Sequence[str]]:
    """Raises ForbiddenUrl for an address that is not public, ValidationFailed for a secret that cannot sign."""
    url, secrets = own["webhook_url"], own["webhook_secret"]
    for secret in secrets:
        try:
            signature.key_of(secret)
        except ValueError as error:
            raise ValidationFailed(str(error), places=[Place(str(error), "/webhook_secret")]) from error
    if secrets and not url:
        raise ValidationFailed("webhook_secret requires webhook_url.", places=[Place("Missing.", "/webhook_url")])
    return message.check_url(url, Guard.of_webhooks(services().settings)) if url else "", secrets


def _sources(files: Mapping[str, list[FileStorage]], conversion: Conversion, urls: Sequence[str]) -> list[Source]:
    """The articles of the request. A worker opens the zips."""
    if conversion.combine:
        return [uploads.read_book(files, conversion, urls)]
    sources = [uploads.as_source(part, uploads.path_label(part.filename)) for part in files.get("file", [])]
    sources = addresses.with_feeds([*sources, *addresses.fetched(urls)], conversion)
    assets = uploads.read_assets(files)
    if any(source.data.startswith(MAGIC) or is_feed(source.data) for source in sources) or len(sources) > 1:
        with authentication.spending() as cancellation:
            return driver.split_in_worker(sources, assets, conversion, Bounded(services().workers, None, cancellation))
    return [replace(each, assets=assets) for each in sources]


def _stored(sources: Sequence[Source]) -> list[NewSource]:
    """Stores every blob once; they are durable when this returns."""
    blobs = {id(data): data for each in sources for data in (each.data, *(asset.data for asset in each.assets))}
    with ThreadPoolExecutor(WRITERS_AT_ONCE) as threads:
        keys = dict(zip(blobs, threads.map(services().store.put, blobs.values()), strict=True))
    made = [
        NewSource(
            each.name, keys[id(each.data)], each.media_type, each.charset,
            tuple(NewAsset(asset.name, keys[id(asset.data)], asset.media_type) for asset in each.assets),
            address=each.address, fetched_at=each.fetched_at,
        )
        for each in sources
    ]  # fmt: skip
    lists: dict[bytes, str] = {}
    return [_with_list(each, lists) if len(each.assets) > MOST_IN_ROW else each for each in made]


def _with_list(source: NewSource, stored: dict[bytes, str]) -> NewSource:
    """The source with its list of assets in the store; equal lists are stored once."""
    packed = rows.pack_assets(source.assets)
    if packed not in stored:
        stored[packed] = services().store.put(packed)
    return replace(source, asset_list=stored[packed])


def _fingerprint(new: NewJob, files: Mapping[str, list[FileStorage]], urls: Sequence[str]) -> str:
    """The fingerprint of the whole request. It shows whether a second request with the same key is the same.

    A page may have changed since; a request with its address is the same.
    """
    sources = [rows.pack_source(each) for each in new.sources]
    said = {
        "conversion": codec.pack_conversion(new.conversion), "sources": [_digests(files), *urls] if urls else sources,
        "webhook": [new.webhook_url, *new.webhook_secrets], "name": new.name,
        **({"deliver": [[each.kind, each.target] for each in new.destinations]} if new.destinations else {}),
    }  # fmt: skip
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _digests(files: Mapping[str, list[FileStorage]]) -> list[list[str]]:
    """Part, name and SHA-256 of each file of the upload."""
    found = []
    for part, file in ((part, file) for part, several in sorted(files.items()) for file in several):
        file.stream.seek(0)
        found.append([part, file.filename or "", hashlib.file_digest(file.stream, "sha256").hexdigest()])  # type: ignore[arg-type]
    return found


def wants_async() -> bool:
    """`Prefer: respond-async` (RFC 7240); other preferences are ignored."""
    preferences = [part.partition(";")[0].strip().lower() for part in request.headers.get("Prefer", "").split(",")]
    return "respond-async" in preferences
