"""A small dose: some seconds, few clients. `python -m tests.siege` is the long one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.servers import colophon
from tests.siege import attack as room
from tests.siege.__main__ import LIMITS, grown
from tests.siege.attack import Tally, attack, p99
from tests.siege.census import Census, census, settled

SMALL = {**LIMITS, "read_deadline": 2, "write_deadline": 4, "inspect_deadline": 2, "workers": 1}


def test_a_small_siege(tmp_path: Path) -> None:
    with colophon(tmp_path, sandbox="strict", **SMALL) as server:
        attack(server, 1, 2, 1, 0.0)
        before = settled(server, census(server))
        assert before.processes >= 4
        assert before.workers > before.front > 10_000_000
        tally = attack(server, 5, 4, 1, 0.5)
        assert tally.wrong == []
        kinds = {kind for kind, _, _ in tally.counts}
        assert kinds == {"good", "bad", "quiet"}
        assert tally.counts["good", 200, "ok"]
        after = settled(server, before)
    assert after.processes == before.processes
    assert not [line for line in grown(before, after) if "grew" not in line]


def test_what_is_wrong_is_told() -> None:
    small, large = Census(5, 100, 100, 30), Census(7, 200, 900, 90)
    assert len(grown(small, large)) == 3
    assert grown(small, small) == []


def test_p99() -> None:
    assert p99([]) == 0
    assert p99([3.0]) == 3
    assert p99([float(n) for n in range(1, 101)]) == 99


def test_no_answer_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_asked", lambda *_, **__: (500, "internal-error", 0.0))
    tally = Tally()
    assert room._good(None, tally, "good", "docx", None) is False  # type: ignore[arg-type]
    room._bad(None, tally, room.ROWS[0], None)  # type: ignore[arg-type]
    assert len(tally.wrong) == 2
