"""The metrics for Prometheus: the counters of this process. `exposition` adds those of the pool and the database.

Every label has few values: formats, codes of problems, names of stages, templates of routes; never text of a caller.
Each process has its own counters: `colophon serve` is one process, even if gunicorn's variables say otherwise.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Histogram

from service.model.errors import ColophonError
from service.telemetry.timings import Stage

REGISTRY = CollectorRegistry()
FINE = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
LONG = (0.01, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600, 14_400, 86_400)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})

CONVERSIONS = Counter(
    "colophon_conversions_total", "Conversions by format and outcome: ok, or the code of the problem.",
    ["format", "outcome"], registry=REGISTRY,
)  # fmt: skip
SECONDS = Histogram(
    "colophon_conversion_seconds", "Duration of a conversion, all formats.", ["format"], registry=REGISTRY, buckets=FINE
)
STAGES = Histogram(
    "colophon_stage_seconds", "Duration of a stage. format: the output format, or empty.",
    ["stage", "format"], registry=REGISTRY, buckets=FINE,
)  # fmt: skip
CACHE = Counter("colophon_cache_total", "Lookups in the result cache: hit or miss.", ["result"], registry=REGISTRY)
FETCHES = Counter(
    "colophon_fetches_total", "Remote images by outcome: fetched, cached, blocked, missing.", ["outcome"], registry=REGISTRY
)
JOB_WAIT = Histogram(
    "colophon_job_wait_seconds", "Time from the acceptance of a job to the first attempt of each item.",
    registry=REGISTRY, buckets=LONG,
)  # fmt: skip
WEBHOOKS = Counter("colophon_webhooks_total", "Attempts to deliver a webhook.", ["outcome"], registry=REGISTRY)
DELIVERIES = Counter(
    "colophon_deliveries_total", "Attempts to deliver artifacts, by kind (put, s3, mail) and outcome.", ["kind", "outcome"],
    registry=REGISTRY,
)  # fmt: skip
WRONG_KEYS = Counter(
    "colophon_wrong_keys_total", "Invalid API keys: refused (401), or limited (429) after too many.",
    ["answer"], registry=REGISTRY,
)  # fmt: skip
PROBLEMS = Counter("colophon_problems_total", "Problems in responses, by code.", ["code"], registry=REGISTRY)
REQUESTS = Counter(
    "colophon_http_requests_total", "Requests by route and status.", ["method", "route", "status"], registry=REGISTRY
)
REQUEST_SECONDS = Histogram(
    "colophon_http_request_seconds",
    "Time to the first byte of the response, by route.",
    ["route"],
    registry=REGISTRY,
    buckets=FINE,
)


@contextmanager
def conversion(formats: Sequence[str]) -> Iterator[None]:
    """Counts one conversion; its outcome is `ok` or the code of the problem."""
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


def observe(found: Iterable[Stage]) -> None:
    for each in found:
        STAGES.labels(each.name, each.target).observe(each.seconds)


def request(method: str, route: str | None, status: int, seconds: float) -> None:
    """`route` is the template, None without a route: an unknown path of a client is never a label."""
    named = route or "unmatched"
    REQUESTS.labels(method if method in METHODS else "other", named, str(status)).inc()
    REQUEST_SECONDS.labels(named).observe(seconds)
