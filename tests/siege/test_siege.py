"""A small dose: some seconds, few clients. `python -m tests.siege` is the long one."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import urllib3

from tests.servers import colophon
from tests.siege import attack as room
from tests.siege import slow_clients
from tests.siege.__main__ import LIMITS, by_kind, grown, missed_goals
from tests.siege.attack import Tally, attack, p99
from tests.siege.census import Census, census, settled

SMALL = {**LIMITS, "read_deadline": 2, "write_deadline": 4, "inspect_deadline": 2, "workers": 1, "head_timeout": 3}


def test_a_small_siege(tmp_path: Path) -> None:
    with colophon(tmp_path, sandbox="strict", **SMALL) as server:
        attack(server, 1, 2, 1, 0.0)
        before = settled(server, census(server))
        assert before.processes >= 4
        assert before.workers > before.front > 10_000_000
        tally = attack(server, 6, 4, 1, 0.5, slow=2)
        assert tally.wrong == []
        kinds = {kind for kind, _, _ in tally.counts}
        assert kinds == {"good", "bad", "quiet", "slow"}
        assert tally.health.times
        assert tally.counts["good", 200, "ok"]
        after = settled(server, before)
    assert after.processes == before.processes
    assert not [line for line in grown(before, after) if "grew" not in line]


def test_what_is_wrong_is_reported() -> None:
    small, large = Census(5, 100, 100, 30), Census(7, 200, 900, 90)
    assert len(grown(small, large)) == 3
    assert grown(small, small) == []


def test_faults_are_counted_by_kind() -> None:
    stands = [f"half a body: the connection stands for {number} s" for number in (61, 62, 63, 64)]
    wrong = [
        *stands,
        "an article: 0 ConnectionResetError",
        "an article: 0 ConnectionResetError",
        "an article: 500 internal-error",
    ]
    lines = by_kind(wrong)
    assert [line.partition(" ")[0] for line in lines] == ["4", "2", "1"]
    assert "61 s" in lines[0] and "64 s" not in lines[0]
    assert by_kind([]) == []


def test_an_answer_that_did_not_come_names_its_cause() -> None:
    reset = urllib3.exceptions.ProtocolError("Connection aborted.", ConnectionResetError(104, "reset"))
    assert room._cause(reset) == "ConnectionResetError"
    assert room._cause(urllib3.exceptions.HTTPError("text")) == "HTTPError"


def test_goals() -> None:
    alone, siege = Tally(times=[1.0]), Tally(times=[2.0])
    siege.health.times = [0.01, 0.09]
    assert missed_goals(alone, siege) == []
    siege.times, siege.health.times = [3.0], [0.2]
    assert len(missed_goals(alone, siege)) == 2


class Lazy:
    """A service that accepts connections and says nothing, or what it has to say."""

    def __init__(self, says: bytes) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.says, self.base = says, f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                made, _ = self.listener.accept()
                with made:
                    made.sendall(self.says)


@pytest.mark.parametrize(
    ("says", "wrong"),
    [
        (b"", False),
        (b"HTTP/1.1 408 Request Timeout\r\n\r\n", False),
        (b"HTTP/1.1 503 Unavailable\r\nRetry-After: 1\r\n\r\n", False),
        (b"HTTP/1.1 503 Unavailable\r\n\r\n", True),
        (b"HTTP/1.1 500 Internal Server Error\r\n\r\n", True),
    ],
)
def test_what_slow_clients_hear(says: bytes, wrong: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow_clients, "TICK", 0.05)
    server: Any = Lazy(says)
    heard = list[tuple[int, str, str]]()
    slow_clients.hold(server, "127.0.10.1", time.monotonic() + 1, lambda *each: heard.append(each))
    server.listener.close()
    assert {name for _, name, _ in heard} >= set(slow_clients.SLOW) - {"an answer without a reader"}
    assert any(reported for _, _, reported in heard) == wrong


def test_a_connection_that_stands_too_long_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow_clients, "TICK", 0.05)
    monkeypatch.setattr(slow_clients, "STANDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server: Any = SimpleNamespace(base=f"http://127.0.0.1:{listener.getsockname()[1]}")
        heard = list[tuple[int, str, str]]()
        slow_clients.hold(server, "127.0.10.1", time.monotonic() + 2, lambda *each: heard.append(each))
    wrong = {name for _, name, reported in heard if reported}
    assert wrong == {name for name, kind in slow_clients.SLOW.items() if kind.ends}


def test_stages_of_server_timing() -> None:
    assert room.stages_of("convert;desc=pdf;dur=52.0, wait;dur=1.5, total;dur=60.0") == {
        "convert": 0.052,
        "wait": 0.0015,
        "total": 0.06,
    }
    assert room.stages_of("") == {}


def test_p99() -> None:
    assert p99([]) == 0
    assert p99([3.0]) == 3
    assert p99([float(n) for n in range(1, 101)]) == 99


def test_no_answer_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_asked", lambda *_, **__: room.Answer(500, "internal-error"))
    tally = Tally()
    assert room._good(None, tally, "good", "docx", None).status == 500  # type: ignore[arg-type]
    room._bad(None, tally, room.ROWS[0], None)  # type: ignore[arg-type]
    assert len(tally.wrong) == 2
