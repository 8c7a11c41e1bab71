"""The metrics for Prometheus: the counters of this process, its pool of workers, and the queue in the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

from prometheus_client import CollectorRegistry, generate_latest, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from service.jobs.records import Depth
from service.jobs.store import JobStore
from service.model.errors import ColophonError
from service.telemetry import metrics
from service.workers.pool import WorkerPool

Gauge = GaugeMetricFamily
# The status of a pool without workers: it shows which metrics there are.
STATES = ("alive", "idle", "paused", "size", "slow")
SAMPLE: Mapping[str, Any] = dict.fromkeys(STATES, 0) | {"memory": 0, "waiting": 0, "counts": {}, "sandbox": {}}


class NotListening(Exception):
    """The port is in use or not permitted."""


class Exposition:
    """A registry for prometheus_client, which needs only `collect`."""

    def __init__(self, pool: Callable[[], WorkerPool], jobs: JobStore) -> None:
        self.pool, self.jobs = pool, jobs

    def collect(self) -> Iterator[Metric]:
        yield from metrics.REGISTRY.collect()
        yield from of_pool(self.pool().status())
        yield from of_queue(self.jobs)

    def text(self) -> bytes:
        return generate_latest(cast(CollectorRegistry, self))

    @contextmanager
    def served(self, host: str, port: int) -> Iterator[int]:
        """Serves metrics on `port` of `host` inside the block, for a process without another server; 0 is off. Yields the port.

        Raises NotListening.
        """
        if not port:
            yield 0
            return
        try:
            server, thread = start_http_server(port, host, cast(CollectorRegistry, self))
        except OSError as error:
            raise NotListening(f"{host}:{port} cannot be used: {error.strerror}") from error
        try:
            yield server.server_port
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def of_pool(status: Mapping[str, Any]) -> Iterator[Metric]:
    yield _by("colophon_workers", "Workers by state.", "state", {name: status[name] for name in STATES})
    yield Gauge("colophon_workers_memory_bytes", "Resident memory of all workers.", status["memory"])
    yield Gauge("colophon_waiting", "Conversions waiting for a worker.", status["waiting"])
    causes = "Workers that ended, by cause: deadline, memory, crash, evicted, cancelled, recycled, idle, start."
    endings = CounterMetricFamily("colophon_worker_endings", causes, labels=["cause"])
    for cause, count in status["counts"].items():
        endings.add_metric([cause], count)
    yield endings
    holds = {part: bool(status["sandbox"].get(part)) for part in ("landlock", "seccomp", "sealed")}
    yield _by("colophon_sandbox", "Whether a part of the sandbox is active.", "part", holds)
    text = "Whether the sandbox refuses a forbidden thing that each worker tries."
    yield _by("colophon_sandbox_refused", text, "attempt", status["sandbox"].get("refused", {}))


def of_queue(jobs: JobStore) -> Iterator[Metric]:
    """The metrics that are the same in every process; if the database cannot be reached, only that fact."""
    try:
        depth, totals = jobs.depth(), jobs.totals()
    except ColophonError:
        yield Gauge("colophon_database_up", "Whether the database answers.", 0)
        return
    yield Gauge("colophon_database_up", "Whether the database answers.", 1)
    yield from of_depth(depth)
    ended = {each: totals.get(f"items_{each}", 0) for each in ("succeeded", "failed", "cancelled")}
    outcomes = CounterMetricFamily("colophon_job_items", "Finished job items.", labels=["outcome"])
    for outcome, count in ended.items():
        outcomes.add_metric([outcome], count)
    yield outcomes
    retries = "Items that were tried again after their engine or their process died."
    yield CounterMetricFamily("colophon_job_retries", retries, totals.get("retries", 0))


def of_depth(depth: Depth) -> Iterator[Metric]:
    states = {"queued": depth.queued, "running": depth.running}
    yield _by("colophon_queue_items", "Items of jobs that wait or run.", "state", states)
    yield Gauge("colophon_queue_oldest_seconds", "Age of the oldest waiting item.", depth.oldest)


def _by(name: str, text: str, label: str, values: Mapping[str, float]) -> Metric:
    family = Gauge(name, text, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family
