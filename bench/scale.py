"""Two fronts, three Celery workers, PostgreSQL, Redis and S3 on one machine: `python -m bench.scale [--articles 2000] [--kill]`.

Articles become jobs through both fronts by the Python client, once with all workers and once with one. With --kill, a worker,
a front or Redis gets SIGKILL every few seconds and is started again. Afterwards the books are checked: every accepted
item ended once, with its artifact in the store. Writes its sections of bench/results.json; a smaller run writes to out/bench.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import books, inputs, measure, site, sizing
from bench.results import Results, made
from bench.site import Site
from colophon_client import Client, Job

FRONTS = 2
JOB = 100  # articles
TRIES = 20  # of a call to a front that was killed
PAUSES = (3.0, 6.0)  # seconds between two kills
PATIENCE = 10.0  # seconds that a part has to start before it may be killed again
LONGEST = 900.0  # seconds for all items of a run; kills end at half of it

COLUMNS = ("workers", "kills", "runs", "failed", "total", "rate", "scale", "core_seconds", "retries")
COSTS = ("what", "each", "at_all")


@dataclass(slots=True)
class Run:
    """The time of one push through a site; `costs` is the use of each part for all articles together."""

    workers: int
    articles: int
    failed: int = 0
    seconds: float = 0.0
    kills: Counter[str] = field(default_factory=Counter)
    costs: dict[str, float] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        return self.articles / self.seconds

    @property
    def core_seconds(self) -> float:
        """CPU of an article, of all processes of the site."""
        return sum(value for name, value in self.costs.items() if name.startswith("CPU")) / self.articles

    def __str__(self) -> str:
        who = f"{self.workers} worker{'s' if self.workers > 1 else ''}"
        did = f"{self.articles} articles in {self.seconds:.0f} s, {self.rate:.1f} a second, {self.failed} failed"
        return f"{who}: {did}, CPU {self.core_seconds * 1000:.0f} ms each; killed: {_reported(self.kills) or 'nothing'}"

    def row(self, one: Run) -> dict[str, Any]:
        return {
            "workers": self.workers, "kills": _reported(self.kills) or None, "runs": self.articles, "failed": self.failed,
            "total": self.seconds, "rate": self.rate, "scale": self.rate / one.rate if one is not self else None,
            "core_seconds": self.core_seconds, "retries": int(self.costs["retries"]),
        }  # fmt: skip


def _reported(kills: Counter[str]) -> str:
    return ", ".join(f"{count} × {kind}" for kind, count in sorted(kills.items()))


def run(workers: int, articles: Sequence[Path], to: str, kill: random.Random | None = None) -> Run:
    """Pushes the articles, waits for their end, checks the books. Raises SystemExit where they are wrong."""
    with site.site(FRONTS, workers, room=len(articles) + JOB) as running:
        result = Run(workers, len(articles))
        before = books.costs(running)
        began = time.monotonic()
        with _killing(running, kill, result.kills) if kill else _peace():
            jobs = _push(running, articles, to)
        result.seconds = time.monotonic() - began
        result.costs = books.difference(before, books.costs(running))
        result.failed = books.check(running, jobs, len(articles))
    return result


def _push(running: Site, articles: Sequence[Path], to: str) -> list[Job]:
    """A thread for each front; the jobs as they were accepted."""
    turns = list(zip(_jobs(articles), itertools.cycle(running.fronts), strict=False))
    end = time.monotonic() + LONGEST

    def through(front: str) -> list[Job]:
        with Client(front, tries=TRIES) as client:
            mine = [client.create_job(part, to, images="link") for part, url in turns if url == front]
            for job in mine:
                client.wait(job.id, max(1.0, end - time.monotonic()))
            return mine

    with ThreadPoolExecutor(len(running.fronts)) as threads:
        try:
            return list(itertools.chain.from_iterable(threads.map(through, running.fronts)))
        except TimeoutError as error:
            raise SystemExit(f"not done within {LONGEST:.0f} s: {error}\n{running.logs()}") from error


def _jobs(articles: Sequence[Path]) -> Iterator[Sequence[Path]]:
    """At least one for each front."""
    size = min(JOB, -(-len(articles) // FRONTS))
    return (articles[start : start + size] for start in range(0, len(articles), size))


@contextmanager
def _peace() -> Iterator[None]:
    yield


@contextmanager
def _killing(running: Site, chance: random.Random, kills: Counter[str]) -> Iterator[None]:
    done = threading.Event()

    def hand() -> None:
        end = time.monotonic() + LONGEST / 2
        while not done.wait(chance.uniform(*PAUSES)) and time.monotonic() < end:
            if kind := kill_one(running, chance):
                kills[kind] += 1

    thread = threading.Thread(target=hand, name="kills")
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def kill_one(running: Site, chance: random.Random) -> str:
    """Its kind; nothing where all were killed a moment ago."""
    now = time.monotonic()
    old = {"worker": running.workers, "front": list(running.fronts.values())}
    choices: dict[str, list[Any]] = {kind: [each for each in parts if now - each.since > PATIENCE] for kind, parts in old.items()}
    choices["Redis"] = [running.broker] if now - running.broker_since > PATIENCE else []
    kinds = [kind for kind, parts in choices.items() if parts]
    if not kinds:
        return ""
    kind = chance.choice(kinds)
    if kind == "Redis":
        running.kill_broker()
    else:
        chance.choice(choices[kind]).kill()
    return kind


def save(runs: Sequence[Run], one: Run, to: str, name: str, results: Results, origin: dict[str, Any]) -> None:
    cores = os.cpu_count() or 1
    notes = [
        f"{name.capitalize()} to {to.upper()} in jobs of {JOB} through {FRONTS} fronts by the Python client, with"
        f" PostgreSQL (fsync on), Redis, an S3 server in Python (moto), the client and all workers, one warm engine each, on the"
        f" same {cores} cores: the ratio to one worker can't come near to the number of workers here. The time is"
        " from the first upload to the last end. CPU is that of all servers, without the client. Every accepted item ended"
        " once, with its artifact in the store, else there would be no row.",
    ]
    rows = [each.row(one) for each in (one, *runs)]
    results.save("scale", "Several processes, one queue", columns=COLUMNS, rows=rows, notes=notes, made=origin)
    first = runs[0]
    reported = {key: value for key, value in first.costs.items() if value and key != "retries"}
    costs = [{"what": key, "each": _each(key, value / first.articles), "at_all": value} for key, value in reported.items()]
    notes = [f"What the run with {first.workers} workers took of each part of the site; connections and looks included."]
    results.save("scale-costs", "What an article costs a site", columns=COSTS, rows=costs, notes=notes, made=origin)
    if to == sizing.SITE and sizing.known(results.load()):
        sizing.save(results, origin)


def _each(key: str, value: float) -> str:
    if key.startswith("CPU"):
        return f"{value * 1000:.1f} ms"
    return f"{value:,.0f}" if "bytes" in key else f"{value:.2f}"


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is stopped then too
    given = _parser().parse_args()
    if absent := site.missing():
        raise SystemExit(f"missing: {', '.join(absent)} (bin/setup --dev)")
    default = _parser().get_default
    trial = any(getattr(given, name) < default(name) for name in ("articles", "single", "workers"))
    reported = " --kill" if given.kill else ""
    origin = made(f"python -m bench.scale --articles {given.articles} --workers {given.workers}{reported}")
    measure.adopt()
    found = inputs.find(corpus=given.corpus)
    with tempfile.TemporaryDirectory(prefix="colophon-scale-") as folder:
        articles = inputs.articles(found.corpus, given.articles, Path(folder))
        one = run(1, articles[: given.single], given.to)
        runs = [run(given.workers, articles, given.to)]
        if given.kill:
            runs.append(run(given.workers, articles, given.to, random.Random(given.seed)))
    books.no_one_left()
    results = Results(trial)
    save(runs, one, given.to, found.corpus_name, results, origin)
    for each in (one, *runs):
        print(each)
    print(f"{runs[0].rate / one.rate:.2f} times one worker, on {os.cpu_count()} cores; see {results.page}", file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--single", type=int, default=300, help="articles for the one worker [300]")
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--to", default="epub", help="format [epub]")
    parser.add_argument("--kill", action="store_true", help="once more, with a SIGKILL every few seconds")
    parser.add_argument("--seed", type=int, default=6, help="of the kills")
    parser.add_argument("--corpus", type=Path, help="folder of articles [COLOPHON_CORPUS, ../shared/corpus, else the example]")
    return parser


if __name__ == "__main__":
    main()
