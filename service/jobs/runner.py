"""Runs one item from its claim to its end: reads the source from the store, converts, stores artifacts, updates the row.

Both backends call `run_job_item`. They differ only in how they are notified of work.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress

from service.conversion.converter import Converter
from service.jobs import rows
from service.jobs.queue import Stale
from service.jobs.records import Claim, NewArtifact
from service.jobs.store import JobStore
from service.model.document import Artifact, Asset, Source
from service.model.errors import ColophonError, Internal, StorageFull, StorageUnavailable
from service.model.settings import Settings
from service.storage.base import Store
from service.telemetry import logs, metrics, timings
from service.workers.cancellation import Cancellation, Cancelled

log = logging.getLogger("colophon.jobs")
LONG = 100_000  # bytes of a source whose stages become events; a shorter one ends before a client can read them
REPORTED = frozenset({"convert", "read", "fetch", "write"})
BUSY_DELAY = 3.0  # seconds before the next claim of an item that had no worker, no room or no store


def run_job_item(claim: Claim, jobs: JobStore, converter: Converter, cancellation: Cancellation | None = None) -> str:
    """Converts the item and returns how it ended: succeeded, failed, retried, released or lost. Raises nothing.

    Ends as lost once `cancellation` is cancelled.

    Released: the item is fine, but the service could not convert it now. Lost: another runner owns it.
    """
    if claim.attempt == 1:
        metrics.JOB_WAIT.observe(claim.waited)
    span = converter.tracing.begin("item", "consumer", claim.origin.traceparent)
    ids = {"request_id": claim.origin.request_id, "job_id": claim.job_id, "item_id": claim.item_id}
    started = time.monotonic()
    with logs.bound(**ids), timings.collecting() as found:
        ended = _run(claim, jobs, converter, cancellation)
        spent = {"seconds": round(time.monotonic() - started, 4), "stages": timings.seconds_of(found)}
        log.info("item %s", ended, extra={"attempt": claim.attempt, **spent})
    metrics.observe(found)
    span.note(colophon_job=claim.job_id, colophon_item=claim.item_id, colophon_attempt=claim.attempt, colophon_ended=ended)
    span.end(found, "" if ended == "succeeded" else ended)
    return ended


def _run(claim: Claim, jobs: JobStore, converter: Converter, cancellation: Cancellation | None) -> str:
    cancellation = cancellation or Cancellation(claim.tenant, claim.tenant)
    try:
        try:
            return _convert(claim, jobs, converter, cancellation)
        except ColophonError as error:
            return _settle(claim, jobs, error)
        except (Stale, Cancelled):
            raise
        except Exception as error:
            log.exception("item %s failed with an unexpected error", claim.item_id)
            return _settle(claim, jobs, _internal(error))
    except (Stale, Cancelled):
        log.info("item %s belongs to another runner, or its job ended", claim.item_id)
    except ColophonError as error:
        log.warning("the result of item %s could not be stored (%s); its lease ends soon", claim.item_id, error.code)
    finally:
        _charge(claim, jobs, cancellation)
    return "lost"


def _charge(claim: Claim, jobs: JobStore, cancellation: Cancellation) -> None:
    try:
        jobs.quotas.settle(claim.tenant, cancellation.cpu)
    except ColophonError as error:
        log.warning("the cost of item %s could not be stored: %s", claim.item_id, error.code)


def _internal(cause: Exception) -> Internal:
    error = Internal()
    error.__cause__ = cause
    return error


def _convert(claim: Claim, jobs: JobStore, converter: Converter, cancellation: Cancellation) -> str:
    source = _source(claim, jobs.blobs)
    cancellation.one_by_one = jobs.quotas.counts_conversions(claim.tenant)
    settings = jobs.settings
    deadline = max(settings.job_deadline, settings.book_deadline) if claim.conversion.combine else settings.job_deadline
    with _reported(source, claim, jobs):
        outcome, _ = converter.convert(source, claim.conversion, deadline, cancellation, claim.tenant)
    produced = [_stored(artifact, jobs.blobs) for artifact in outcome.artifacts]
    notices = [notice.as_dict() for notice in outcome.notices]
    persist(lambda: jobs.queue.finish(claim, produced=produced, notices=notices, metadata=outcome.metadata), claim.lease)
    return "succeeded"


def _reported(source: Source, claim: Claim, jobs: JobStore) -> AbstractContextManager[None]:
    """The stages of a long document become events of its job. An event that cannot be stored is left out."""

    def watch(stage: str, target: str, ended: bool) -> None:
        if stage in REPORTED:
            with suppress(Stale, ColophonError):
                jobs.queue.report_stage(claim, stage, target, ended=ended)

    return timings.watching(watch) if len(source.data) >= LONG else nullcontext()


def _source(claim: Claim, blobs: Store) -> Source:
    source = claim.source
    listed = rows.unpack_assets(blobs.get(source.asset_list)) if source.asset_list else source.assets
    assets = tuple(Asset(asset.name, blobs.get(asset.key), asset.media_type) for asset in listed)
    return Source(
        source.name.rpartition("/")[2], blobs.get(source.key), source.media_type, source.charset, assets,
        address=source.address, fetched_at=source.fetched_at,
    )  # fmt: skip


def _stored(artifact: Artifact, blobs: Store) -> NewArtifact:
    notices = [notice.as_dict() for notice in artifact.notices]
    size, key = len(artifact.data), blobs.put(artifact.data)
    return NewArtifact(artifact.name, artifact.format, artifact.media_type, size, key, artifact.report, notices)


def _settle(claim: Claim, jobs: JobStore, error: ColophonError) -> str:
    """Retryable errors cost the item no attempt, failures of the service cost one, errors of the item end it."""
    if error.costs_attempt:
        persist(lambda: jobs.queue.retry(claim, error), claim.lease)
        return "retried"
    if error.retryable:
        persist(lambda: jobs.queue.release(claim, BUSY_DELAY), claim.lease)
        return "released"
    persist(lambda: jobs.queue.finish(claim, problem=error), claim.lease)
    return "failed"


def persist(write: Callable[[], None], seconds: float) -> None:
    """Retries for some time if the database cannot be reached, so that a finished conversion is not repeated."""
    end = time.monotonic() + seconds
    while True:
        try:
            return write()
        except (StorageUnavailable, StorageFull):
            if time.monotonic() > end:
                raise
            time.sleep(0.5)


class Runner:
    """The items of one process: claims, their heartbeats, and their return when the process must end."""

    def __init__(self, settings: Settings, jobs: JobStore, converter: Converter) -> None:
        self.settings, self.jobs, self.converter = settings, jobs, converter
        self.owner = f"{socket.gethostname()}/{os.getpid()}/{secrets.token_hex(4)}"
        self.closing = False
        self._running: dict[str, Claim] = {}
        self._cancellations: dict[str, Cancellation] = {}
        self._changed = threading.Condition()
        self._pulse: threading.Thread | None = None

    @property
    def heartbeats(self) -> float:
        """Seconds between two heartbeats: three per lease, so that one may fail."""
        return float(self.settings.lease) / 3

    @property
    def running(self) -> int:
        return len(self._running)

    def claim(self) -> Claim | None:
        """The next item. Its lease is renewed until `run` has ended it. Raises StorageUnavailable, StorageFull."""
        claim = None if self.closing else self.jobs.queue.claim(self.owner)
        if claim is None:
            return None
        with self._changed:
            late = self.closing  # stopped in the meantime: this item is not needed any more
            if not late:
                self._running[claim.item_id] = claim
                self._cancellations[claim.item_id] = Cancellation(claim.tenant, claim.tenant)
            if self._pulse is None:
                self._pulse = threading.Thread(target=self._beat, name="heartbeat", daemon=True)
                self._pulse.start()
        if late:
            self.jobs.queue.release(claim)
            _charge(claim, self.jobs, Cancellation())
        return None if late else claim

    def run(self, claim: Claim) -> str:
        try:
            return run_job_item(claim, self.jobs, self.converter, self._cancellations.get(claim.item_id))
        finally:
            with self._changed:
                self._running.pop(claim.item_id, None)
                self._cancellations.pop(claim.item_id, None)
                self._changed.notify_all()

    def _beat(self) -> None:
        """Renews the leases of all claims. After a failed heartbeat the next one is still in time.

        A refused heartbeat means that the job was cancelled or the item has another owner. Its conversion then ends at once.
        """
        while True:
            time.sleep(self.heartbeats)
            for claim in list(self._running.values()):
                try:
                    held = self.jobs.queue.heartbeat(claim)
                except ColophonError as error:
                    log.warning("no heartbeat for item %s: %s", claim.item_id, error.code)
                    continue
                if not held and (cancellation := self._cancellations.get(claim.item_id)):
                    cancellation.cancel()

    def stop(self, grace: float) -> None:
        """Stops new claims. Running items may end within `grace` seconds, then they return to the queue. Idempotent."""
        with self._changed:
            self.closing = True
            self._changed.wait_for(lambda: not self._running, grace)
            left = list(self._running.values())
        for claim in left:
            try:
                self.jobs.queue.release(claim)
            except (Stale, ColophonError) as error:
                log.warning("item %s could not be handed back: %s", claim.item_id, error)
            if cancellation := self._cancellations.get(claim.item_id):
                cancellation.cancel()  # its results are not used: the process need not wait a second time
        if left:
            log.info("%d items handed back", len(left))
