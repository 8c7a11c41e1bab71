"""The results of real files: `python -m bench.real_files FOLDER…` converts each to EPUB and compares the words.

The words of an upload are found by short rules of this file, which share no code with the readers: the character data of
XML and packages, the cells of a notebook, the lines of a text without its commands. Words count as kept in the chapters, in
the metadata of the EPUB, and in the data of the notices. Where more than a small share of the letters is missing and no
notice says so, the file is listed with its first missing words. The table counts files by format:
files, converted, refused (4xx), failed (5xx), missing (letters missing without a notice).

The rules ask for too much rather than too little, so a file in the list is a suspicion. Equal bytes count once.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from bench.words_of_files import FORMATS, WORD, kept, words
from schemas import options
from service.conversion import driver
from service.model.document import Asset, Source
from service.model.errors import ColophonError
from service.model.settings import Settings
from service.workers.pool import WorkerPool

FEW, SHARE = 20, 0.005  # letters, and of all letters, that may be missing without a row in the list
LARGEST = 3_000_000  # bytes of a file that is tried


@dataclass
class Row:
    """The files of one format."""

    files: int = 0
    converted: int = 0
    refused: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    letters: int = 0


def unreachable(urls: Sequence[str]) -> list[Asset]:
    """No image is fetched: the words are compared."""
    return [Asset(url, problem="missing: the run uses no network") for url in urls]


def files(folders: Iterable[Path], each: int) -> list[Path]:
    """The files below `folders` with a known suffix, each content once; at most `each` of a format, always the same."""
    found: defaultdict[str, dict[str, Path]] = defaultdict(dict)
    for folder in folders:
        for path in sorted(folder.rglob("*") if folder.is_dir() else [folder]):
            row = FORMATS.get(path.suffix.lower())
            if row and path.is_file() and 0 < path.stat().st_size <= LARGEST:
                found[row[0]].setdefault(hashlib.sha256(path.read_bytes()).hexdigest(), path)
    chosen = []
    for name in sorted(found):
        paths = list(found[name].values())
        chosen += sorted(random.Random(7).sample(paths, each)) if each and len(paths) > each else paths
    return chosen


def judged(path: Path, pool: WorkerPool, row: Row) -> None:
    """Converts the file and notes in `row` what became of it."""
    data = path.read_bytes()
    try:
        artifact = driver.convert(Source(path.name, data), options.defaults("epub"), pool, unreachable).artifacts[0]
    except ColophonError as error:
        place = f" line {error.places[0].line}" if getattr(error, "places", None) and error.places[0].line else ""
        (row.failed if error.status >= 500 else row.refused).append(f"{path}: {error.status} {error.code}{place}: {error}")
        return
    row.converted += 1
    given = words(FORMATS[path.suffix.lower()][1](data))
    lost = given - kept(artifact)
    count, total = sum(len(each) * n for each, n in lost.items()), sum(len(each) * n for each, n in given.items())
    codes = {each.code for each in artifact.notices}
    if count > max(FEW, SHARE * total) and "text-missing" not in codes:
        row.letters += count
        first = " ".join(each for each in dict.fromkeys(WORD.findall(" ".join(lost))))[:160]
        row.missing.append(f"{path}: {count:,} of {total:,} letters; {', '.join(sorted(codes)) or 'no notice'}: {first}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path, help="folders of files, or files")
    parser.add_argument("--each", type=int, default=0, help="at most this number of files of a format [all]")
    parser.add_argument("--threads", type=int, default=2, help="conversions at a time [2]")
    given = parser.parse_args()
    rows: defaultdict[str, Row] = defaultdict(Row)
    with tempfile.TemporaryDirectory() as folder:
        # A busy machine is not a fault of a file.
        slow = Settings(data_dir=folder, queue_wait=3600.0, read_deadline=300.0, write_deadline=300.0)
        pool = WorkerPool(slow)

        def one(path: Path) -> None:
            row = rows[FORMATS[path.suffix.lower()][0]]
            row.files += 1
            try:
                judged(path, pool, row)
            except Exception as error:  # a fault of the rules in this file must not end the run
                print(f"{path}: not judged: {error!r}", file=sys.stderr)

        with ThreadPoolExecutor(given.threads) as threads:
            list(threads.map(one, files(given.folders, given.each)))
        pool.stop()
    print("| format | files | converted | refused | failed | missing | letters |\n|---|---|---|---|---|---|---|")
    for name, row in sorted(rows.items()):
        cells = (row.files, row.converted, len(row.refused), len(row.failed), len(row.missing), row.letters)
        print(f"| {name} | {' | '.join(f'{cell:,}' for cell in cells)} |")
    for name, row in sorted(rows.items()):
        for kind, lines in (("refused", row.refused), ("failed", row.failed), ("missing", row.missing)):
            for line in sorted(lines):
                print(f"{kind} {name} {line}")


if __name__ == "__main__":
    main()
