"""Us and every peer that is installed, in turn, on the same articles: `python -m bench`.

Writes bench/results.json, bench/RESULTS.md and a picture; a quick run writes to out/bench instead, for what it measures is
only that everything works. The machine should be idle.
"""

from __future__ import annotations

import argparse
import shlex
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from bench import inputs, measure, peers, results
from bench.parts import PARTS
from bench.plan import QUICK, Bench, Sizes


def main() -> None:
    given = _parser().parse_args()
    only = given.only.split(",") if given.only else list(PARTS)
    if unknown := [name for name in only if name not in PARTS]:
        raise SystemExit(f"unknown parts: {', '.join(unknown)}; known: {', '.join(PARTS)}")
    sizes = QUICK if given.quick else Sizes()
    if given.runs:
        sizes = replace(sizes, runs=given.runs)
    chosen = peers.chosen(given.peers.split(",") if given.peers else [])
    measure.adopt()
    versions = peers.versions(chosen)
    for name, needs in peers.absent().items():
        print(f"{name} is not compared: {', '.join(needs)} is missing (bench/setup)", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="colophon-bench-", ignore_cleanup_errors=True) as folder:
        bench = Bench(
            inputs=inputs.find(given.article, given.corpus),
            sizes=sizes,
            peers=chosen,
            absent=peers.absent(),
            results=results.Results(trial=given.quick),
            folder=Path(folder),
            made=results.made(shlex.join(["python", "-m", "bench", *_reported(given)]), versions),
        )
        for name in only:
            began = time.monotonic()
            PARTS[name](bench)
            print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr)
    print(bench.results.page.read_text(encoding="utf-8"))


def _reported(given: argparse.Namespace) -> list[str]:
    """The command line without paths, which are private."""
    words = [f"--{name}={value}" for name in ("only", "peers", "runs") if (value := getattr(given, name))]
    return words + (["--quick"] if given.quick else [])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--article", type=Path, help="the one article [COLOPHON_SEED, ../shared/seed, else the example]")
    parser.add_argument("--corpus", type=Path, help="folder of many [COLOPHON_CORPUS, ../shared/corpus, else the example]")
    parser.add_argument("--only", default="", help=f"parts, separated by commas [{','.join(PARTS)}]")
    parser.add_argument("--peers", default="", help="peers by the beginnings of their names, separated by commas [all]")
    parser.add_argument("--runs", type=int, default=0, help=f"runs with the one article [{Sizes().runs}]")
    parser.add_argument("--quick", action="store_true", help="a few of everything, to see that it works")
    return parser


if __name__ == "__main__":
    main()
