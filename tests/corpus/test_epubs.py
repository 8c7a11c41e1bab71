"""EPUBs of real articles, by epubcheck: no error and no warning."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from service.conversion import driver
from service.model.document import Conversion, Source
from service.model.settings import Settings
from service.workers.pool import WorkerPool
from tests.corpus.test_articles import unreachable

CHECKER = Path(__file__).parents[1] / "writers" / "check_epub.py"


@pytest.mark.skipif(not shutil.which("java"), reason="no Java for epubcheck (Debian: default-jre-headless)")
def test_validator_finds_nothing(corpus: list[Path], conversion: Callable[..., Conversion], tmp_path: Path) -> None:
    pool = WorkerPool(Settings(data_dir=str(tmp_path / "data"), workers=2, queue_wait=600.0))

    def make(file: Path) -> Path:
        outcome = driver.convert(Source(file.name, file.read_bytes()), conversion("epub", toc=True), pool, unreachable)
        path = tmp_path / outcome.artifacts[0].name
        path.write_bytes(outcome.artifacts[0].data)
        return path

    with ThreadPoolExecutor(3) as threads:
        books = list(threads.map(make, corpus[::2]))
    pool.stop()
    done = subprocess.run([sys.executable, CHECKER, *books], capture_output=True, check=True, text=True)
    found = {Path(path).name: messages for path, messages in json.loads(done.stdout.splitlines()[-1]).items() if messages}
    assert not found
