"""The sizing for a number of articles per second: the formulas of docs/operations.md with measured values.

`python -m bench.sizing` makes its section again, from what bench/results.json says of a site (`bench.scale`) and of each format.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bench.results import Results, made
from service.model.settings import BY_NAME

RATES = (1, 10, 1000)
MIXES: tuple[tuple[str, ...], ...] = (("epub",), ("docx",), ("pdf",), ("epub", "docx", "pdf"))
BUSY = 0.7  # how much of a core is planned for: what comes in bursts has to wait otherwise
DAY = 86_400
COLUMNS = (
    "articles", "format", "worker_cores", "front_cores", "database_cores", "transactions", "log", "database", "blobs", "broker",
)  # fmt: skip
SITE = "epub"  # what a site is measured with


def formats(results: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Our row for each format: of many articles where they were measured, else of the one."""
    measured = (row for section in ("seed", "corpus") for row in results.get(section, {}).get("rows", ()))
    return {row["format"]: row for row in measured if row["who"] == "Colophon"}


def known(results: Mapping[str, Any]) -> bool:
    """Whether each format was measured separately."""
    return formats(results).keys() >= {to for mix in MIXES for to in mix}


def costs(results: Mapping[str, Any]) -> dict[str, float]:
    """The use of each part of the site for one article. Raises SystemExit if no site was measured."""
    if "scale-costs" not in results:
        raise SystemExit("no site was measured: run `python -m bench.scale` first")
    found = {row["what"]: float(row["at_all"]) for row in results["scale-costs"]["rows"]}
    return {name: value / found["rows of items"] for name, value in found.items()}


def rows(results: Mapping[str, Any], rates: tuple[float, ...] = RATES) -> Iterator[dict[str, Any]]:
    """Raises SystemExit where no site was measured, or no format alone."""
    each, alone = costs(results), formats(results)
    if not known(results):
        raise SystemExit("not every format was measured by itself: run `python -m bench --only corpus` first")
    kept = float(BY_NAME["artifact_hours"].default) * 3600  # seconds
    around = max(0.0, each["CPU of workers"] - alone[SITE]["cpu"])  # the claim, the store, the row
    for rate in rates:
        for mix in MIXES:
            # Each format as if the article were read again for it: a bound from above.
            cpu = around + sum(alone[to]["cpu"] for to in mix)
            made_bytes = each["bytes of blobs"] + sum(alone[to]["bytes"] for to in mix) - alone[SITE]["bytes"]
            yield {
                "articles": rate, "format": ", ".join(mix), "worker_cores": rate * cpu / BUSY,
                "front_cores": rate * each["CPU of fronts"] / BUSY, "database_cores": rate * each["CPU of PostgreSQL"] / BUSY,
                "transactions": rate * each["transactions"], "log": rate * each["bytes of write-ahead log"],
                "database": rate * kept * each["bytes of database"], "blobs": rate * DAY * made_bytes,
                "broker": rate * each["Redis commands"],
            }  # fmt: skip


def save(results: Results, origin: Mapping[str, Any]) -> None:
    notes = [
        f"The formulas of docs/operations.md with the figures of this page: cores are planned to be busy {BUSY:.0%} of the time,"
        f" artifacts and rows are kept {BY_NAME['artifact_hours'].default:g} hours. Computed, not measured: no run of the"
        " larger ones.",
    ]
    results.save("sizing", "What to run", columns=COLUMNS, rows=list(rows(results.load())), notes=notes, made=origin)


if __name__ == "__main__":
    save(Results(), made("python -m bench.sizing"))
