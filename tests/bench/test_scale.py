"""The site on loopback: a handful of articles through one worker, a kill, and books that notice what is wrong."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bench import books, inputs, scale, site

MISSING = site.missing()


@pytest.mark.skipif(bool(MISSING), reason=f"Debian packages are missing: {', '.join(MISSING)}")
@pytest.mark.timeout(600)
def test_a_handful_with_one_worker(tmp_path: Path) -> None:
    result = scale.run(1, inputs.copies(inputs.EXAMPLE, 6, tmp_path), "epub")
    assert (result.failed, result.costs["rows of items"], result.costs["blobs"]) == (0, 6, 12)
    assert result.costs["rows of jobs"] == scale.FRONTS, "each front accepted one"
    assert result.costs["rows written"] > 6 * 3, "each item is made, claimed and ended at least"
    assert all(result.costs[f"CPU of {name}"] >= 0 for name in ("fronts", "workers", "PostgreSQL", "Redis", "S3 (moto)"))
    assert result.row(result)["rate"] > 0


def part(since: float, killed: Counter[str], name: str) -> Any:
    return SimpleNamespace(since=since, kill=lambda: killed.update([name]))


def test_what_was_started_a_moment_ago_is_not_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.monotonic", lambda: 100.0)
    killed: Counter[str] = Counter()
    running: Any = SimpleNamespace(
        workers=[part(10.0, killed, "old"), part(95.0, killed, "new")],
        fronts={"http://a": part(99.0, killed, "front")},
        broker=None,
        broker_since=95.0,
    )
    assert {scale.kill_one(running, random.Random(seed)) for seed in range(9)} == {"worker"}
    assert killed == {"old": 9}
    running.workers.clear()
    assert scale.kill_one(running, random.Random(1)) == ""


def test_jobs_reach_each_front() -> None:
    articles = [Path(str(number)) for number in range(250)]
    assert [len(part) for part in scale._jobs(articles)] == [100, 100, 50]
    assert [len(part) for part in scale._jobs(articles[:7])] == [4, 3]


def test_a_ratio_to_one_worker() -> None:
    costs = {"CPU of workers": 10.0, "CPU of fronts": 2.0, "rows of items": 100.0, "retries": 3.0}
    one, three = scale.Run(1, 100, seconds=10.0, costs=costs), scale.Run(3, 200, seconds=8.0, costs=costs)
    row = three.row(one)
    assert (row["rate"], row["scale"], row["core_seconds"], row["retries"]) == (25.0, 2.5, 0.06, 3)
    assert one.row(one)["scale"] is None


class FakeClient:
    def __init__(self, *endings: str) -> None:
        self.endings = endings

    def events(self, job_id: str) -> list[Any]:
        reported = [SimpleNamespace(kind="item.succeeded", data={"item_id": each}) for each in self.endings]
        return [
            SimpleNamespace(kind="item.running", data={"item_id": "a"}),
            *reported,
            SimpleNamespace(kind="job.succeeded", data={}),
        ]


@pytest.mark.parametrize("endings", [("a",), ("a", "b", "b")], ids=["one is missing", "one ended twice"])
def test_books_that_are_wrong(endings: tuple[str, ...]) -> None:
    job: Any = SimpleNamespace(id="job_1", total=2)
    right: Any = FakeClient("a", "b")
    books._ended_once(right, job)
    wrong: Any = FakeClient(*endings)
    with pytest.raises(SystemExit, match="endings in job_1"):
        books._ended_once(wrong, job)
