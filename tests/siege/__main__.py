"""`python -m tests.siege [--minutes 10] [--clients 50] [--slow 20] [--one-host] [--quota N]`: ends with 1 where something went
wrong.

The same quiet clients are timed three times: alone, next to a crowd with good articles, and under attack. /healthz is requested
five times a second all the while. Each client has an address of its own; with `--one-host` all attackers share one. With
`--quota`, keys are requested, and all attackers share one with that number of conversions at once. `--no-goals` does not hold
the times to their goals: for a machine that is busy with other things.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests import canary
from tests.servers import COLOPHON, Server, colophon
from tests.siege.attack import Headers, Tally, attack, p99
from tests.siege.census import Census, census, settled

LIMITS = {"read_deadline": 5, "write_deadline": 10, "inspect_deadline": 5, "fetch_deadline": 3, "cache": 0}
GROWTH = 1.3  # of the front's memory between the crowd's end and the siege's
SPARE_FILES = 20
SLOWER = 2.5  # the p99 of quiet clients under siege, to that of quiet clients alone
SAMPLES = 3  # of one kind of fault
NUMBER = re.compile(r"\d++(?:\.\d++)?(?= ?s\b)")  # seconds
ALIVE = 0.1  # seconds for any answer of /healthz


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.siege")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--slow", type=int, default=20, help="clients that hold nine slow connections each")
    parser.add_argument("--no-goals", action="store_true", help="report times, and do not compare them with the goals")
    parser.add_argument("--bad", type=float, default=0.5, help="share of the clients that send bad inputs")
    parser.add_argument("--quota", type=int, default=0, help="conversions at once of all attackers together")
    parser.add_argument("--one-host", action="store_true", help="all attackers come from one address")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    given = parser.parse_args()
    keys = {"keys": "required"} if given.quota else {}
    with (
        tempfile.TemporaryDirectory() as name,
        colophon(Path(name), sandbox="strict", **LIMITS, **keys) as server,
    ):
        wrong = besiege(server, Path(name), given)
    for line in by_kind(wrong):
        print("WRONG", line)
    return 1 if wrong else 0


def besiege(server: Server, folder: Path, given: argparse.Namespace) -> list[str]:
    """Prints all of it on standard output; returns what failed."""
    seconds, whose = given.minutes * 60, _keys(folder, given.quota)
    short = min(30.0, seconds / 3)
    alone = attack(server, short, 0, given.seed, 0.0, **whose)
    crowd = attack(server, short, given.clients, given.seed, 0.0, **whose)
    before = settled(server, census(server))
    print(
        f"seed {given.seed}, {given.clients} clients, a share of {given.bad} with bad input, {given.slow} slow ones,"
        f" {seconds:.0f} s"
    )
    siege = attack(server, seconds, given.clients, given.seed, given.bad, **whose, one_host=given.one_host, slow=given.slow)
    after = settled(server, before)
    for name, tally in (("alone", alone), ("crowd", crowd), ("siege", siege)):
        reported(name, tally)
    print(f"p99 of the quiet clients under siege: {_ratio(siege, alone)} of alone, {_ratio(siege, crowd)} of the crowd")
    for name, found in (("before", before), ("after", after)):
        print(
            f"{name}: {found.processes} processes, front {found.front / 1e6:.0f} MB with {found.files} files,"
            f" workers {found.workers / 1e6:.0f} MB"
        )
    late = [] if given.no_goals else missed_goals(alone, siege)
    return [*alone.wrong, *crowd.wrong, *siege.wrong, *late, *grown(before, after)]


def by_kind(wrong: Sequence[str]) -> list[str]:
    """One line for each kind of fault, the most frequent first: how often, and some of it where the numbers differ."""
    kinds: dict[str, list[str]] = {}
    for line in wrong:
        kinds.setdefault(NUMBER.sub("N", line), []).append(line)
    found = sorted(kinds.values(), key=len, reverse=True)
    return [f"{len(lines)} × {'; '.join(list(dict.fromkeys(lines))[:SAMPLES])}" for lines in found]


def _keys(folder: Path, quota: int) -> Mapping[str, Headers | None]:
    """Headers of the good and of the bad."""
    return {"good_key": _key(folder), "bad_key": _key(folder, "--conversions", str(quota))} if quota else {}


def _key(folder: Path, *limits: str) -> Headers:
    argv = [COLOPHON, "keys", "create", "siege", *limits]
    done = subprocess.run(argv, env={"COLOPHON_DATA_DIR": str(folder)}, capture_output=True, text=True, check=True, timeout=60)
    return {"X-API-Key": done.stdout.strip()}


def reported(name: str, tally: Tally) -> None:
    times = sorted(tally.times)
    middle = times[len(times) // 2] if times else 0.0
    print(f"{name}: quiet clients {len(times)} articles, median {middle * 1000:.0f} ms, p99 {p99(times) * 1000:.0f} ms")
    for stage, seconds in tally.stages.items():
        print(f"  {stage:10} median {sorted(seconds)[len(seconds) // 2] * 1000:.0f} ms, p99 {p99(seconds) * 1000:.0f} ms")
    if health := tally.health.times:
        print(f"  /healthz: {len(health)} answers, p99 {p99(health) * 1000:.0f} ms, worst {max(health) * 1000:.0f} ms")
    for (kind, status, code), count in sorted(tally.counts.items()):
        print(f"  {kind:6} {status:3} {code:28} {count}")


def _ratio(one: Tally, other: Tally) -> str:
    return f"{p99(one.times) / p99(other.times):.1f} times" if one.times and other.times else "(none was served)"


def missed_goals(alone: Tally, siege: Tally) -> list[str]:
    """The times under siege that are longer than their goals."""
    found = []
    if p99(siege.times) > SLOWER * p99(alone.times):
        found.append(f"the p99 of the quiet clients is {_ratio(siege, alone)} of alone, more than {SLOWER}")
    if late := [each for each in siege.health.times if each > ALIVE]:
        found.append(f"/healthz took more than {ALIVE} s {len(late)} times, {max(late):.2f} s at worst")
    return found


def grown(before: Census, after: Census) -> list[str]:
    """The leftovers of the siege."""
    found = []
    if after.processes > before.processes:
        found.append(f"{after.processes - before.processes} processes were left behind")
    if after.files > before.files + SPARE_FILES:
        found.append(f"{after.files - before.files} files were left open")
    if after.front > before.front * GROWTH:
        found.append(f"the front grew from {before.front / 1e6:.0f} to {after.front / 1e6:.0f} MB")
    if hits := canary.hits():
        found.append(f"the canary was called {hits} times")
    return found


if __name__ == "__main__":
    sys.exit(main())
