"""PEERS: who we are compared with, what each makes, and how. A new peer is one row here.

Most are what people put in a shell loop, started for each article; some stay warm (`bench.resident`). All read the article by
the same pandoc, in the same dialect, with its own front matter.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from bench import measure, resident
from service.engines.pandoc.process import binary

PANDOC = (binary(), "-f", "gfm", "-s")
WEASYPRINT = str(Path(sys.executable).parent / "weasyprint")
CHROMIUM = ("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer")
# calibre asks Qt for a screen and for a sandbox that root cannot have.
CALIBRE = {"QT_QPA_PLATFORM": "offscreen", "QTWEBENGINE_DISABLE_SANDBOX": "1", "QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox"}
LIMIT = 600.0
Steps = Callable[[Path, Path], Iterable[Sequence[str]]]


class Running(Protocol):
    """Something that converts, whose processes can be counted. `convert` raises RuntimeError or OSError when it cannot."""

    def convert(self, article: Path, to: str, out: Path) -> None: ...
    def pids(self) -> Sequence[int]: ...
    def cpu(self) -> float: ...


class Started:
    """Programs that are started for each article: `steps` gives their command lines."""

    def __init__(self, steps: Steps) -> None:
        self.steps = steps
        self.others: set[int] | None = None  # our children before this conversion

    def convert(self, article: Path, to: str, out: Path) -> None:  # noqa: ARG002 (the suffix of `out` says it)
        self.others = set(measure.children(os.getpid()))
        for argv in self.steps(article, out):
            pipe, null = subprocess.PIPE, subprocess.DEVNULL
            process = subprocess.Popen([*argv], stdin=null, stdout=null, stderr=pipe, env=os.environ | CALIBRE)
            try:
                _, said = process.communicate(timeout=LIMIT)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                raise RuntimeError(f"{argv[0]} took longer than {LIMIT} s") from None
            if process.returncode:
                raise RuntimeError(f"{argv[0]}: exit {process.returncode}: {said[-500:].decode('utf-8', 'replace')}")
        if not out.exists():
            raise RuntimeError(f"{out.name} was not made")

    def pids(self) -> Sequence[int]:
        if self.others is None:
            return []
        return [pid for pid in measure.children(os.getpid()) if pid not in self.others]

    def cpu(self) -> float:
        """Of all that ended, what outlived its parent too: it is waited for here, where no clock runs."""
        return measure.cpu_of_ended(self.pids)


@dataclass(frozen=True, slots=True)
class Peer:
    """`needs` are programs and, with a colon in front, Python packages. A slow one is given fewer articles of the corpus."""

    name: str
    makes: tuple[str, ...]
    needs: tuple[str, ...]
    start: Callable[[], contextlib.AbstractContextManager[Running]]
    versions: Mapping[str, Callable[[], str]]
    slow: bool = False

    @property
    def missing(self) -> list[str]:
        return [need.lstrip(":") for need in self.needs if not _is_there(need)]


def _is_there(need: str) -> bool:
    return bool(importlib.util.find_spec(need[1:]) if need.startswith(":") else shutil.which(need))


def _started(steps: Steps) -> Callable[[], contextlib.AbstractContextManager[Running]]:
    return lambda: contextlib.nullcontext(Started(steps))


def _says(*argv: str) -> Callable[[], str]:
    """The version of a program by its output: the first words with a digit."""

    def ask() -> str:
        done = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=True, env=os.environ | CALIBRE)
        words = done.stdout.replace("(", " ").replace(")", " ").split()
        return next((word for word in words if word[0].isdigit()), "")

    return ask


# One article to one file, as command lines


def pandoc(article: Path, out: Path) -> Iterable[Sequence[str]]:
    yield *PANDOC, str(article), "-o", str(out)


def pandoc_weasyprint(article: Path, out: Path) -> Iterable[Sequence[str]]:
    page = out.with_suffix(".html")
    yield from pandoc(article, page)
    yield WEASYPRINT, str(page), str(out)


def chromium(article: Path, out: Path) -> Iterable[Sequence[str]]:
    page = out.with_suffix(".html")
    yield from pandoc(article, page)
    yield *CHROMIUM, f"--user-data-dir={out.parent / 'chromium'}", f"--print-to-pdf={out}", page.as_uri()


def libreoffice(article: Path, out: Path) -> Iterable[Sequence[str]]:
    document, home = out.with_suffix(".docx"), f"-env:UserInstallation={(out.parent / 'office').as_uri()}"
    yield from pandoc(article, document)
    yield "soffice", home, "--headless", "--convert-to", "pdf", "--outdir", str(out.parent), str(document)


def calibre(article: Path, out: Path) -> Iterable[Sequence[str]]:
    page = out.with_suffix(".html")
    yield from pandoc(article, page)
    yield "ebook-convert", str(page), str(out)


PANDOC_VERSION = {"pandoc": _says(binary(), "--version")}
CHROMIUM_VERSION = {"chromium": _says("chromium", "--version")}
TYPST_VERSION = {"typst": lambda: version("typst")}
PEERS: tuple[Peer, ...] = (
    Peer("pandoc", ("docx", "epub"), (), _started(pandoc), PANDOC_VERSION),
    Peer("pandoc, kept", ("docx", "epub"), (), lambda: resident.running("pandoc"), PANDOC_VERSION),
    Peer(
        "pandoc + WeasyPrint", ("pdf",), (WEASYPRINT,), _started(pandoc_weasyprint), {"weasyprint": lambda: version("weasyprint")}
    ),
    Peer("Chromium, started each time", ("pdf",), ("chromium",), _started(chromium), CHROMIUM_VERSION),
    Peer(
        "Chromium, warm",
        ("pdf",),
        ("chromium", ":playwright"),
        lambda: resident.running("chromium"),
        CHROMIUM_VERSION | {"playwright": lambda: version("playwright")},
    ),
    Peer("Typst library", ("pdf",), (":typst",), lambda: resident.running("typst"), TYPST_VERSION),
    Peer("Typst library, fonts kept", ("pdf",), (":typst",), lambda: resident.running("typst-kept"), TYPST_VERSION),
    Peer(
        "Fullbleed library, kept",
        ("pdf",),
        (":fullbleed",),
        lambda: resident.running("fullbleed"),
        {"fullbleed": lambda: version("fullbleed")},
    ),
    Peer("LibreOffice", ("pdf",), ("soffice",), _started(libreoffice), {"libreoffice": _says("soffice", "--version")}, slow=True),
    Peer(
        "calibre",
        ("epub", "pdf"),
        ("ebook-convert",),
        _started(calibre),
        {"calibre": _says("ebook-convert", "--version")},
        slow=True,
    ),
)


def chosen(names: Sequence[str]) -> list[Peer]:
    """The peers that are installed, of those whose name begins with one of `names`, or all."""
    wanted = [name.lower() for name in names]
    unknown = [name for name in wanted if not any(peer.name.lower().startswith(name) for peer in PEERS)]
    if unknown:
        raise SystemExit(f"unknown peers: {', '.join(unknown)}; known: {'; '.join(peer.name for peer in PEERS)}")
    return [peer for peer in PEERS if not peer.missing and (not wanted or peer.name.lower().startswith(tuple(wanted)))]


def versions(peers: Iterable[Peer]) -> dict[str, str]:
    """Program → version, of all that the peers run."""
    return {program: ask() for peer in peers for program, ask in peer.versions.items()}


def absent() -> dict[str, list[str]]:
    """Name → what is missing, of the peers that cannot be run here."""
    return {peer.name: peer.missing for peer in PEERS if peer.missing}
