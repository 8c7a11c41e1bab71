"""The thread that delivers what the outbox owes. Several processes may run one each: a message is claimed by lease."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Protocol

from service import logs, metrics
from service.assets.guard import Guard
from service.config import Settings
from service.errors import ColophonError
from service.jobs.records import Delivery
from service.jobs.webhooks import message
from service.tracing import Tracing

PAUSE = 1.0  # seconds between two looks into the outbox
AT_ONCE = 4  # receivers are strangers: a few slow ones must not hold up the others
LEASE = 3 * message.SECONDS
log = logging.getLogger("colophon.webhooks")


class Outbox(Protocol):
    """What is needed of the job store."""

    def due_deliveries(self, limit: int, lease_seconds: float) -> Sequence[Delivery]: ...

    def record_attempt(self, delivery: Delivery, status: int | None, error: str, next_at: datetime | None) -> bool: ...


class Deliverer:
    """`start` and `stop` once each; `deliver_due` is one look, for tests and for who has a loop of its own."""

    def __init__(self, outbox: Outbox, settings: Settings, guard: Guard | None = None, tracing: Tracing | None = None) -> None:
        self.outbox, self.settings, self.tracing = outbox, settings, tracing or Tracing()
        self.guard = guard or Guard.of(settings)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Returns when what is under way was recorded; what is left is delivered by the next start, or by another process."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(message.SECONDS + 5)

    def _run(self) -> None:
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhooks") as threads:
            while not self._ended.wait(PAUSE):
                try:
                    while not self._ended.is_set() and self.deliver_due(threads):
                        pass
                except ColophonError as error:  # the database is away: its trouble is told by those who ask for jobs
                    log.warning("webhooks wait for the database: %s", error.code)

    def deliver_due(self, threads: ThreadPoolExecutor) -> int:
        """How many messages were tried."""
        due = self.outbox.due_deliveries(AT_ONCE, LEASE)
        for _ in threads.map(self._deliver, due):
            pass
        return len(due)

    def _deliver(self, delivery: Delivery) -> None:
        body = message.body_of(delivery, self.settings.public_url)
        span = self.tracing.begin("webhook", "producer", delivery.origin.traceparent)
        attempt = message.send(delivery, body, int(time.time()), self.guard, span.traceparent)
        metrics.WEBHOOKS.labels("delivered" if attempt.delivered else "failed").inc()
        span.note(colophon_job=delivery.job_id, http_response_status__code=attempt.status or 0)
        span.end(problem="" if attempt.delivered else attempt.error)
        again = message.next_at(delivery, attempt, datetime.now(UTC))
        self.outbox.record_attempt(delivery, attempt.status, attempt.error, again)
        told = {"delivery": delivery.id, "status": attempt.status, "again": again and again.isoformat()}
        with logs.bound(request_id=delivery.origin.request_id, job_id=delivery.job_id):
            log.info("webhook delivered" if attempt.delivered else "webhook not delivered", extra=told)
