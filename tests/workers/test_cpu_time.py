"""The cost of a conversion is the use of its processes, with pandoc."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from schemas import options
from service.model import codec
from service.model.document import Source
from service.model.errors import DeadlineExceeded
from service.model.settings import Settings
from service.workers import cpu_time
from service.workers.cancellation import Cancellation
from service.workers.pool import WorkerPool

BURN = "import time\nwhile time.process_time() < {}: pass\nprint(time.process_time(), flush=True)\ninput()"


def test_of_a_child_alive_and_ended() -> None:
    argv = [sys.executable, "-c", BURN.format(0.3)]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        before = time.process_time()
        used = float(child.stdout.readline())
        alive = cpu_time.spent(child.pid) - before
        assert alive == pytest.approx(used, abs=0.2)
        child.communicate("\n", timeout=10)
        assert cpu_time.spent(child.pid) >= used


@pytest.fixture
def pool(settings: Settings) -> Iterator[WorkerPool]:
    made = WorkerPool(settings, spares=0)
    yield made
    made.stop()


def read(pool: WorkerPool, text: str, cancellation: Cancellation, deadline: float | None = None) -> None:
    blobs = codec.Blobs()
    header = {
        "source": codec.pack_source(Source("a.md", text.encode()), blobs),
        "conversion": codec.pack_conversion(options.load(("docx",), {})),
    }
    pool.call("read", header, blobs, deadline, cancellation)


def test_a_conversion_is_charged_with_what_it_used(pool: WorkerPool) -> None:
    short, long = Cancellation(), Cancellation()
    read(pool, "# Short", Cancellation())
    read(pool, "# Short", short)
    read(pool, "# Long\n\n" + "A *word* and [another](https://a.example).\n\n" * 5_000, long)
    assert 0 < short.cpu < long.cpu < 20
    once = long.cpu
    read(pool, "# Short", long)
    assert long.cpu > once


def test_one_that_is_killed_is_charged_with_its_time(pool: WorkerPool) -> None:
    cancellation = Cancellation()
    with pytest.raises(DeadlineExceeded):
        read(pool, "A *word* and [another](https://a.example).\n\n" * 90_000, cancellation, 0.4)
    assert cancellation.cpu >= 0.4
