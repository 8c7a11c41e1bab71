"""The saving of each patch of WeasyPrint: `python -m bench.patches [--rounds 9]`.

One process for each patch installs all others, and one installs all. Each is warmed as a worker is and then forks for every
measurement, so that no round finds the caches of the round before. Measured is the CPU time of each document; the rounds of all
processes alternate. A busy machine only adds time, so the least of all rounds counts for each document. The saving of a patch is
the time that its absence adds to the sum of the documents. The row `none` is a second process with all patches: its value is the
error of the measurement. `--calls` counts calls of Python and C functions instead of time: the same on every machine, but
without the work inside Pango.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import os
import random
import signal
import struct
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import inputs
from bench.manual import manual
from schemas import options
from service.engines import Engines
from service.engines.pandoc.process import Pandoc
from service.engines.weasyprint import patches, rendering
from service.engines.weasyprint.patches.table import PATCHES, SPEED
from service.model.document import Source
from service.model.settings import Settings
from service.pipeline import steps

ROOT = Path(__file__).resolve().parent.parent
Page = tuple[str, Sequence[str], Mapping[str, Any]]  # HTML, style sheets and media
# Words longer than a line, emoji, and cells without a space.
EXTREMES = f"""# Extremes

{"characteristically" * 40}

{"😀🎉📚" * 200}

| one | two |
|---|---|
| {"湖边的灯塔照着夜里的船" * 12} | {"ひらがなだけの長い文字列" * 12} |
"""


class Recorded(Exception):
    """Ends a conversion when the page for WeasyPrint is known."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Documents of one kind, as WeasyPrint gets them."""

    name: str
    pages: Sequence[Page]


def record(sources: Sequence[Source]) -> list[Page]:
    """The page of each source, in one piece."""
    found: list[Page] = []

    def keep(html: str, stylesheets: Sequence[str], media: Mapping[str, Any], **_: Any) -> None:
        found.append((html, stylesheets, media))
        raise Recorded

    def divided(*_: Any, **__: Any) -> None:
        raise rendering.Unjoinable("measured in one piece")

    settings = Settings()
    engines = Engines(pandoc=Pandoc(settings), settings=settings)
    wanted = options.defaults("pdf", images="link")
    plain = rendering.render, rendering.render_sections
    rendering.render, rendering.render_sections = keep, divided  # type: ignore[assignment]
    try:
        for source in sources:
            try:
                steps.write(steps.read(source, wanted, engines), wanted, "pdf", engines)
            except Recorded:
                continue
    finally:
        rendering.render, rendering.render_sections = plain
        engines.pandoc.close()
    return found


def kinds(count: int, chapters: int) -> list[Kind]:
    known = inputs.find()
    chosen = list(known.corpus)[:: max(1, len(known.corpus) // count)][:count]
    articles = [Source(path.name, path.read_bytes()) for path in chosen]
    return [
        Kind("articles", record(articles)),
        Kind("manual", record([Source("manual.md", manual(chapters).encode())])),
        Kind("extremes", record([Source("extremes.md", EXTREMES.encode())])),
    ]


class Variant:
    """A process with all patches but one. It forks for each measurement."""

    def __init__(self, without: str, every: Sequence[Kind], spent: Callable[[], float]) -> None:
        self.without, self.spent = without, spent
        orders, self._orders = os.pipe()
        self._answers, answers = os.pipe()
        self.process = os.fork()
        if not self.process:
            self._serve(orders, answers, every)
        self.times = {kind.name: [math.inf] * len(kind.pages) for kind in every}
        self.digests: set[tuple[str, bytes]] = set()

    def measure(self, every: Sequence[Kind]) -> None:
        for number, kind in enumerate(every):
            os.write(self._orders, bytes([number]))
            result = _result(kind)
            *seconds, digest = result.unpack(os.read(self._answers, result.size))
            self.times[kind.name] = list(map(min, self.times[kind.name], seconds))
            self.digests.add((kind.name, digest))

    def _serve(self, orders: int, answers: int, every: Sequence[Kind]) -> None:
        patches.install(without=self.without)
        rendering.warm(every[0].pages[0][1])
        while number := os.read(orders, 1):
            child = os.fork()
            if not child:
                kind = every[number[0]]
                os.write(answers, _result(kind).pack(*timed(kind.pages, self.spent)))
                os._exit(0)
            os.waitpid(child, 0)
        os._exit(0)


def _result(kind: Kind) -> struct.Struct:
    return struct.Struct(f"={len(kind.pages)}d32s")


class Calls:
    """Counts the calls of functions since it was first asked."""

    count = 0

    def __call__(self) -> float:
        sys.setprofile(self._count)
        return self.count

    def _count(self, _: Any, event: str, __: Any) -> None:
        self.count += event in {"call", "c_call"}


def timed(pages: Sequence[Page], now: Callable[[], float]) -> tuple[float | bytes, ...]:
    """The time of each page by `now`, and the digest of all bytes."""
    digest, spent = hashlib.sha256(), list[float]()
    for html, stylesheets, media in pages:
        before = now()
        data = rendering.render(html, stylesheets, media, identifier=b"x").data
        spent.append(now() - before)
        digest.update(data)
    return *spent, digest.digest()


def saving(variant: Variant, whole: Variant, kind: str) -> float:
    """Per cent of the time with all patches, by which this variant takes longer."""
    return 100 * (sum(variant.times[kind]) / sum(whole.times[kind]) - 1)


def table(variants: Sequence[Variant], every: Sequence[Kind]) -> str:
    """The savings so far, as a table in Markdown."""
    whole, *others = variants
    lines = [f"| patch | {' | '.join(kind.name for kind in every)} | same bytes |", "|---" * (len(every) + 2) + "|"]
    for variant in others:
        row = " | ".join(f"{saving(variant, whole, kind.name):.1f} %" for kind in every)
        lines.append(f"| {variant.without or 'none'} | {row} | {'yes' if variant.digests == whole.digests else 'NO'} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--articles", type=int, default=24)
    parser.add_argument("--chapters", type=int, default=4)
    parser.add_argument("--kinds", nargs="*", default=["articles", "manual", "extremes"])
    parser.add_argument("--calls", action="store_true")
    parser.add_argument("--only", nargs="*", help="names of patches")
    arguments = parser.parse_args()
    every = [kind for kind in kinds(arguments.articles, arguments.chapters) if kind.name in arguments.kinds]
    names = [patch.name for patch in PATCHES if patch.kind == SPEED and (not arguments.only or patch.name in arguments.only)]
    spent = Calls() if arguments.calls else time.process_time
    variants = [Variant(name, every, spent) for name in ["", "", *names]]
    try:
        for number in range(arguments.rounds):
            for variant in random.sample(variants, len(variants)):
                variant.measure(every)
            print(f"\nround {number + 1} of {arguments.rounds}\n\n{table(variants, every)}", flush=True)
    finally:
        for variant in variants:
            os.kill(variant.process, signal.SIGTERM)


if __name__ == "__main__":
    main()
