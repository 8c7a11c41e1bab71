"""Celery workers run the items, on one machine or many. Redis or RabbitMQ transports their ids.

A message is a permit: its receiver claims the next item, which may differ from the one it names. So the queue
stays fair, a message that arrives twice does no harm, and a lost message is replaced: if the broker has fewer permits
than items wait, the difference is announced again. The broker may lose everything at any time.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Sequence
from typing import Any

from celery import Celery, signals
from celery.platforms import EX_OK
from celery.worker import state
from kombu import Connection, Exchange, Queue
from kombu.exceptions import OperationalError

from service.jobs.reaper import Reaper, end
from service.jobs.runner import Runner
from service.jobs.store import JobStore
from service.model.errors import ColophonError
from service.model.settings import Settings

log = logging.getLogger("colophon.jobs")
NAME = "colophon"
MOST_AT_ONCE = 1_000  # permits in one check
TIMEOUT = 5.0  # seconds to wait for a broker
DEAF = 5.0  # seconds without a permit, while the broker has some and nothing runs here
# Directly to the queue: the broker could lose a binding.
PERMITS: Any = Queue(NAME, Exchange(""), routing_key=NAME, durable=True)


def application(settings: Settings) -> Celery:
    """The `threads` pool: the engines are processes already, and a prefork child may not have children."""
    celery = Celery(NAME, broker=settings.broker_url, set_as_current=False)
    celery.conf.update(
        task_queues=[PERMITS],
        task_default_queue=NAME,
        task_default_exchange="",
        task_default_routing_key=NAME,
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        worker_pool="threads",
        worker_concurrency=settings.workers,
        worker_hijack_root_logger=False,
        worker_enable_remote_control=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        broker_connection_timeout=TIMEOUT,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options=_transport(settings),
    )
    return celery


def _transport(settings: Settings) -> dict[str, Any]:
    if not settings.broker_url.startswith(("redis", "sentinel")):
        return {}
    visible_after = max(settings.job_deadline, settings.book_deadline) + 4 * settings.lease
    restore = {"visibility_timeout": visible_after, "unacked_restore_interval": 5, "unacked_restore_throttle": 1}
    return restore | {"socket_connect_timeout": TIMEOUT, "socket_timeout": 2 * TIMEOUT, "socket_keepalive": True}


class CeleryBackend:
    def __init__(self, jobs: JobStore, runner: Runner) -> None:
        self.jobs, self.runner = jobs, runner
        self.celery = application(jobs.settings)
        self._permit = self._permits()
        self._announced: queue.SimpleQueue[Sequence[str] | None] = queue.SimpleQueue()
        self._reaper: Reaper | None = None
        self._announcer = threading.Thread(target=self._announce, name="announcer", daemon=True)
        self._lock = threading.Lock()
        self._state = "stopped"
        self._worker: Any = None
        self._heard = time.monotonic()  # time of the last permit, or of the last chance for one

    def _permits(self) -> Any:
        """Celery's task; it takes functions, not methods."""

        def run_job_item(item_id: str) -> str:
            return self._use_permit(item_id)

        return self.celery.task(run_job_item, name=f"{NAME}.run_job_item")

    def start(self) -> None:
        self._start(purging=True)

    def _start(self, purging: bool) -> None:
        with self._lock:
            if self._reaper is not None:
                return
            self._reaper = Reaper(self.jobs, lambda _: self._announced.put([]), purging)
        self._state = "ok"
        self._reaper.start()
        self._announcer.start()

    def announce(self, item_ids: Sequence[str]) -> None:
        self._announced.put(list(item_ids))

    def _announce(self) -> None:
        """Runs as long as the backend. Without ids it checks whether the broker has as many permits as items wait."""
        while (ids := self._announced.get()) is not None:
            try:
                with self.celery.connection_for_write() as connection:
                    self._publish(connection, ids or self._missing(connection))
                self._state = "ok"
            except ColophonError as error:
                self._note(error.code)
            except (OperationalError, OSError, *Connection(self.jobs.settings.broker_url).connection_errors) as error:
                self._note("broker-unreachable", error)
            except Exception:
                log.exception("the announcer continues")

    def _note(self, state: str, cause: Exception | None = None) -> None:
        if self._state != state:
            log.warning("items cannot be announced now: %s (%s)", state, cause)
        self._state = state

    def _missing(self, connection: Connection) -> Sequence[str]:
        waiting = self.jobs.queue.waiting(MOST_AT_ONCE)
        if not waiting:
            self._heard = time.monotonic()
            return ()
        there = PERMITS.bind(connection.default_channel).queue_declare().message_count
        if there < len(waiting):
            log.info("%d permits for %d items", there, len(waiting))
        if self._worker is not None and there:
            self._listen_again()
        return waiting[there:]

    def _listen_again(self) -> None:
        """A Celery worker may never receive again after a restart of Redis (celery 8030, 9054): its connection is renewed."""
        if self.runner.running or time.monotonic() - self._heard < DEAF or self._worker.consumer is None:
            return
        self._heard = time.monotonic()
        hub = self._worker.consumer.hub

        def lost() -> None:
            hub.on_tick.discard(lost)
            raise ConnectionResetError("permits lie at the broker, and none comes")

        hub.call_soon(hub.on_tick.add, lost)

    def _publish(self, connection: Connection, ids: Sequence[str]) -> None:
        if ids:
            producer = self.celery.amqp.Producer(connection.default_channel)
            for item_id in ids:
                self._permit.apply_async((item_id,), producer=producer, retry=False)

    def _use_permit(self, item_id: str) -> str:
        """`item_id` is the item of this permit. The item that runs is the next one of the queue."""
        self._heard = time.monotonic()
        try:
            claim = self.runner.claim()
        except ColophonError as error:
            log.warning("the permit for %s is lost: %s", item_id, error.code)
            return error.code
        return "nothing waits" if claim is None else f"{claim.item_id} {self.runner.run(claim)}"

    def work(self, stop: threading.Event) -> None:
        """In the main thread: after its start Celery handles the signals itself, and drains. `stop` may be set before."""
        self._start(purging=False)
        signals.setup_logging.connect(_keep_logging)
        signals.worker_shutting_down.connect(self._drain)
        self._worker = self.celery.Worker(
            hostname=self.runner.owner.replace("/", "-"), quiet=True, without_gossip=True, without_mingle=True,
            without_heartbeat=True,
        )  # fmt: skip
        state.should_stop = None
        threading.Thread(target=self._stop_after, args=(stop,), name="stop", daemon=True).start()
        self._worker.start()
        self.stop(0)

    def _stop_after(self, stop: threading.Event) -> None:
        """Stops as Celery does at SIGTERM: its worker checks that once it listens, while a `stop` during its start is lost."""
        stop.wait()
        self._drain()
        state.should_stop = EX_OK

    def _drain(self, *_: Any, **__: Any) -> None:
        """At SIGTERM: items that run after the grace are handed back, and their engines are killed, so that Celery can end."""
        threading.Thread(target=self._hand_back, name="drain", daemon=True).start()

    def _hand_back(self) -> None:
        self.runner.stop(self.jobs.settings.drain)
        self.runner.converter.stop(0)

    def stop(self, grace: float) -> None:
        self.runner.stop(grace)
        if self._reaper is not None:
            self._reaper.stop()
        self._announced.put(None)
        end(self._announcer)

    def status(self) -> dict[str, Any]:
        return {"name": "celery", "state": self._state, "running": self.runner.running}


def _keep_logging(*_: Any, **__: Any) -> None:
    """With a receiver Celery does not configure its own loggers."""
