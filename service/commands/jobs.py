"""`colophon worker` and `purge`: jobs without the web."""

from __future__ import annotations

import contextlib
import json
import signal
import threading

import click

from service.commands.extras import service_settings
from service.commands.flags import check_tracing
from service.commands.sandbox_check import refuse_without_sandbox
from service.conversion.converter import PoolConverter
from service.jobs.backends import BACKENDS, open_backend
from service.jobs.metrics import Exposition, NotListening
from service.jobs.purge import purge as purge_store
from service.jobs.purge import verify as verify_store
from service.jobs.store import JobStore
from service.jobs.webhooks.deliverer import Deliverer
from service.model.errors import ColophonError
from service.storage import open_store
from service.telemetry import logs


@click.command("worker")
@click.option("--backend", type=click.Choice(tuple(BACKENDS)), default=None, help="Source of the work [default: the setting].")
@click.option("--workers", type=int, default=None, help="Parallel items and number of workers [default: one per core].")
def worker(backend: str | None, workers: int | None) -> None:
    """Run the items of accepted jobs until SIGTERM. Unfinished items then return to the queue.

    It needs the database, the store and, with --backend celery, the broker of that service: the same settings.
    """
    used = service_settings(backend=backend, workers=workers)
    check_tracing()
    refuse_without_sandbox(used)
    logs.configure(used.log_level)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    converter, jobs = PoolConverter(used), JobStore(used, open_store(used))
    with contextlib.suppress(ColophonError):  # waits for servers that are not available yet
        jobs.check()
    _ = converter.workers  # loaded before the first item
    deliverer = Deliverer(jobs, used, tracing=converter.tracing)
    deliverer.start()
    try:
        with Exposition(lambda: converter.workers, jobs).served(used.host, used.metrics_port):
            open_backend(used, jobs, converter).work(stop)
    except NotListening as error:
        raise click.ClickException(f"COLOPHON_METRICS_PORT: {error}") from error
    finally:
        deliverer.stop()
        converter.stop(0)
        jobs.close()


@click.command("purge")
@click.option(
    "--orphans-after", type=float, default=None, help="Age in hours of unreferenced blobs to remove [default: the setting]."
)
@click.option("--verify", is_flag=True, help="Also read every blob. Print the keys of damaged ones and exit with 1.")
def purge(orphans_after: float | None, verify: bool) -> None:
    """Remove expired jobs, their artifacts and unreferenced blobs. Print the numbers as JSON."""
    used = service_settings()
    jobs = JobStore(used, open_store(used))
    try:
        counts = purge_store(jobs, None if orphans_after is None else orphans_after * 3600)
        found = {name: counts[name] for name in ("expired", "forgotten", "swept")}
        if verify:
            found |= _verified(jobs)
    except ColophonError as error:
        raise click.ClickException(error.detail) from error
    finally:
        jobs.close()
    click.echo(json.dumps(found))
    if found.get("damaged"):
        raise click.exceptions.Exit(1)


def _verified(jobs: JobStore) -> dict[str, int]:
    """Counts whole and damaged blobs. Prints the keys of damaged ones to standard error."""
    counts = {"verified": 0, "damaged": 0}
    for key, whole in verify_store(jobs):
        counts["verified" if whole else "damaged"] += 1
        if not whole:
            click.echo(f"damaged: {key}", err=True)
    return counts
