"""Processes that start at the same word: each says "ready", waits for a line, prints a number, and may wait for another line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROCESSES = 3


def racer(script: str, *arguments: str) -> subprocess.Popen[str]:
    argv = [sys.executable, "-c", script, *arguments]
    return subprocess.Popen(argv, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def go(racer: subprocess.Popen[str]) -> None:
    assert racer.stdin is not None
    racer.stdin.write("go\n")
    racer.stdin.flush()


def reported(racer: subprocess.Popen[str]) -> str:
    assert racer.stdout is not None
    return racer.stdout.readline().strip()


def raced(script: str, *arguments: str) -> list[int]:
    """The output of each; no process ends before all have printed."""
    racers = [racer(script, *arguments) for _ in range(PROCESSES)]
    try:
        assert [reported(each) for each in racers] == ["ready"] * PROCESSES
        for each in racers:
            go(each)
        return [int(reported(each)) for each in racers]
    finally:
        for each in racers:
            each.communicate("end\n", timeout=60)
