"""The thread that sends the deliveries of the outbox. Several processes may run it: each message is claimed by a lease."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Protocol

from service.jobs.deliveries import senders
from service.jobs.records import Delivery, Item
from service.jobs.webhooks import message
from service.jobs.webhooks.dispatcher import Dispatcher
from service.model.errors import ColophonError
from service.model.settings import Settings
from service.network.addresses import Guard
from service.storage.base import Store
from service.telemetry import logs, metrics
from service.telemetry.tracing import Tracing

PAUSE = 1.0  # seconds between two checks of the outbox
CLAIMED = 16  # messages at a time
LEASE = 3 * message.SECONDS
log = logging.getLogger("colophon.webhooks")


class Outbox(Protocol):
    """The part of the job store that is used here."""

    blobs: Store

    def due_deliveries(self, limit: int, lease_seconds: float) -> Sequence[Delivery]: ...

    def begin_attempt(self, delivery: Delivery, seconds: float) -> bool: ...

    def items(self, job_id: str, cursor: str | None, limit: int) -> tuple[list[Item], str | None]: ...

    def record_attempt(self, delivery: Delivery, status: int | None, error: str, next_at: datetime | None) -> bool: ...


class Deliverer:
    """`start` and `stop` once each."""

    def __init__(self, outbox: Outbox, settings: Settings, guard: Guard | None = None, tracing: Tracing | None = None) -> None:
        self.outbox, self.settings, self.tracing = outbox, settings, tracing or Tracing()
        self.guard = guard or Guard.of_webhooks(settings)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Returns when running attempts were recorded. The next start, or another process, delivers the rest."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(max(message.SECONDS, self.settings.deliver_timeout) + 5)

    def _run(self) -> None:
        dispatcher = Dispatcher(self._attempt, LEASE)
        while not self._ended.wait(PAUSE):
            try:
                while not self._ended.is_set() and self._claim(dispatcher):
                    pass
            except ColophonError as error:  # the database is not available: requests for jobs report that
                log.warning("webhooks wait for the database: %s", error.code)
        dispatcher.stop()

    def _claim(self, dispatcher: Dispatcher) -> int:
        """The number of messages that were due."""
        due = self.outbox.due_deliveries(CLAIMED, LEASE)
        for delivery in due:
            dispatcher.offer(delivery)
        return len(due)

    def _attempt(self, delivery: Delivery) -> None:
        try:
            self._deliver(delivery)
        except ColophonError as error:  # it was not recorded, so it is sent again when its lease ends
            log.warning("a webhook attempt cannot be recorded: %s", error.code)
        except Exception:
            log.exception("a webhook attempt failed")

    def _deliver(self, delivery: Delivery) -> None:
        """One attempt. Artifacts take longer than a message, so their lease is prolonged first."""
        if delivery.kind in senders.SENDERS:
            if self.outbox.begin_attempt(delivery, senders.LEASE * self.settings.deliver_timeout):
                self._record(delivery, senders.send(delivery, self.outbox, self.settings, self.guard))
            return
        body = message.body_of(delivery, self.settings.public_url)
        span = self.tracing.begin("webhook", "producer", delivery.origin.traceparent)
        attempt = message.send(delivery, body, int(time.time()), self.guard, span.traceparent)
        span.note(colophon_job=delivery.job_id, http_response_status__code=attempt.status or 0)
        span.end(problem="" if attempt.delivered else attempt.error)
        self._record(delivery, attempt)

    def _record(self, delivery: Delivery, attempt: message.Attempt) -> None:
        again = message.next_at(delivery, attempt, datetime.now(UTC))
        self.outbox.record_attempt(delivery, attempt.status, attempt.error, again)
        outcome = "delivered" if attempt.delivered else "failed"
        if delivery.kind in senders.SENDERS:
            metrics.DELIVERIES.labels(delivery.kind, outcome).inc()
        else:
            metrics.WEBHOOKS.labels(outcome).inc()
        reported = {"delivery": delivery.id, "status": attempt.status, "again": again and again.isoformat()}
        with logs.bound(request_id=delivery.origin.request_id, job_id=delivery.job_id):
            log.info("%s %s", delivery.kind, "delivered" if attempt.delivered else "not delivered", extra=reported)
