"""The items per second that the queue hands out and takes back, without any conversion: `python -m bench.claims`.

It is what bounds a site, however many workers it has. Each claim and each end locks the row of the item's job until it is
committed, so items of one job follow each other, and those of several go side by side.
"""

from __future__ import annotations

import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

from bench import site
from bench.results import Results, made
from schemas import options
from service.jobs.records import NewJob, NewSource
from service.jobs.store import JobStore
from service.model.settings import Settings
from service.storage import open_store
from tests.backing import postgresql

RUNNERS = (1, 4, 8)  # processes
SHAPES = ((1, 600), (20, 30))  # jobs, and items of each
COLUMNS = ("runners", "jobs", "runs", "total", "rate")


@contextmanager
def _opened(url: str, folder: str) -> Iterator[JobStore]:
    settings = Settings(data_dir=folder, database_url=url, queue_items=100_000)
    store = JobStore(settings, open_store(settings))
    try:
        yield store
    finally:
        store.close()


def accept(store: JobStore, jobs: int, each: int) -> None:
    key = store.blobs.put(b"# One")
    for _ in range(jobs):
        sources = [NewSource(f"{number}.md", key) for number in range(each)]
        store.create(NewJob(options.defaults("epub"), sources))


def drain(url: str, folder: str, name: str) -> int:
    """Claims and ends items until none waits; how many."""
    ended = 0
    with _opened(url, folder) as store:
        while store.depth().queued:
            while claim := store.queue.claim(name):
                store.queue.finish(claim, produced=[], notices=[], metadata={})
                ended += 1
    return ended


def measure(url: str, folder: str, runners: int, jobs: int, each: int) -> dict[str, Any]:
    """A row; raises SystemExit where an item was ended twice or not at all."""
    with (
        _opened(url, folder) as store,
        ProcessPoolExecutor(runners, mp_context=get_context("spawn")) as processes,
    ):
        list(processes.map(drain, [url] * runners, [folder] * runners, ["warm"] * runners))
        accept(store, jobs, each)
        began = time.monotonic()
        names = [f"here/{number}/run" for number in range(runners)]
        ended = sum(processes.map(drain, [url] * runners, [folder] * runners, names))
        seconds = time.monotonic() - began
    if ended != jobs * each:
        raise SystemExit(f"{ended} items were ended of {jobs * each}")
    return {"runners": runners, "jobs": jobs, "runs": ended, "total": seconds, "rate": ended / seconds}


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is stopped then too
    if absent := site.missing():
        raise SystemExit(f"missing: {', '.join(absent)} (bin/setup --dev)")
    origin = made("python -m bench.claims")
    with tempfile.TemporaryDirectory(prefix="colophon-claims-") as folder, postgresql(fsync="on") as server:
        rows = [measure(f"{server.url}/postgres", folder, runners, *shape) for shape in SHAPES for runners in RUNNERS]
    notes = [
        "Items claimed and ended a second, nothing converted, by so many processes on PostgreSQL (fsync on) on the same machine."
        " The items of one job follow each other through the row of their job; those of twenty go side by side. It is the"
        " most that a site can do on such a machine, however many workers it has.",
    ]
    Results().save("claims", "The queue alone", columns=COLUMNS, rows=rows, notes=notes, made=origin)
    for row in rows:
        print(f"{row['runners']} runners, {row['jobs']} jobs: {row['rate']:.0f} items a second")


if __name__ == "__main__":
    main()
