"""A service at full load for a long time: does its memory stay flat? `python -m bench.soak [--conversions 5000]`.

Mixed formats of real articles without pause, from one client thread more than there are workers. Every second: memory of the
front, the workers and their pandocs, and open files. Writes its section of bench/results.json and a picture.
"""

from __future__ import annotations

import argparse
import itertools
import os
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import contest, inputs, measure, plots
from bench.ours import Service, service
from bench.results import Results, made

INTERVAL = 1.0
ARTICLES = 200
CLIENTS = (os.cpu_count() or 1) + 1
TENTHS = 10
# Whose command line contains the word; the first match counts. A process without a match is the front.
KINDS = (("pandoc", "worker.lua"), ("workers", "service.workers.main"))

COLUMNS = (
    "conversions", "failed", "total", "rate", "first_rate", "last_rate", "seconds", "slowest_percent",
    "early", "late", "most_memory", "memory_ratio", "early_files", "late_files",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sample:
    """At one moment: conversions done, seconds since the start, bytes of each kind of process, files that the front has open."""

    done: int
    seconds: float
    memory: dict[str, int]
    files: int

    @property
    def all(self) -> int:
        return sum(self.memory.values())


@dataclass(slots=True)
class Soak:
    running: Service
    samples: list[Sample] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    failed: Counter[str] = field(default_factory=Counter)

    def run(self, articles: Sequence[Path], conversions: int) -> None:
        work = zip(range(conversions), itertools.cycle(articles), itertools.cycle(contest.FORMATS), strict=False)
        # Else each article would always meet the same format.
        assert len(articles) % len(contest.FORMATS), "choose another number of articles"
        lock, ended, began = threading.Lock(), threading.Event(), time.monotonic()
        watcher = threading.Thread(target=self._watch, args=(began, ended))
        watcher.start()
        try:
            with ThreadPoolExecutor(CLIENTS) as threads:
                list(threads.map(lambda _: self._client(work, lock), range(CLIENTS)))
        finally:
            ended.set()
            watcher.join()

    def _client(self, work: Iterator[tuple[int, Path, str]], lock: threading.Lock) -> None:
        while True:
            with lock:
                following = next(work, None)
            if following is None:
                return
            _, article, to = following
            began = time.monotonic()
            try:
                self.running.ask(article.read_bytes(), to)
            except (RuntimeError, OSError) as error:
                self.failed[str(error)[:200]] += 1
            self.times.append(time.monotonic() - began)

    def _watch(self, began: float, ended: threading.Event) -> None:
        while not ended.wait(INTERVAL):
            self.samples.append(self._sample(time.monotonic() - began))

    def _sample(self, seconds: float) -> Sample:
        memory = {"front": 0, "workers": 0, "pandoc": 0}
        front = []
        for pid in measure.tree(self.running.process.pid):
            command = measure.command(pid)
            kind = next((kind for kind, word in KINDS if word in command), "front")
            memory[kind] += measure.memory([pid])
            front += [pid] if kind == "front" else []
        return Sample(len(self.times), seconds, memory, sum(map(measure.open_files, front)))


def summary(samples: Sequence[Sample], conversions: int) -> dict[str, Any]:
    """Memory around the first tenth and in the last tenth, as medians: a worker is replaced now and then, and memory saws."""
    tenth = conversions / TENTHS
    early = [each for each in samples if tenth / 2 <= each.done <= tenth * 1.5]
    late = [each for each in samples if each.done >= conversions - tenth]
    if not early or not late:
        raise SystemExit("too few conversions for a sample in each tenth")
    first, last = (statistics.median(each.all for each in part) for part in (early, late))
    return {
        "conversions": conversions, "early": first, "late": last, "memory_ratio": last / first,
        "most_memory": max(each.all for each in samples),
        "early_files": max(each.files for each in early), "late_files": max(each.files for each in late),
    }  # fmt: skip


def rates(samples: Sequence[Sample], conversions: int) -> list[tuple[float, float]]:
    """Conversions a second in each tenth of the run."""
    points = [Sample(0, 0.0, {}, 0), *samples]
    found = []
    for number in range(TENTHS):
        low, high = conversions * number / TENTHS, conversions * (number + 1) / TENTHS
        part = [each for each in points if low <= each.done <= high]
        if len(part) > 1 and part[-1].seconds > part[0].seconds:
            rate = (part[-1].done - part[0].done) / (part[-1].seconds - part[0].seconds)
            found.append(((low + high) / 2, rate))
    return found


def report(soak: Soak, conversions: int, results: Results, origin: dict[str, Any], name: str) -> dict[str, Any]:
    by_tenth = rates(soak.samples, conversions)
    seconds = soak.samples[-1].seconds
    times = sorted(soak.times)
    row = summary(soak.samples, conversions) | {
        "failed": sum(soak.failed.values()), "total": seconds, "rate": conversions / seconds,
        "first_rate": by_tenth[0][1], "last_rate": by_tenth[-1][1],
        "seconds": statistics.median(times), "slowest_percent": times[int(len(times) * 0.99)],
    }  # fmt: skip
    kinds = [*soak.samples[0].memory, "all"]
    lines = {kind: [(each.done, each.memory.get(kind, each.all)) for each in soak.samples] for kind in kinds}
    picture = results.plot("soak.png", plots.memory_against_conversions(lines, by_tenth))
    notes = [
        f"{ARTICLES} {name} to DOCX, EPUB and PDF in turn, over HTTP without pause from {CLIENTS} clients, no result cache."
        " Memory is the proportional set size of the service and all its processes: the median of the samples between 5 and"
        " 15 % of the conversions, and of those in the last 10 %. A worker is replaced after 1,000 calls; a"
        " conversion counts as two, however many it takes.",
    ]
    results.save("soak", "Long at full load", columns=COLUMNS, rows=[row], notes=notes, picture=picture, made=origin)
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--conversions", type=int, default=5000)
    parser.add_argument("--corpus", type=Path, help="folder of articles [COLOPHON_CORPUS, ../shared/corpus, else the example]")
    given = parser.parse_args()
    trial = given.conversions < parser.get_default("conversions")
    origin, found = made(f"python -m bench.soak --conversions {given.conversions}"), inputs.find(corpus=given.corpus)
    with tempfile.TemporaryDirectory(prefix="colophon-soak-") as folder, service(CLIENTS) as running:
        soak = Soak(running)
        soak.run(inputs.articles(found.corpus, ARTICLES, Path(folder)), given.conversions)
        row = report(soak, given.conversions, Results(trial), origin, found.corpus_name)
    for error, count in soak.failed.most_common(5):
        print(f"{count} times: {error}", file=sys.stderr)
    print(f"{row['conversions']} conversions, {row['failed']} failed, in {row['total']:.0f} s")
    print(f"a second: {row['rate']:.1f}; {row['first_rate']:.1f} in the first tenth, {row['last_rate']:.1f} in the last")
    print(f"memory: {row['early'] / 1e6:.0f} MB after a tenth, {row['late'] / 1e6:.0f} MB at the end: {row['memory_ratio']:.2f}")


if __name__ == "__main__":
    main()
