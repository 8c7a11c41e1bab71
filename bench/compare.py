"""Us and the peers that are installed, alternating, on the same article: `python -m bench.compare ARTICLE [--runs 10]`.

We are a warm service asked over HTTP; the peers are what people put in a shell loop today, started anew each time:
pandoc, pandoc with WeasyPrint, Chromium, LibreOffice. Images are left out for all. Prints a table of medians and ratios, and
writes it with the machine and the versions to bench/RESULTS.md; nothing there is typed by hand.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import urllib3

from bench.warm import convert, service
from service.engines import facts
from service.engines.pandoc import binary

RESULTS = Path(__file__).with_name("RESULTS.md")
FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.S)
IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
PANDOC = ("-f", "gfm", "-s", "--metadata=title:T")
WEASYPRINT = Path(sys.executable).parent / "weasyprint"
Run = Callable[[Path, Path], None]


def shell(*argv: str | Path) -> None:
    subprocess.run([*map(str, argv)], check=True, capture_output=True, timeout=120)


def pandoc(target: str) -> Run:
    return lambda article, out: shell(binary(), *PANDOC, article, "-o", out.with_suffix(f".{target}"))


def pandoc_weasyprint(article: Path, out: Path) -> None:
    page = out.with_suffix(".html")
    shell(binary(), *PANDOC, article, "-o", page)
    shell(WEASYPRINT, page, out.with_suffix(".pdf"))


def chromium(article: Path, out: Path) -> None:
    page = out.with_suffix(".html")
    shell(binary(), *PANDOC, article, "-o", page)
    profile = f"--user-data-dir={out.parent / 'profile'}"
    made = f"--print-to-pdf={out.with_suffix('.pdf')}"
    shell("chromium", "--headless", "--no-sandbox", "--disable-gpu", profile, made, page.as_uri())


def libreoffice(article: Path, out: Path) -> None:
    document = out.with_suffix(".docx")
    shell(binary(), "-f", "gfm", article, "-o", document)
    profile = f"-env:UserInstallation={(out.parent / 'office').as_uri()}"
    shell("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", out.parent, document)


# Format → name → how, and the program without which it can't be run.
PEERS: dict[str, dict[str, tuple[Run, str]]] = {
    "docx": {"pandoc": (pandoc("docx"), "sh")},
    "epub": {"pandoc": (pandoc("epub"), "sh")},
    "pdf": {
        "pandoc + WeasyPrint": (pandoc_weasyprint, str(WEASYPRINT)),
        "pandoc + Chromium": (chromium, "chromium"),
        "pandoc + LibreOffice": (libreoffice, "soffice"),
    },
}


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def rows(article: Path, base: str, runs: int, folder: Path) -> Iterator[tuple[str, str, float, int, float]]:
    """Format, who, median seconds, bytes, ratio of our time to theirs."""
    with urllib3.PoolManager() as pool:
        for target, peers in PEERS.items():
            there = {name: run for name, (run, program) in peers.items() if shutil.which(program)}
            times: dict[str, list[float]] = {name: [] for name in ("Colophon", *there)}
            for number in range(runs + 2):  # the first two warm caches, ours and theirs
                seconds, size = convert(pool, base, article, target, images="link")
                measured = {"Colophon": seconds}
                for name, run in there.items():
                    out = folder / re.sub(r"\W+", "-", name)
                    measured[name] = timed(lambda run=run, out=out: run(article, out))  # type: ignore[misc]
                if number >= 2:
                    for name, each in measured.items():
                        times[name].append(each)
            ours = statistics.median(times["Colophon"])
            for name, each in times.items():
                made = folder / (re.sub(r"\W+", "-", name) + f".{target}")
                weight = size if name == "Colophon" else made.stat().st_size
                yield target, name, statistics.median(each), weight, ours / statistics.median(each)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("article", type=Path)
    parser.add_argument("--runs", type=int, default=10)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, service() as base:
        article = Path(folder) / "article.md"
        text = IMAGE.sub("", given.article.read_text(encoding="utf-8"))
        article.write_text(text, encoding="utf-8")
        lines = ["| format | who | median | bytes | Colophon's time to theirs |", "|---|---|---|---|---|"]
        for target, name, seconds, size, ratio in rows(article, base, given.runs, Path(folder)):
            shown = "" if name == "Colophon" else f"{ratio:.2f}"
            lines.append(f"| {target} | {name} | {seconds * 1000:.0f} ms | {size:,} | {shown} |")
            print(lines[-1])
    versions = ", ".join(f"{name} {version}" for name, version in facts.versions().items())
    made = f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {platform.platform()}; {versions}"
    command = f"`python -m bench.compare ARTICLE --runs {given.runs}`"
    RESULTS.write_text(f"# Results\n\nWritten by {command}. {made}.\n\n" + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
