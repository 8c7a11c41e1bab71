"""results.json → RESULTS.md: the goals first, then each section with its machine, table and picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from bench.goals import CORES, GOALS

# In this order; sections that are not here follow.
ORDER = (
    "seed", "cache", "corpus", "manual", "pages", "growth-pages", "growth-text", "growth-pictures", "start", "memory", "batch",
    "batch-epub", "soak", "scale", "scale-costs", "claims", "sizing",
    "profile", "limits", "pdf_claims",
)  # fmt: skip


def _time(seconds: float) -> str:
    if seconds < 0.0995:
        return f"{seconds * 1000:.1f} ms"
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f} ms"
    return f"{seconds:.2f} s" if seconds < 100 else f"{seconds:,.0f} s"


def _seconds_or_code(value: Any) -> str:
    return _time(value) if isinstance(value, float) else str(value)


def _megabytes(count: float) -> str:
    return f"{count / 1e6:,.0f} MB"


def _amount(count: float) -> str:
    unit, name = next((each for each in ((1e12, "TB"), (1e9, "GB"), (1e6, "MB")) if count >= each[0]), (1e3, "kB"))
    return f"{count / unit:,.1f} {name}"


def _cores(count: float) -> str:
    return f"{count:,.2f}" if count < 9.95 else f"{count:,.0f}"


# Name of a value → heading and how it is written. Whatever is not here is written as it is, under its own name.
COLUMNS: Mapping[str, tuple[str, Callable[[Any], str]]] = {
    "document": ("just inside", str),
    "reading": ("reading", _seconds_or_code),
    "pdf": ("PDF", _seconds_or_code),
    "epub": ("EPUB", _seconds_or_code),
    "docx": ("DOCX", _seconds_or_code),
    "inside": ("inside its deadlines", str),
    "runs": ("runs", "{:,}".format),
    "failed": ("failed", "{:,}".format),
    "seconds": ("median", _time),
    "worker_memory": ("largest worker", _megabytes),
    "total": ("time", _time),
    "least": ("least", _time),
    "most": ("most", _time),
    "ratio": ("our time to theirs", "{:.2f}".format),
    "cpu": ("CPU", _time),
    "memory": ("peak memory", _megabytes),
    "bytes": ("bytes", "{:,}".format),
    "bytes_ratio": ("our bytes to theirs", "{:.2f}".format),
    "pages": ("pages", lambda count: f"{count:,.1f}".removesuffix(".0")),
    "page_seconds": ("a page", _time),
    "page_cpu": ("CPU a page", _time),
    "page_cpu_ratio": ("our CPU a page to theirs", "{:.2f}".format),
    "rate": ("a second", "{:.1f}".format),
    "first_rate": ("in the first tenth", "{:.1f}".format),
    "last_rate": ("in the last tenth", "{:.1f}".format),
    "slowest_percent": ("slowest in a hundred", _time),
    "most_memory": ("most memory", _megabytes),
    "early_files": ("open files of the front after a tenth", "{:,}".format),
    "late_files": ("at the end", "{:,}".format),
    "conversions": ("conversions", "{:,}".format),
    "early": ("memory after a tenth", _megabytes),
    "late": ("memory after all", _megabytes),
    "memory_ratio": ("late to early", "{:.2f}".format),
    "kills": ("killed", str),
    "scale": ("rate to that of one worker", "{:.2f}".format),
    "core_rate": ("a second and worker", "{:.1f}".format),
    "core_ratio": ("to that of one worker", "{:.2f}".format),
    "core_seconds": ("CPU an article", _time),
    "each": ("an article", str),
    "articles": ("articles a second", "{:,}".format),
    "worker_cores": ("cores of workers", _cores),
    "front_cores": ("of fronts", _cores),
    "database_cores": ("of the database", _cores),
    "transactions": ("transactions a second", "{:,.0f}".format),
    "log": ("its log, a second", _amount),
    "database": ("its size", _amount),
    "blobs": ("blobs, a day", _amount),
    "broker": ("Redis commands a second", "{:,.0f}".format),
    "at_all": ("in all", "{:,.0f}".format),
    "each_seconds": ("an article", _time),
    "busy": ("of all cores", "{:.0%}".format),
    "exponent": ("exponent", "{:.2f}".format),
    "share": ("share", "{:.1%}".format),
    "overhead": ("overhead to engines", "{:.1%}".format),
}  # fmt: skip


def page(results: Mapping[str, Any], pictures: str) -> str:
    """The whole page; `pictures` is the way to their folder."""
    names = [*(name for name in ORDER if name in results), *(name for name in results if name not in ORDER)]
    parts = ["# Results\n\nMade from bench/results.json by the commands below, never by hand. How: bench/README.md.\n"]
    parts.append("\n".join(_goals(results)))
    place = ""
    for name in names:
        parts.append("\n".join(_section(results[name], pictures, place)))
        place = _place(results[name]["made"])
    return "\n".join(parts)


def _goals(results: Mapping[str, Any]) -> Iterator[str]:
    cores = sorted({section["made"]["cores"] for section in results.values()})
    yield "## Goals\n"
    yield f"Set for an idle machine with {CORES} cores; measured on {' and '.join(map(str, cores)) or 'no'} cores.\n"
    rows = [
        (goal.work, goal.against, f"≤ {goal.limit:g}", _value(goal.measured(results)), goal.verdict(results)) for goal in GOALS
    ]
    yield from table(("work", "against", "goal", "measured", ""), rows)
    yield ""


def _value(value: float | None) -> str:
    if value is None:
        return "–"
    if value >= 1e6:
        return f"{value:.2g}"
    return f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"


def _section(section: Mapping[str, Any], pictures: str, place: str) -> Iterator[str]:
    """`place` is where the section before was made, which is not said twice."""
    made = section["made"]
    yield f"## {section['title']}\n"
    yield from (f"{note}\n" for note in section["notes"])
    yield from rows(section["columns"], section["rows"])
    yield ""
    if section["picture"]:
        yield f"![{section['title']}]({pictures}/{section['picture']})\n"
    here = f"; {_place(made)}" if _place(made) != place else ""
    yield f"`{made['command']}`, {made['date']}, load {made['load']} at the start{here}.\n"


def _place(made: Mapping[str, Any]) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in made["versions"].items() if version)
    return f"{made['machine']}; {versions}"


def _nothing(name: str) -> tuple[object, ...]:
    """The values of an empty column: if nothing failed, no column is needed."""
    return (None, 0) if name == "failed" else (None,)


def rows(columns: Sequence[str], found: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The table of a section, without the columns in which nothing stands."""
    columns = [name for name in columns if any(row.get(name) not in _nothing(name) for row in found)]
    headings = [COLUMNS.get(name, (name, str))[0] for name in columns]
    yield from table(headings, [[_cell(name, row.get(name)) for name in columns] for row in found])


def _cell(name: str, value: Any) -> str:
    if value is None:
        return ""
    return COLUMNS[name][1](value) if name in COLUMNS else str(value)


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(headings)} |"
    yield "|" + "---|" * len(headings)
    yield from (f"| {' | '.join(row)} |" for row in rows)
