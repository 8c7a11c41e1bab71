"""A whole site of real processes, and a hand that kills one of them every second and starts it again.

`Site` is one front, one worker process and, for Celery, a Redis. Jobs are put into the store as the front does it: the
acceptance is the committed row. Nothing else is simulated: the signals are SIGKILL.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from schemas import options
from service.jobs.records import Job, NewJob, NewSource
from service.jobs.store import JobStore
from service.jobs.tables import items
from service.model.settings import Settings
from service.storage import open_store
from tests.backing import Running
from tests.servers import COLOPHON, free_port

ARTICLE = """\
---
title: Chapter {number}
---

# Chapter {number}

The tide came in at half past {number}, and *nobody* was there to see it.

| hour | height |
|---|---|
| {number} | 3.2 m |
"""
ENDED = frozenset({"succeeded", "partial", "failed", "cancelled"})


def become_reaper_of_orphans() -> None:
    """Whatever a killed process leaves behind becomes a child of this one, and can be found."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)


def _children(pid: int) -> list[int]:
    """None of a process that has just ended."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (thread / "children").read_text(encoding="ascii").split())
    return found


def descendants(pid: int) -> dict[int, str]:
    """Pid → command line of every living process below, by the kernel's own list."""
    found: dict[int, str] = {}
    todo = [pid]
    while todo:
        for each in _children(todo.pop()):
            todo.append(each)
            with contextlib.suppress(OSError):
                line = Path(f"/proc/{each}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
                if line:  # a zombie has none
                    found[each] = line
    return found


@dataclass
class Part:
    """A process of the site, started again after its death."""

    argv: list[str]
    environ: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    since: float = 0.0

    @property
    def age(self) -> float:
        return time.monotonic() - self.since

    def start(self) -> None:
        self.since = time.monotonic()
        argv = [each.replace("PORT", str(free_port())) for each in self.argv]
        with self.log.open("ab") as stream:
            self.process = subprocess.Popen(argv, env=self.environ, stdout=stream, stderr=stream)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()


@dataclass
class Site:
    settings: Settings
    redis: Running | None
    chance: random.Random
    parts: dict[str, Part] = field(default_factory=dict)
    kills: Counter[str] = field(default_factory=Counter)
    patience: float = 5.0  # seconds that a process has before it may be killed again: a start takes some of them
    redis_since: float = 0.0

    def __post_init__(self) -> None:
        folder = Path(self.settings.data_dir)
        environ = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        environ["PYTHONWARNINGS"] = "ignore"
        given = (
            "data_dir",
            "database_url",
            "backend",
            "broker_url",
            "lease",
            "attempts",
            "workers",
            "cache",
            "queue_items",
            "drain",
        )
        environ |= {f"COLOPHON_{name.upper()}": str(self.settings[name]) for name in given}
        commands = {"front": ["serve", "--port", "PORT"], "worker": ["worker"]}
        self.parts = {
            name: Part([str(COLOPHON), *arguments], environ, folder / f"{name}.log") for name, arguments in commands.items()
        }
        self.store = JobStore(self.settings, open_store(self.settings))

    def start(self) -> None:
        for part in self.parts.values():
            part.start()

    def kill_one(self) -> None:
        """Of all kinds by chance, but no process that has not begun to work; an engine or a pandoc is one of those that live."""
        kinds = [name for name, part in self.parts.items() if self._works(part)] + ["engine", "pandoc"]
        if self.redis and time.monotonic() - self.redis_since > self.patience:
            kinds.append("redis")
        kind = self.chance.choice(kinds)
        if kind in self.parts:
            self.parts[kind].kill()
            self.parts[kind].start()
        elif kind == "redis":
            assert self.redis is not None
            self.redis.end(signal.SIGKILL)
            self.redis.start()
            self.redis_since = time.monotonic()
        else:
            self._kill_below(" -m service.workers.main" if kind == "engine" else "pandoc lua")
        self.kills[kind] += 1

    def _works(self, part: Part) -> bool:
        """Whether it has claimed an item since it was started, or has had all the time for it."""
        assert part.process is not None
        with self.store.database.reading() as connection:
            owners = connection.execute(select(items.c.owner).distinct().where(items.c.owner != "")).scalars()
            claimed = {int(owner.split("/")[-2]) for owner in owners}
        return bool(claimed & {part.process.pid, *descendants(part.process.pid)}) or part.age > 3 * self.patience

    def _kill_below(self, text: str) -> None:
        mine = [part.process.pid for part in self.parts.values() if part.process]
        found = [pid for each in mine for pid, line in descendants(each).items() if text in line]
        if found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.chance.choice(found), signal.SIGKILL)

    def stop(self) -> list[int]:
        """SIGTERM to all, once they have begun: the storm may have started one again a moment ago; the exit codes."""
        for part in self.parts.values():
            if part.process is not None:
                until(lambda part=part: self._has_engines(part.process.pid), 60)  # type: ignore[misc]
                part.process.terminate()
        codes = [part.process.wait(90) for part in self.parts.values() if part.process]
        self.store.close()
        return codes

    @staticmethod
    def _has_engines(process: int) -> bool:
        return any("service.workers.main" in line for line in descendants(process).values())

    def accept(self, jobs: int, each: int) -> list[Job]:
        """Jobs with the given number of items each, all different."""
        made = []
        for job in range(jobs):
            texts = (ARTICLE.format(number=f"{job}.{number}").encode() for number in range(each))
            sources = [NewSource(f"{job}-{number}.md", self.store.blobs.put(text)) for number, text in enumerate(texts)]
            made.append(self.store.create(NewJob(options.defaults("epub"), sources))[0])
        return made

    def ended(self, jobs: list[Job]) -> bool:
        return all(self.store.get(job.id).state in ENDED for job in jobs)

    def logs(self) -> str:
        return "\n".join(f"== {name}\n{part.log.read_text(errors='replace')[-3000:]}" for name, part in self.parts.items())


@contextlib.contextmanager
def site(settings: Settings, redis: Running | None, seed: int) -> Iterator[Site]:
    running = Site(settings, redis, random.Random(seed))
    running.start()
    try:
        yield running
    finally:
        for part in running.parts.values():
            if part.process is not None and part.process.poll() is None:
                part.kill()
        running.store.close()


def until(condition: object, seconds: float, pause: float = 0.1) -> bool:
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        if time.monotonic() > end:
            return False
        time.sleep(pause)
    return True
