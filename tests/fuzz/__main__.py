"""`python -m tests.fuzz --minutes 30 [--seed N] [--target NAME]`: ends with 1 where something was found, and keeps it."""

from __future__ import annotations

import argparse
import hashlib
import logging
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from service.model.settings import Settings
from service.workers.pool import WorkerPool
from tests.fuzz.targets import TARGETS, Finding, damaged_file, tried

LIMITS = {"read_deadline": 5.0, "write_deadline": 10.0, "inspect_deadline": 5.0}
CONTRACT_SHARE = 0.2


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    parser.add_argument("--target", choices=list(TARGETS), action="append")
    parser.add_argument("--out", type=Path, default=Path("fuzz-findings"))
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        pool = WorkerPool(Settings(data_dir=folder, workers=1, sandbox="strict", **LIMITS))
        try:
            share = 1.0 if given.target else 1 - CONTRACT_SHARE
            found = damage(pool, given.target or list(TARGETS), given.seed, given.minutes * 60 * share, given.out)
        finally:
            pool.stop(5)
    if not given.target:
        found += contract(given.minutes)
    return 1 if found else 0


def damage(pool: WorkerPool, names: list[str], seed: int, seconds: float, out: Path) -> int:
    """Rounds over all targets until the time is up; answers how many findings there were."""
    end, number, found = time.monotonic() + seconds, 0, 0
    outcomes: dict[str, Counter[str]] = {name: Counter() for name in names}
    slowest = dict.fromkeys(names, 0.0)
    while time.monotonic() < end:
        name = names[number % len(names)]
        chance = random.Random(f"{seed} {number}")
        number += 1
        data = damaged_file(TARGETS[name], chance)
        started = time.monotonic()
        try:
            outcomes[name][tried(TARGETS[name], data, chance, pool)] += 1
        except Finding as finding:
            found += 1
            outcomes[name]["FOUND"] += 1
            print(f"{name} #{number - 1} of seed {seed}: {finding}\n  kept as {keep(out, name, data)}", flush=True)
        slowest[name] = max(slowest[name], time.monotonic() - started)
    print(f"seed {seed}: {number} files, {found} findings")
    for name, counted in outcomes.items():
        print(f"  {name:14} slowest {slowest[name]:5.1f} s  {dict(counted.most_common())}")
    return found


def keep(out: Path, name: str, data: bytes) -> Path:
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{name.replace(' ', '-')}-{hashlib.sha256(data).hexdigest()[:12]}{Path(TARGETS[name].name).suffix}"
    path.write_bytes(data)
    return path


def contract(minutes: float) -> int:
    """schemathesis, with more examples than the suite has."""
    examples = str(max(20, int(minutes * 15)))
    argv = [sys.executable, "-m", "pytest", "-q", "--timeout=3600", "tests/web/test_contract.py"]
    return subprocess.run(argv, env={**os.environ, "COLOPHON_FUZZ_EXAMPLES": examples}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
