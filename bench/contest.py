"""Us and the peers in turn on the same articles, and what came of it as rows of results."""

from __future__ import annotations

import contextlib
import statistics
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf

from bench import measure
from bench.ours import service
from bench.peers import Peer, Running

US = "Colophon"
FORMATS = ("docx", "epub", "pdf")
# Of many articles a slow peer is given every fourth.
SPARED = 4


@dataclass(frozen=True, slots=True)
class Measured:
    """One conversion: seconds by the clock and of the processors, bytes, and pages of a PDF (else 0)."""

    seconds: float
    cpu: float
    size: int
    pages: int


@dataclass(slots=True)
class Runs:
    """The results of one contestant, by the number of the article; `failed` are those that it could not convert."""

    makes: tuple[str, ...]
    slow: bool = False
    done: dict[int, Measured] = field(default_factory=dict)
    failed: int = 0
    memory: int = 0

    def median(self, name: str, among: Sequence[int] | None = None) -> float:
        return float(statistics.median(getattr(self.done[number], name) for number in (self.done if among is None else among)))

    def page_cpu(self, among: Sequence[int]) -> float:
        return sum(self.done[number].cpu for number in among) / sum(self.done[number].pages for number in among)


@contextlib.contextmanager
def contestants(peers: Sequence[Peer]) -> Iterator[dict[str, tuple[Running, Peer | None]]]:
    """Name → what converts, all started; we are the first, a service without a cache."""
    with contextlib.ExitStack() as stack:
        started: dict[str, tuple[Running, Peer | None]] = {US: (stack.enter_context(service()), None)}
        for peer in peers:
            started[peer.name] = (stack.enter_context(peer.start()), peer)
        yield started


def contest(
    started: Mapping[str, tuple[Running, Peer | None]],
    articles: Sequence[Path],
    to: str,
    folder: Path,
    *,
    warm_up: Sequence[Path],
    spare: bool = False,
    memory: bool = True,
) -> dict[str, Runs]:
    """Every contestant that makes `to`, on each article, in an order that moves on by one each time.

    `warm_up` is converted first and not counted. `memory` takes one more round, on the first article; with `spare` the
    slow ones get fewer articles.
    """
    runs = {
        name: Runs(peer.makes if peer else FORMATS, bool(peer and peer.slow))
        for name, (_, peer) in started.items()
        if peer is None or to in peer.makes
    }
    names = list(runs)
    for article in warm_up:
        for name in names:
            _convert(name, started[name][0], article, to, folder)
    for number, article in enumerate(articles):
        turn = number % len(names)
        for name in (*names[turn:], *names[:turn]):
            if spare and runs[name].slow and number % SPARED:
                continue
            measured = _convert(name, started[name][0], article, to, folder)
            if measured is None:
                runs[name].failed += 1
            else:
                runs[name].done[number] = measured
    for name in names if memory else ():
        with measure.peak(started[name][0].pids) as seen:
            _convert(name, started[name][0], articles[0], to, folder)
        runs[name].memory = seen.most
    return runs


def _convert(name: str, running: Running, article: Path, to: str, folder: Path) -> Measured | None:
    out = folder / "".join(each for each in name if each.isalnum()) / f"{article.stem}.{to}"
    out.parent.mkdir(parents=True, exist_ok=True)
    used, began = running.cpu(), time.perf_counter()
    try:
        running.convert(article, to, out)
    except (RuntimeError, OSError) as error:
        print(f"  {name}: {article.name} → {to}: {error}", file=sys.stderr)
        return None
    seconds = time.perf_counter() - began
    measured = Measured(seconds, running.cpu() - used, out.stat().st_size, pages_of(out) if to == "pdf" else 0)
    out.unlink()
    return measured


def pages_of(file: Path) -> int:
    with pikepdf.open(file) as pdf:
        return len(pdf.pages)


def rows(runs: Mapping[str, Runs], to: str) -> list[dict[str, Any]]:
    """A row for each contestant; `ratio` is our median to theirs, and so for the bytes, on the articles that both converted."""
    return [_row(name, each, runs.get(US), to) for name, each in runs.items()]


def _row(name: str, runs: Runs, ours: Runs | None, to: str) -> dict[str, Any]:
    row: dict[str, Any] = {"format": to, "who": name, "runs": len(runs.done), "failed": runs.failed}
    if not runs.done:
        return row
    row |= {
        "seconds": runs.median("seconds"),
        "least": min(each.seconds for each in runs.done.values()),
        "most": max(each.seconds for each in runs.done.values()),
        # The kernel counts in hundredths of a second: only the sum of many runs says something.
        "cpu": statistics.fmean(each.cpu for each in runs.done.values()),
        "bytes": round(runs.median("size")),
        "memory": runs.memory or None,
    }
    pages = sum(each.pages for each in runs.done.values())
    if pages:
        row["pages"] = pages / len(runs.done)
        row["page_seconds"] = sum(each.seconds for each in runs.done.values()) / pages
        row["page_cpu"] = sum(each.cpu for each in runs.done.values()) / pages
    both = [number for number in runs.done if ours and number in ours.done]
    if ours and name != US and both:
        row["ratio"] = ours.median("seconds", both) / runs.median("seconds", both)
        row["bytes_ratio"] = ours.median("size", both) / runs.median("size", both)
        if pages:
            row["page_cpu_ratio"] = ours.page_cpu(both) / runs.page_cpu(both)
    return row
