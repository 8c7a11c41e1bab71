"""Whether PDFs hold what they claim: `python -m bench.pdf_claims [--kind mutated|articles|specimens] [--part 1/4]`.

Each document is converted in each variant. Each claim of its file is checked by veraPDF: 0 may be false. The time is CPU time of
reading and writing, the variants in turn for each document. A part prints its rows; the whole is saved in bench/RESULTS.md.
"""

from __future__ import annotations

import argparse
import json
import resource
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from bench import inputs
from bench.results import Results, made
from schemas import options
from service.engines import Engines
from service.engines.pandoc.process import Pandoc
from service.model.document import Source
from service.model.settings import Settings
from service.pipeline import steps
from tests.writers import mutated_articles
from tests.writers.test_pdf_claims import profiles_of
from tests.writers.test_pdf_variants import failures
from tools import specimens

NUMBER = 500
BATCH = 100  # claims checked by one Java machine
COLUMNS = ("of", "variant", "runs", "claiming", "claims", "false", "cpu", "to_default", "bytes")


class Given(NamedTuple):
    """A document to convert, and the options that it is converted with."""

    name: str
    source: Source
    raw: Mapping[str, object]


@dataclass
class Row:
    """The cost and the claims of one variant, for all documents of a kind."""

    runs: int = 0
    claiming: int = 0
    claims: int = 0
    false: int = 0
    cpu: float = 0.0  # seconds
    bytes: int = 0
    broken: Counter[str] = field(default_factory=Counter)


def mutated() -> Iterator[Given]:
    for seed in range(NUMBER):
        yield Given(f"{seed}", mutated_articles.article(seed, undescribed=seed % 5 == 0), mutated_articles.options_of(seed))


def articles() -> Iterator[Given]:
    for path in inputs.find().corpus:
        yield Given(path.stem, Source(path.name, path.read_bytes()), {"images": "link"})


def of_specimens() -> Iterator[Given]:
    for name in sorted(specimens.SPECIMENS):
        yield Given(name, specimens.source(name), specimens.SPECIMENS[name].options)


KINDS: Mapping[str, tuple[Callable[[], Iterator[Given]], tuple[str, ...]]] = {
    "mutated": (mutated, ("", "pdf/ua-2", "pdf/a-2a+ua-1", "pdf/a-3u+ua-1", "pdf/a-4f+ua-2")),
    "articles": (articles, ("", "pdf/a-4f+ua-2")),
    "specimens": (of_specimens, ("", "pdf/ua-2", "pdf/a-2a+ua-1", "pdf/a-3u+ua-1", "pdf/a-4f+ua-2")),
}


def cpu() -> float:
    """CPU seconds of this process and of those that it waited for."""
    used = [resource.getrusage(each) for each in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def measure(given: Sequence[Given], variants: Sequence[str], engines: Engines, folder: Path) -> dict[str, Row]:
    rows = {variant: Row() for variant in variants}
    arguments: dict[str, str] = {}
    for number, each in enumerate(given):
        first = number % len(variants)  # the first one fills caches for the others
        for variant in (*variants[first:], *variants[:first]):
            row = rows[variant]
            recipe = options.load(("pdf",), {**each.raw, "pdf_variant": variant})
            began = cpu()
            data = steps.write(steps.read(each.source, recipe, engines), recipe, "pdf", engines).data
            row.cpu += cpu() - began
            path = folder / f"{each.name}-{variant.replace('/', '-')}.pdf"
            path.write_bytes(data)
            profiles = profiles_of(data)
            arguments |= {f"{profile}={path}": variant for profile in profiles}
            row.runs, row.claiming, row.claims = row.runs + 1, row.claiming + bool(profiles), row.claims + len(profiles)
            row.bytes += len(data)
    for start in range(0, len(arguments), BATCH):
        for argument, found in failures(list(arguments)[start : start + BATCH]).items():
            rows[arguments[argument]].false += bool(found)
            rows[arguments[argument]].broken.update(f"{Path(argument).name}: {rule}" for rule in found)
    return rows


def reported(kind: str, rows: Mapping[str, Row]) -> list[dict[str, object]]:
    base = rows[""]
    return [
        {
            "of": kind, "variant": variant or "none", "runs": row.runs, "claiming": row.claiming, "claims": row.claims,
            "false": row.false, "cpu": row.cpu, "to_default": row.cpu / base.cpu, "bytes": row.bytes // row.runs,
        }
        for variant, row in rows.items()
    ]  # fmt: skip


def run(kind: str, part: int, parts: int) -> list[dict[str, object]]:
    load, variants = KINDS[kind]
    given = list(load())[part - 1 :: parts]
    with tempfile.TemporaryDirectory(prefix="colophon-claims-") as folder:
        settings = Settings(data_dir=folder, workers=1)
        pandoc = Pandoc(settings)
        try:
            rows = measure(given, variants, Engines(pandoc=pandoc, settings=settings), Path(folder))
        finally:
            pandoc.close()
    for variant, row in rows.items():
        for rule, count in row.broken.most_common():
            print(f"  {kind} {variant}: {count} × {rule}")
    return reported(kind, rows)


def joined(files: Sequence[Path]) -> list[dict[str, object]]:
    """The rows of several parts as one for each kind and variant."""
    found: dict[str, dict[str, Row]] = {}
    for path in files:
        for line in json.loads(path.read_text(encoding="utf-8")):
            row = found.setdefault(line["of"], {}).setdefault(line["variant"].removeprefix("none"), Row())
            for name in ("runs", "claiming", "claims", "false", "cpu"):
                setattr(row, name, getattr(row, name) + line[name])
            row.bytes += line["bytes"] * line["runs"]
    return [line for kind, rows in found.items() for line in reported(kind, rows)]


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is stopped then too
    parser = argparse.ArgumentParser(prog="python -m bench.pdf_claims", description=__doc__)
    parser.add_argument("--kind", choices=sorted(KINDS), action="append")
    parser.add_argument("--part", default="1/1", help="the first of four: 1/4")
    parser.add_argument("--rows", type=Path, help="write the rows of this part to a file")
    parser.add_argument("--join", type=Path, nargs="+", help="save the rows of these files, measure nothing")
    given = parser.parse_args()
    part, _, parts = given.part.partition("/")
    origin = made("python -m bench.pdf_claims")
    rows = joined(given.join) if given.join else [
        row for kind in given.kind or KINDS for row in run(kind, int(part), int(parts))
    ]  # fmt: skip
    if given.rows:
        given.rows.write_text(json.dumps(rows), encoding="utf-8")
    else:
        notes = [
            "mutated: articles from seeds, with pictures without a description, levels skipped, tables without heads, and more."
        ]
        notes += ["articles: real ones. specimens: examples/specimens. to the default: CPU time over that of no variant."]
        Results().save("pdf_claims", "Claims of PDF files, by veraPDF", columns=COLUMNS, rows=rows, notes=notes, made=origin)
    for row in rows:
        print(" ".join(f"{name}={value}" for name, value in row.items()))
    if any(row["false"] for row in rows):
        raise SystemExit("A file claims what does not hold.")


if __name__ == "__main__":
    main()
