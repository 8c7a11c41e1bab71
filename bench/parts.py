"""PARTS of the comparison, each a section of the results (the seed's brings that of the cache)."""

from __future__ import annotations

import os
import shlex
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench import contest, growth, inputs, measure, plots, service_costs
from bench.ours import COLOPHON, service
from bench.peers import PANDOC, WEASYPRINT
from bench.plan import Bench

CONTEST = ("format", "who", "runs", "failed", "seconds", "least", "most", "ratio", "cpu", "memory", "bytes", "bytes_ratio")
PER_PAGE = ("pages", "page_seconds", "page_cpu", "page_cpu_ratio")


def seed(bench: Bench) -> None:
    files = inputs.copies(bench.inputs.seed, bench.sizes.runs + 2, bench.folder / "seed")
    rows: list[dict[str, Any]] = []
    with contest.contestants(bench.peers) as started:
        for to in contest.FORMATS:
            rows += contest.rows(contest.contest(started, files[2:], to, bench.folder, warm_up=files[:2]), to)
    notes = [
        f"{bench.inputs.seed_name.capitalize()}, without pictures, with another title each time so that no cache answers from"
        " memory. We are a warm service without a result cache, asked over HTTP; memory is that of the whole service or peer,"
        " sampled in a run of its own. Typst with fonts kept remembers the paragraphs of earlier runs: the corpus shows it"
        " without that.",
        *bench.absentees(),
    ]
    title = "One article"
    bench.results.save("seed", title, columns=CONTEST + PER_PAGE, rows=rows, notes=notes, made=bench.made)
    cache(bench, files[0])


def cache(bench: Bench, article: Path) -> None:
    data, rows = article.read_bytes(), []
    with service(cache="100000000") as running:
        began = time.perf_counter()
        answer = running.ask(data, "pdf")
        rows.append({"what": "first", "runs": 1, "status": answer.status, "seconds": time.perf_counter() - began})
        _wait_for_hit(running.ask, data)
        same = {"If-None-Match": answer.headers["ETag"]}
        for what, headers in (("again", {}), ("again, If-None-Match", same)):
            times, statuses, states = [], set(), set()
            for _ in range(bench.sizes.cached):
                began = time.perf_counter()
                answer = running.ask(data, "pdf", headers)
                times.append(time.perf_counter() - began)
                statuses.add(answer.status)
                states.add(answer.headers["Cache-Status"])
            assert states == {"colophon; hit"}, states
            row = {"what": what, "runs": len(times), "status": ", ".join(map(str, statuses))}
            rows.append(row | {"seconds": statistics.median(times), "least": min(times), "most": max(times)})
    columns = ("what", "runs", "status", "seconds", "least", "most")
    notes = ["The same article to PDF, asked of a service that keeps results."]
    bench.results.save("cache", "The same request again", columns=columns, rows=rows, notes=notes, made=bench.made)


def _wait_for_hit(ask: Callable[[bytes, str], Any], data: bytes) -> None:
    """A result is written behind its answer."""
    for _ in range(100):
        if ask(data, "pdf").headers["Cache-Status"] == "colophon; hit":
            return
        time.sleep(0.05)
    raise RuntimeError("the service keeps no results")


def corpus(bench: Bench) -> None:
    files = inputs.articles(bench.inputs.corpus, bench.sizes.corpus, bench.folder / "corpus")
    rows: list[dict[str, Any]] = []
    with contest.contestants(bench.peers) as started:
        for to in contest.FORMATS:
            runs = contest.contest(started, files, to, bench.folder, warm_up=files[:1], spare=True, memory=False)
            rows += contest.rows(runs, to)
    total = sum(file.stat().st_size for file in files)
    notes = [
        f"{len(files)} {bench.inputs.corpus_name} ({total:,} bytes), each once, by all in turn; pages are the mean,"
        f" seconds a page those of all together. LibreOffice and calibre were given every {contest.SPARED}th; their ratio is to"
        " our time for the same ones. Typst refuses what links to a heading that is not there.",
        *bench.absentees(),
    ]
    columns = [name for name in CONTEST if name not in ("least", "most", "memory")]
    bench.results.save(
        "corpus", "Many articles, one at a time", columns=(*columns, *PER_PAGE), rows=rows, notes=notes, made=bench.made
    )


def manual(bench: Bench) -> None:
    warm = inputs.manuals(1, 2, bench.folder / "warm")
    files = inputs.manuals(bench.sizes.chapters, bench.sizes.manual_runs, bench.folder / "manual")
    rows: list[dict[str, Any]] = []
    with contest.contestants(bench.peers) as started:
        for to in contest.FORMATS:
            rows += contest.rows(contest.contest(started, files, to, bench.folder, warm_up=warm, spare=True), to)
    notes = [
        f"`python -m bench.manual --chapters {bench.sizes.chapters}`: {files[0].stat().st_size:,} bytes of headings, prose,"
        " lists, tables, code, footnotes and links. LibreOffice and calibre were given it once.",
        *bench.absentees(),
    ]
    bench.results.save("manual", "A long document", columns=CONTEST + PER_PAGE, rows=rows, notes=notes, made=bench.made)


def pages(bench: Bench) -> None:
    """calibre is left out: it would take longer than all others together."""
    warm = inputs.manuals(1, 2, bench.folder / "warm")
    lines: dict[str, list[tuple[float, float]]] = {}
    rows: list[dict[str, Any]] = []
    with contest.contestants([peer for peer in bench.peers if peer.name != "calibre"]) as started:
        for chapters in bench.sizes.pages:
            files = inputs.manuals(chapters, bench.sizes.page_runs if chapters < 5 else 1, bench.folder / "manual")
            runs = contest.contest(started, files, "pdf", bench.folder, warm_up=warm, memory=False)
            warm = []
            ours = runs[contest.US]
            row: dict[str, Any] = {"chapters": chapters, "pages": round(ours.median("pages")) if ours.done else None}
            for name, each in runs.items():
                if each.done and ours.done:
                    row[name] = f"{each.median('seconds'):.2f} s"
                    lines.setdefault(name, []).append((ours.median("pages"), each.median("seconds")))
            rows.append(row)
    picture = bench.results.plot("bench-pages.png", plots.time_against_pages(lines))
    notes = ["The long document with fewer chapters, to PDF; pages as we set them."]
    columns = ("chapters", "pages", *lines)
    bench.results.save("pages", "Time against pages", columns=columns, rows=rows, notes=notes, picture=picture, made=bench.made)


def batch(bench: Bench) -> None:
    folder, cores = bench.folder / "batch", os.cpu_count() or 1
    files = inputs.articles(bench.inputs.corpus, bench.sizes.batch, folder / "in")
    ours = [str(COLOPHON), "batch", str(folder / "in"), "--to", "pdf", "--out", str(folder / "ours"), "--images", "link"]
    theirs = f'{shlex.join(PANDOC)} "$1" -o "$1.html" && {WEASYPRINT} "$1.html" "$1.pdf" || true'
    loop = f"printf '%s\\0' {folder / 'in'}/*.md | xargs -0 -n 1 -P {cores} sh -c {shlex.quote(theirs)} sh"
    rows = [_whole(contest.US, ours, folder / "ours", len(files), bench.folder)]
    if any(peer.name == "pandoc + WeasyPrint" for peer in bench.peers):
        rows.append(_whole("pandoc + WeasyPrint, xargs", ["sh", "-c", loop], folder / "in", len(files), bench.folder))
        rows[1]["ratio"] = rows[0]["total"] / rows[1]["total"]
        rows[1]["bytes_ratio"] = rows[0]["bytes"] / rows[1]["bytes"]
    notes = [
        f"{len(files):,} {bench.inputs.corpus_name} to PDF, repeated with other titles where there are fewer: `colophon batch`,"
        f" its start included, against a shell loop that starts pandoc and WeasyPrint for each, `xargs -P{cores}`; all of them"
        " by both."
    ]
    columns = (
        "format",
        "who",
        "runs",
        "failed",
        "total",
        "rate",
        "ratio",
        "cpu",
        "busy",
        "each_seconds",
        "memory",
        "bytes",
        "bytes_ratio",
        *PER_PAGE,
    )
    bench.results.save("batch", "A batch", columns=columns, rows=rows, notes=notes, made=bench.made)


def batch_epub(bench: Bench) -> None:
    """All cores, and one of them: what a core does when the others work too."""
    folder, cores = bench.folder / "batch-epub", os.cpu_count() or 1
    files = inputs.articles(bench.inputs.corpus, bench.sizes.batch_epub, folder / "in")
    rows: list[dict[str, Any]] = []
    for workers in sorted({1, cores}):
        out = folder / f"with-{workers}"
        argv = [str(COLOPHON), "batch", str(folder / "in"), "--to", "epub", "--out", str(out), "--images", "link"]
        row = _whole(contest.US, [*argv, "--workers", str(workers)], out, len(files), bench.folder, "epub")
        rate = row["rate"] / workers
        row |= {"workers": workers, "core_rate": rate, "core_seconds": row["cpu"] / row["runs"]}
        rows.append(row | ({"core_ratio": rate / rows[0]["core_rate"]} if rows else {}))
    notes = [
        f"{len(files):,} {bench.inputs.corpus_name} to EPUB by `colophon batch` on this machine, its start included; with one"
        f" worker and with one for each of the {cores} cores. The process that drives the workers needs some of them too."
    ]
    columns = (
        "format",
        "workers",
        "runs",
        "failed",
        "total",
        "rate",
        "core_rate",
        "core_ratio",
        "core_seconds",
        "busy",
        "each_seconds",
        "memory",
        "bytes",
    )
    title = "A batch of e-books"
    bench.results.save("batch-epub", title, columns=columns, rows=rows, notes=notes, made=bench.made)


def _whole(name: str, argv: Sequence[str], made: Path, count: int, folder: Path, to: str = "pdf") -> dict[str, Any]:
    """One row: a command that leaves its artifacts in `made`; pages are counted in PDFs."""
    with (folder / "batch.log").open("wb") as log:
        others = set(measure.children(os.getpid()))
        used, began = _cpu_of_ended(others), time.perf_counter()
        without_cache = os.environ | {"COLOPHON_CACHE": "off"}  # results of an earlier run would be taken from it
        process = subprocess.Popen(argv, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=without_cache)
        with measure.peak(lambda: [process.pid], interval=0.5) as seen:
            process.wait()
        seconds = time.perf_counter() - began
    files = list(made.glob(f"*.{to}"))
    if not files:
        raise RuntimeError(f"{name}: {(folder / 'batch.log').read_text(encoding='utf-8', errors='replace')[-1000:]}")
    spent = _cpu_of_ended(others) - used
    row = {
        "format": to, "who": name, "runs": len(files), "failed": count - len(files), "total": seconds,
        "rate": len(files) / seconds, "cpu": spent, "memory": seen.most, "bytes": sum(file.stat().st_size for file in files),
    }  # fmt: skip
    row["each_seconds"] = seconds / len(files)
    row["busy"] = spent / seconds / (os.cpu_count() or 1)
    if to != "pdf":
        return row
    pages = sum(map(contest.pages_of, files))
    return row | {"pages": pages, "page_seconds": seconds / pages, "page_cpu": spent / pages}


def _cpu_of_ended(others: set[int]) -> float:
    """CPU seconds of all children that ended, without `others`, which still run."""
    return measure.cpu_of_ended(lambda: (pid for pid in measure.children(os.getpid()) if pid not in others))


PARTS: Mapping[str, Callable[[Bench], None]] = {
    "seed": seed,
    "corpus": corpus,
    "manual": manual,
    "pages": pages,
    "batch": batch,
    "batch-epub": batch_epub,
    "growth-pages": growth.pages,
    "growth-text": growth.text,
    "growth-pictures": growth.pictures,
    "start": service_costs.start,
    "memory": service_costs.memory,
}
