"""What Prometheus is told. Counters live in this process; the pool is asked when it is scraped."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from service.engines.workers import WorkerPool
from service.errors import ColophonError
from service.jobs.records import Depth
from service.jobs.store import JobStore

REGISTRY = CollectorRegistry()
CONVERSIONS = Counter(
    "colophon_conversions_total", "Conversions by format and outcome.", ["format", "outcome"], registry=REGISTRY
)
SECONDS = Histogram(
    "colophon_conversion_seconds", "Time of a conversion request.", ["format"], registry=REGISTRY,
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120),
)  # fmt: skip
CACHE = Counter(
    "colophon_cache_total", "Conversions that were, or were not, in the cache of results.", ["result"], registry=REGISTRY
)
WORKERS = Gauge("colophon_workers", "Workers by state.", ["state"], registry=REGISTRY)
MEMORY = Gauge("colophon_workers_memory_bytes", "Resident memory of all workers.", registry=REGISTRY)
WAITING = Gauge("colophon_waiting", "Conversions that wait for a worker.", registry=REGISTRY)
ENDINGS = Gauge("colophon_worker_endings", "Workers that ended or were killed, by cause.", ["cause"], registry=REGISTRY)
SANDBOX = Gauge("colophon_sandbox", "Whether a part of the sandbox holds.", ["part"], registry=REGISTRY)
REFUSED = Gauge(
    "colophon_sandbox_refused",
    "Whether the sandbox refuses a forbidden thing that each worker tries.",
    ["attempt"],
    registry=REGISTRY,
)
PROBLEMS = Counter("colophon_problems_total", "Problems that were answered, by code.", ["code"], registry=REGISTRY)


@contextmanager
def conversion(formats: Sequence[str]) -> Iterator[None]:
    """Counts one conversion request; its outcome is `ok` or the code of the problem."""
    started, outcome = time.perf_counter(), "internal-error"
    try:
        yield
        outcome = "ok"
    except ColophonError as error:
        outcome = error.code
        raise
    finally:
        for each in formats:
            CONVERSIONS.labels(each, outcome).inc()
            SECONDS.labels(each).observe(time.perf_counter() - started)


class JobMetrics:
    """The queue as the database has it, the same from whichever process is asked; nothing when it can't be reached."""

    def __init__(self) -> None:
        self.depth: Depth | None = None
        self.totals: Mapping[str, int] = {}

    def look(self, jobs: JobStore) -> None:
        try:
            self.depth, self.totals = jobs.depth(), jobs.totals()
        except ColophonError:
            self.depth = None

    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("colophon_database_up", "Whether the database answers.", self.depth is not None)
        if self.depth is None:
            return
        states = GaugeMetricFamily("colophon_queue_items", "Items of jobs that wait or run.", labels=["state"])
        states.add_metric(["queued"], self.depth.queued)
        states.add_metric(["running"], self.depth.running)
        yield states
        yield GaugeMetricFamily("colophon_queue_oldest_seconds", "Age of the oldest item that waits.", self.depth.oldest)
        outcomes = CounterMetricFamily("colophon_job_items", "Items of jobs that have ended.", labels=["outcome"])
        for outcome in ("succeeded", "failed", "cancelled"):
            outcomes.add_metric([outcome], self.totals.get(f"items_{outcome}", 0))
        yield outcomes
        retries = "Items that were tried again after their engine or their process died."
        yield CounterMetricFamily("colophon_job_retries", retries, self.totals.get("retries", 0))


JOBS = JobMetrics()
REGISTRY.register(JOBS)


def scrape(pool: WorkerPool, jobs: JobStore) -> bytes:
    JOBS.look(jobs)
    status = pool.status()
    WORKERS.labels("alive").set(status["alive"])
    WORKERS.labels("idle").set(status["idle"])
    MEMORY.set(status["memory"])
    WAITING.set(status["waiting"])
    for cause, count in status["counts"].items():
        ENDINGS.labels(cause).set(count)
    for part in ("landlock", "seccomp", "sealed"):
        SANDBOX.labels(part).set(bool(status["sandbox"].get(part)))
    for attempt, refused in status["sandbox"].get("refused", {}).items():
        REFUSED.labels(attempt).set(refused)
    return generate_latest(REGISTRY)
