"""The soak: what it makes of its samples, and a short one on a real service."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import inputs, soak
from bench.ours import service


def sample(done: int, seconds: float, megabytes: int) -> soak.Sample:
    return soak.Sample(done, seconds, {"front": megabytes * 1_000_000, "workers": 0, "pandoc": 0}, files=done // 100)


def test_memory_is_compared_between_the_first_and_the_last_tenth() -> None:
    samples = [
        sample(40, 1, 900),
        sample(90, 2, 100),
        sample(110, 3, 120),
        sample(500, 4, 700),
        sample(920, 5, 150),
        sample(990, 6, 180),
    ]
    row = soak.summary(samples, 1000)
    assert (row["early"], row["late"]) == (110_000_000, 165_000_000)
    assert row["memory_ratio"] == pytest.approx(1.5)
    assert row["most_memory"] == 900_000_000
    assert (row["early_files"], row["late_files"]) == (1, 9)


def test_the_rate_of_each_tenth() -> None:
    """Ten a second in the first half, five in the second."""
    samples = [sample(done, done / 10 if done <= 50 else 5 + (done - 50) / 5, 1) for done in range(1, 101)]
    rates = soak.rates(samples, 100)
    assert [each for each, _ in rates] == [5, 15, 25, 35, 45, 55, 65, 75, 85, 95]
    assert [rate for _, rate in rates] == pytest.approx([10.0] * 5 + [5.0] * 5)


def test_too_few_samples_are_refused() -> None:
    with pytest.raises(SystemExit, match="too few"):
        soak.summary([sample(1000, 1, 1)], 1000)


def test_a_short_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soak, "INTERVAL", 0.05)
    with service(soak.CLIENTS) as running:
        work = soak.Soak(running)
        work.run(inputs.copies(inputs.EXAMPLE, 2, tmp_path), 6)
    assert len(work.times) == 6
    assert not work.failed
    last = work.samples[-1]
    assert all(bytes_ > 1_000_000 for bytes_ in last.memory.values()), "front, workers and pandocs are distinguished"
    assert last.files > 5
