"""The books of a site after a run: did every accepted item end once, with its artifact, and what did it cost?"""

from __future__ import annotations

import os
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import psycopg
import redis

from bench import measure
from bench.site import Site
from colophon_client import Client, Item, Job

ENDINGS = frozenset({"succeeded", "failed", "cancelled"})
GONE = 20.0  # seconds that orphans of a killed process have to end
LATE = 11.0  # seconds after which an idle process of PostgreSQL has reported what it wrote (PGSTAT_IDLE_INTERVAL is 10)
TABLES = ("jobs", "items", "artifacts", "holds", "events", "deliveries")


def check(running: Site, jobs: Sequence[Job], articles: int) -> int:
    """The number of failed items. Raises SystemExit if an item is missing, ended twice, or has no artifact in the store."""
    there = running.bucket()
    failed: list[Item] = []
    with Client(next(iter(running.fronts)), tries=20) as client:
        _same("jobs", len(list(client.jobs())), len(jobs))
        _same("accepted items", sum(job.total for job in jobs), articles)
        for job in jobs:
            items = list(client.items(job.id))
            failed += [item for item in items if item.state != "succeeded"]
            _same(f"items of {job.id}", len({item.position for item in items}), job.total)
            done = [item for item in items if item.state == "succeeded"]
            _same(f"artifacts of {job.id}", [len(item.artifacts) for item in done], [1] * len(done))
            lost = [each.name for item in done for each in item.artifacts if there.get(each.sha256) != each.size]
            _same(f"artifacts of {job.id} that the store lacks", lost, [])
            _ended_once(client, job)
            _sample(client, done)
    for item in failed[:5]:
        print(f"{item.name}: {item.state}, {item.problem and item.problem['code']}")
    return len(failed)


def _ended_once(client: Client, job: Job) -> None:
    """By the job's own record of what happened in it."""
    ends: Counter[str] = Counter()
    for event in client.events(job.id):
        subject, _, what = event.kind.partition(".")
        if subject == "item" and what in ENDINGS:
            ends[event.data["item_id"]] += 1
    _same(f"endings in {job.id}", sorted(ends.values()), [1] * job.total)


def _sample(client: Client, done: Sequence[Item]) -> None:
    """One artifact is fetched, its SHA-256 compared by the client."""
    with tempfile.TemporaryDirectory(prefix="colophon-books-") as folder:
        for item in done[:1]:
            client.download(item.artifacts[0], Path(folder) / "artifact")


def _same(what: str, found: object, expected: object) -> None:
    if found != expected:
        raise SystemExit(f"the books are wrong: {what}: {str(found)[:500]}, not {str(expected)[:200]}")


def no_one_left() -> None:
    """Raises SystemExit where a process that we started, or one of its own, still lives. Call `measure.adopt` at the start."""
    end = time.monotonic() + GONE
    while left := [pid for pid in measure.tree(os.getpid())[1:] if measure.command(pid)]:
        if time.monotonic() > end:
            raise SystemExit(f"still alive: {[measure.command(pid)[:100] for pid in left]}")
        time.sleep(0.1)


def costs(running: Site) -> dict[str, float]:
    """The use of the site so far, by name; the difference of two is that of a run."""
    found: dict[str, float] = {f"CPU of {name}": seconds for name, seconds in sorted(running.cpu().items())}
    with psycopg.connect(f"{running.database.url}/postgres") as connection:
        for table in TABLES:
            found[f"rows of {table}"] = _number(connection, f"SELECT count(*) FROM {table}")
        found["retries"] = _number(connection, "SELECT coalesce(sum(value), 0) FROM totals WHERE name = 'retries'")
        found["transactions"] = _number(connection, f"SELECT xact_commit + xact_rollback {_STATISTICS}")
        found["bytes of write-ahead log"] = _number(connection, "SELECT pg_current_wal_lsn() - '0/0'")
        found["bytes of database"] = _number(connection, "SELECT pg_database_size(current_database())")
        time.sleep(LATE)
        connection.execute("SELECT pg_stat_clear_snapshot()")
        found["rows written"] = _number(connection, f"SELECT tup_inserted + tup_updated + tup_deleted {_STATISTICS}")
    bucket = running.bucket()
    found["blobs"], found["bytes of blobs"] = len(bucket), sum(bucket.values())
    with redis.Redis.from_url(running.broker.url) as broker:
        found["Redis commands"] = broker.info("stats")["total_commands_processed"]
    return found


_STATISTICS = "FROM pg_stat_database WHERE datname = current_database()"


def _number(connection: psycopg.Connection[tuple[object, ...]], query: str) -> float:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return float(str(row[0]))


def difference(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """A server that was killed counts its commands from zero: they are left out."""
    return {name: value - before[name] for name, value in after.items() if value >= before[name]}
