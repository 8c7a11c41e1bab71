"""The growth of time with pages, with kilobytes of Markdown, with pictures; of Colophon and the peers that stay warm.

Each part is a section with one row for each contestant and the exponent that fits its times best: 1.0 is linear.
"""

from __future__ import annotations

import base64
import io
import itertools
import math
import random
import statistics
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from bench import contest, inputs, ours
from bench.plan import Bench

WARM = ("pandoc, kept", "Chromium, warm", "Typst library, fonts kept", "Fullbleed")
PICTURE = (960, 640)


def exponent(points: Sequence[tuple[float, float]]) -> float | None:
    """The slope of the line through (log size, log seconds) by least squares; None for fewer than three points."""
    if len(points) < 3:
        return None
    slope, _ = statistics.linear_regression([math.log(size) for size, _ in points], [math.log(time) for _, time in points])
    return slope


@dataclass(frozen=True, slots=True)
class Growth:
    """One section: `files` by their size, in `unit`, to `formats`."""

    name: str
    title: str
    note: str
    unit: str
    formats: Sequence[str]
    files: Mapping[int, Path]

    def column(self, size: int) -> str:
        return f"{size:,} {self.unit}"


def pages(bench: Bench) -> None:
    """The manual with more and more chapters, about six pages each."""
    note = "`python -m bench.manual` to PDF; a chapter is about six pages."
    files = {chapters: inputs.manuals(chapters, 1, bench.folder / "growth")[0] for chapters in bench.sizes.grown_chapters}
    _measure(bench, Growth("growth-pages", "Growth with pages", note, "chapters", ("pdf",), files))


def text(bench: Bench) -> None:
    """Articles joined to one, as many as fit the size."""
    note = f"{bench.inputs.corpus_name.capitalize()} without code, joined to one of that size: a text has at most"
    note += " 5,000,000 bytes, and 1,000,000 letters of code."
    files = {size: joined(bench.inputs.corpus, size, bench.folder / "joined") for size in bench.sizes.grown_kilobytes}
    _measure(bench, Growth("growth-text", "Growth with text", note, "KB", ("epub", "docx"), files))


def pictures(bench: Bench) -> None:
    """Pictures of coloured noise: the peers have them in the article as data: addresses, we get a bundle with their files."""
    note = f"One paragraph and one JPEG of {PICTURE[0]} × {PICTURE[1]} pixels, each time another; the time by the clock."
    note += " We get the pictures as files in a zip, because data: addresses count as text, which has at most 5,000,000 bytes."
    files = {count: illustrated(count, bench.folder / "pictures") for count in bench.sizes.grown_pictures}
    _measure(bench, Growth("growth-pictures", "Growth with pictures", note, "pictures", contest.FORMATS, files))


def _measure(bench: Bench, growth: Growth) -> None:
    rows: list[dict[str, Any]] = []
    peers = [peer for peer in bench.peers if peer.name.startswith(WARM)]
    warm = inputs.manuals(1, 2, bench.folder / "warm")
    with contest.contestants(peers) as started:
        for to in growth.formats:
            runs = {
                size: contest.contest(started, [file], to, bench.folder, warm_up=warm, memory=False)
                for size, file in growth.files.items()
            }
            rows += _rows(growth, runs, to)
    columns = ("format", "who", *map(growth.column, growth.files), "exponent")
    notes = [growth.note + " The exponent is that of the CPU seconds.", *bench.absentees()]
    bench.results.save(growth.name, growth.title, columns=columns, rows=rows, notes=notes, made=bench.made)


def _rows(growth: Growth, runs: Mapping[int, Mapping[str, contest.Runs]], to: str) -> Iterator[dict[str, Any]]:
    """A row for each contestant; what it refused has no figure."""
    for who in next(iter(runs.values())):
        done = {size: each[who] for size, each in runs.items() if each[who].done}
        times = {growth.column(size): f"{each.median('seconds'):.2f} s" for size, each in done.items()}
        points = [(float(size), each.median("cpu")) for size, each in done.items()]
        yield {"format": to, "who": who, **times, "exponent": exponent([point for point in points if point[1] > 0])}


def joined(corpus: Sequence[Path], kilobytes: int, folder: Path) -> Path:
    """Articles after one another, as many as fit `kilobytes`, without their front matter and without those with fenced code."""
    bodies = [inputs.cleaned(source.read_bytes()).split("\n---\n", 1)[1] for source in corpus]
    bodies = [body for body in bodies if "```" not in body] or bodies
    parts = ["---\ntitle: Joined\n---\n"]
    left = kilobytes * 1000 - len(parts[0])
    for body in itertools.cycle(bodies):
        left -= len(body.encode()) + 2
        if left < 0 and len(parts) > 1:
            break
        parts.append(body)
    return _put(folder / f"joined-{kilobytes}.md", "\n\n".join(parts))


def illustrated(count: int, folder: Path) -> Path:
    """One paragraph and one picture, `count` times; next to it the same as a bundle, where the pictures are files."""
    pictures = {f"noise-{number + 1}.jpg": _noise(number) for number in range(count)}
    addresses = {name: f"data:image/jpeg;base64,{base64.b64encode(data).decode('ascii')}" for name, data in pictures.items()}
    article = folder / f"pictures-{count}.md"
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(article.with_suffix(ours.BUNDLE), "w") as bundle:
        bundle.writestr("article.md", _showing({name: name for name in pictures}))
        for name, data in pictures.items():
            bundle.writestr(name, data)
    return _put(article, _showing(addresses))


def _showing(addresses: Mapping[str, str]) -> str:
    lines = ["---", "title: Pictures", "---", ""]
    for number, address in enumerate(addresses.values(), 1):
        lines += [f"Picture {number} follows.", "", f"![Noise {number}]({address})", ""]
    return "\n".join(lines)


def _noise(number: int) -> bytes:
    small = Image.frombytes("RGB", (48, 32), random.Random(number).randbytes(48 * 32 * 3))
    stream = io.BytesIO()
    small.resize(PICTURE, Image.Resampling.BICUBIC).save(stream, "JPEG", quality=80)
    return stream.getvalue()


def _put(path: Path, content: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path
