"""The cost of the service before and between conversions: its start, and its memory at rest, at the peak and after it."""

from __future__ import annotations

import functools
import os
import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bench import inputs, measure
from bench.ours import COLOPHON, Service, service
from bench.peers import PANDOC
from bench.plan import Bench

WORKER = "service.workers.main"
SETTLE = 2.0  # seconds until the pool has what it starts with


def start(bench: Bench) -> None:
    """Wall time to the first PDF, and the processors' time of commands; the median of several starts."""
    article = inputs.copies(bench.inputs.seed, 1, bench.folder / "start")[0]
    out = bench.folder / "start"
    commands: dict[str, Sequence[str]] = {
        "colophon --help": [str(COLOPHON), "--help"],
        "colophon convert, to EPUB": [str(COLOPHON), "convert", str(article), "-o", str(out / "ours.epub")],
        "pandoc, to EPUB": [*PANDOC, str(article), "-o", str(out / "theirs.epub")],
    }
    rows = [
        _median("colophon serve, to the first PDF", bench.sizes.starts, functools.partial(_first_pdf, article, out / "first.pdf"))
    ]
    rows += [_median(what, bench.sizes.starts, functools.partial(_command, argv)) for what, argv in commands.items()]
    notes = ["From the start of the process; the service answers its first request as soon as it is ready."]
    columns = ("what", "runs", "seconds", "cpu")
    bench.results.save("start", "Start", columns=columns, rows=rows, notes=notes, made=bench.made)


def _median(what: str, runs: int, run: Callable[[], tuple[float, float]]) -> dict[str, Any]:
    times = [run() for _ in range(runs)]
    seconds, cpu = (statistics.median(each) for each in zip(*times, strict=True))
    return {"what": what, "runs": runs, "seconds": seconds, "cpu": cpu}


def _first_pdf(article: Path, out: Path) -> tuple[float, float]:
    began = time.perf_counter()
    with service() as running:
        running.convert(article, "pdf", out)
        return time.perf_counter() - began, running.cpu()


def _command(argv: Sequence[str]) -> tuple[float, float]:
    used, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(argv, check=True, capture_output=True, timeout=120, env=os.environ | {"COLOPHON_CACHE": "off"})
    seconds, now = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime


def memory(bench: Bench) -> None:
    """Proportional set sizes of the whole service: what several processes share counts once."""
    articles = inputs.copies(bench.inputs.seed, 20, bench.folder / "memory")
    chapters = bench.sizes.grown_chapters[-1]
    book = inputs.manuals(chapters, 1, bench.folder / "memory")[0]
    out = bench.folder / "memory" / "out"
    rows: list[dict[str, Any]] = []
    with service() as running:
        time.sleep(SETTLE)
        rows.append(_row("at rest, after the start", running))
        for article in articles:
            for to in ("pdf", "epub", "docx"):
                running.convert(article, to, out)
        rows.append(_row("after 60 conversions", running))
        with measure.peak(running.pids) as seen:
            running.convert(book, "pdf", out)
        rows.append({"what": f"at the peak, {chapters} chapters to PDF", "at": "peak", "memory": seen.most})
        time.sleep(SETTLE)
        rows.append(_row("after it", running))
    notes = [
        "A worker is counted with its pandoc; what the workers share with the process that forks them is divided among them."
    ]
    columns = ("what", "memory", "worker_memory")
    bench.results.save("memory", "Memory", columns=columns, rows=rows, notes=notes, made=bench.made)


def _row(what: str, running: Service) -> dict[str, Any]:
    """`worker_memory` is that of the largest worker."""
    everyone = measure.tree(running.process.pid)
    workers = [pid for pid in everyone if WORKER in measure.command(pid)]
    leaves = [pid for pid in workers if not any(WORKER in measure.command(child) for child in measure.children(pid))]
    largest = max((measure.memory(measure.tree(pid)) for pid in leaves), default=None)
    return {"what": what, "memory": measure.memory(everyone), "worker_memory": largest}
