"""One run of the benchmark: how much is measured, with whom, and where the results go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import inputs
from bench.peers import Peer
from bench.results import Results


@dataclass(frozen=True, slots=True)
class Sizes:
    """The sizes of the measurements."""

    runs: int = 10
    corpus: int = 100
    chapters: int = 30
    manual_runs: int = 3
    batch: int = 1000
    batch_epub: int = 10_000
    pages: tuple[int, ...] = (1, 2, 4, 8, 16, 30)
    page_runs: int = 3
    cached: int = 30
    grown_chapters: tuple[int, ...] = (2, 5, 15, 30, 60, 85)
    grown_kilobytes: tuple[int, ...] = (10, 50, 250, 1000, 5000)
    grown_pictures: tuple[int, ...] = (1, 10, 50, 200)
    starts: int = 5


QUICK = Sizes(
    runs=2, corpus=4, chapters=3, manual_runs=1, batch=10, batch_epub=10, pages=(1, 2), page_runs=1, cached=5,
    grown_chapters=(1, 2, 3), grown_kilobytes=(10, 20, 40), grown_pictures=(1, 2, 3), starts=1,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bench:
    """One run of the command: what is measured, with whom, and where it goes. `made` says on what machine."""

    inputs: inputs.Inputs
    sizes: Sizes
    peers: Sequence[Peer]
    absent: Mapping[str, Sequence[str]]
    results: Results
    folder: Path
    made: Mapping[str, Any]

    def absentees(self) -> Iterator[str]:
        if self.absent:
            yield "Not installed here, so not compared: " + "; ".join(self.absent) + "."
