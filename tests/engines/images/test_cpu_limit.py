"""Work in a process of its own, ended by the kernel when its seconds are used."""

from __future__ import annotations

import os
import time

import pytest

from service.engines.images import cpu_limit


def spin() -> bytes:
    while True:
        pass


def test_the_answer_comes_back() -> None:
    data = bytes(range(256)) * 10_000
    allowance = cpu_limit.Allowance()
    assert allowance.run(lambda: data) == data
    assert 0 < allowance.seconds <= cpu_limit.SECONDS_IN_ALL


def test_what_uses_its_seconds_is_ended_and_charged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cpu_limit, "SECONDS", 1)
    allowance = cpu_limit.Allowance(seconds=1.9)
    with pytest.raises(cpu_limit.TooSlow):
        allowance.run(spin)
    assert 0 < allowance.seconds < 1
    with pytest.raises(cpu_limit.TooSlow):  # no second is left
        allowance.run(lambda: b"never made")


def test_an_error_is_reported() -> None:
    def fail() -> bytes:
        raise ValueError("it is no picture")

    with pytest.raises(cpu_limit.Failed, match="it is no picture"):
        cpu_limit.Allowance().run(fail)


def test_a_busy_machine_waits_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process without CPU in time is given up, and ends by its own limit."""
    monkeypatch.setattr(cpu_limit, "LEFT", [])  # apart from what other tests left behind
    allowance = cpu_limit.Allowance()
    with monkeypatch.context() as patch:
        patch.setattr(cpu_limit, "WAIT", 0.2)
        with pytest.raises(cpu_limit.Busy):
            allowance.run(lambda: time.sleep(1) or b"late")
    (left,) = cpu_limit.LEFT
    os.waitid(os.P_PID, left, os.WEXITED | os.WNOWAIT)
    assert allowance.run(lambda: b"x" * 100_000)
    assert not cpu_limit.LEFT
