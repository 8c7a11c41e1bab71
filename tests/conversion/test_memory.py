"""Freed memory goes back to the system, shown by a process of its own: what holds in this one would hold for all tests."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import service.conversion.converter
from service.conversion import memory
from service.model.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
# This number of threads takes bodies, all at once, as those of a front do; what it prints are the bytes that stay resident.
BODIES = """
import os, sys, threading
from service.conversion import memory as allocator

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")

def take():
    for size in (6_000_000, 4_000_000, 3_000_000):
        body = b"x" * size
        together.wait()
        small = [b"y" * 1000 for _ in range(100)]
        del body

if sys.argv[1] == "returned":
    assert allocator.give_back()
together = threading.Barrier(17)
threads = [threading.Thread(target=take) for _ in range(16)]
before = resident()
for thread in threads:
    thread.start()
for _ in range(3):
    together.wait()
for thread in threads:
    thread.join()
print(resident() - before)
"""


# Small blocks, of which each fiftieth stays: the megabytes resident before and after a trim.
FRAGMENTS = """
import os
from service.conversion import memory

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE") // 1_000_000

blocks = [bytes(3_000) for _ in range(20_000)]
blocks = blocks[::50]
before = resident()
memory.trim()
print(before - resident())
"""


def kept(how: str, **environ: str) -> int:
    argv = [sys.executable, "-c", BODIES, how]
    env = {name: value for name, value in os.environ.items() if name not in memory.TUNED} | environ
    return int(subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True, check=True, timeout=60).stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries have no such thresholds")
def test_bodies_leave_nothing_behind() -> None:
    assert kept("returned") < 8_000_000
    assert kept("default") > 12_000_000  # else this test shows nothing


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries have no such function")
def test_free_memory_between_blocks_goes_back() -> None:
    done = subprocess.run([sys.executable, "-c", FRAGMENTS], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert int(done.stdout) > 30


def test_a_front_trims_until_it_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    trims = threading.Semaphore(0)
    monkeypatch.setattr(memory, "trim", trims.release)
    trimmer = memory.Trimmer(0.001)
    trimmer.start()
    assert all(trims.acquire(timeout=60) for _ in range(3))
    trimmer.stop()
    trimmer._thread.join(60)
    assert not trimmer._thread.is_alive()


def test_who_tunes_it_is_not_overruled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MALLOC_TRIM_THRESHOLD_", "1000000")
    assert not memory.give_back()
    assert not memory.trim()


def test_every_front_does_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    calls = list[str]()
    monkeypatch.setattr(memory, "give_back", lambda: calls.append("called"))
    service.conversion.converter.PoolConverter(Settings(data_dir=str(tmp_path))).stop()
    assert calls == ["called"]
