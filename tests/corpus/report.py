"""The results of a folder of articles, by their tags: `python -m tests.corpus.report [FOLDER] [--to epub]`.

FOLDER holds *.md and perhaps index.jsonl, whose lines name a file and its tags. Prints one row a tag: articles, failures,
articles with faults (see `test_articles.faults`), and how many carry each notice.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from schemas import options
from service.conversion import driver
from service.model.document import Source
from service.model.errors import ColophonError
from service.model.settings import Settings
from service.workers.pool import WorkerPool
from tests.conftest import corpus_dir
from tests.corpus.test_articles import faults, unreachable


@dataclass
class Row:
    articles: int = 0
    failed: list[str] = field(default_factory=list)
    faulty: list[str] = field(default_factory=list)
    notices: Counter[str] = field(default_factory=Counter)


def tags_of(folder: Path) -> dict[str, list[str]]:
    index = folder / "index.jsonl"
    lines = map(json.loads, index.read_text(encoding="utf-8").splitlines()) if index.is_file() else ()
    return {str(line.get("file", line.get("name", ""))): [str(tag) for tag in line.get("tags", ())] for line in lines}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=corpus_dir())
    parser.add_argument("--to", default="epub")
    given = parser.parse_args()
    tags, rows = tags_of(given.folder), defaultdict[str, Row](Row)
    with tempfile.TemporaryDirectory() as data:
        pool = WorkerPool(Settings(data_dir=data, queue_wait=3600.0))

        def one(file: Path) -> tuple[Path, list[str], list[str], str]:
            try:
                source = Source(file.name, file.read_bytes())
                (artifact,) = driver.convert(source, options.defaults(given.to, verify="full"), pool, unreachable).artifacts
            except ColophonError as error:
                return file, [], [], error.code
            return file, [notice.code for notice in artifact.notices], list(faults(file, artifact)), ""

        with ThreadPoolExecutor(pool.size) as threads:
            for file, codes, found, problem in threads.map(one, sorted(given.folder.glob("*.md"))):
                for tag in ["(all)", *tags.get(file.name, [])]:
                    row = rows[tag]
                    row.articles += 1
                    row.notices.update(set(codes))
                    row.failed += [f"{file.name}: {problem}"] if problem else []
                    row.faulty += [f"{file.name}: {fault}" for fault in found[:1]]
        pool.stop()
    for tag, row in sorted(rows.items()):
        reported = ", ".join(f"{code} {count}" for code, count in row.notices.most_common(6))
        print(f"{tag:32} {row.articles:5} articles {len(row.failed):3} failed {len(row.faulty):3} faulty   {reported}")
    for line in (*rows["(all)"].failed, *rows["(all)"].faulty):
        print(line)
    return bool(rows["(all)"].failed or rows["(all)"].faulty)


if __name__ == "__main__":
    sys.exit(main())
