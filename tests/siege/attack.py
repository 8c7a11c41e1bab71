"""The attack itself: clients without pause, with good articles or with what was made to hurt, slow ones that hold connections,
and quiet ones that are timed. /healthz is requested throughout.

Each comes from an address of its own (the whole of 127.0.0.0/8 is loopback), or all attackers from one.
"""

from __future__ import annotations

import functools
import json
import math
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import urllib3

from tests.bad_inputs import OK, ROWS, Row
from tests.servers import Server
from tests.siege.probe import Health, watched
from tests.siege.slow_clients import hold

ARTICLE = (
    "---\ntitle: Small\nlang: en\n---\n\n# Small\n\nSome *words*, a [link](https://a.example/) and a list:\n\n- one\n- two\n"
)
FORMATS = ("docx", "epub", "pdf")
BUSY = (429, 503)  # allowed where Retry-After says when to come again
QUIET = 10  # clients
PAUSE = 5.0  # seconds between two articles of a quiet client: it asks for less than its share of two cores under fifty clients
STAGE = re.compile(r"([a-z]+)(?:;desc=[^;,]*+)?;dur=([\d.]+)")
Headers = dict[str, str]


class Answer(NamedTuple):
    """Status (0 where no answer came), code of the problem or `ok`, Retry-After, and the seconds of each stage."""

    status: int
    code: str
    again: float = 0.0
    stages: Mapping[str, float] = {}


@dataclass
class Tally:
    """`counts`: (kind, status, code) → how often; `times`: seconds of the quiet clients; `stages`: seconds of each stage of
    their requests, as Server-Timing reports them; `health`: of /healthz; `wrong`: what should not have been."""

    counts: Counter[tuple[str, int, str]] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    stages: dict[str, list[float]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    health: Health = field(default_factory=Health)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def served(self, seconds: float, stages: Mapping[str, float]) -> None:
        """Counts an article of a quiet client."""
        with self.lock:
            self.times.append(seconds)
            for name, spent in stages.items():
                self.stages.setdefault(name, []).append(spent)

    def add(self, kind: str, status: int, code: str, wrong: str = "") -> None:
        with self.lock:
            self.counts[kind, status, code] += 1
            if wrong:
                self.wrong.append(wrong)


def p99(times: Sequence[float]) -> float:
    return sorted(times)[max(0, math.ceil(len(times) * 0.99) - 1)] if times else 0.0


def attack(
    server: Server,
    seconds: float,
    clients: int,
    seed: int,
    bad: float = 0.5,
    good_key: Headers | None = None,
    bad_key: Headers | None = None,
    one_host: bool = False,
    slow: int = 0,
) -> Tally:
    """`clients` for `seconds`, a share of `bad` of them with bad inputs, all those from `one_host` or not; `slow` ones that
    hold connections; and the quiet ones."""
    tally, end = Tally(), time.monotonic() + seconds
    hostile = round(clients * bad)

    def client(number: int, ours: Server) -> None:
        chance = random.Random(f"{seed} {number}")
        one: Callable[[], None] = (
            (lambda: _bad(ours, tally, chance.choice(ROWS), bad_key)) if number < hostile
            else (lambda: _good(ours, tally, "good", chance.choice(FORMATS), good_key))
        )  # fmt: skip
        while time.monotonic() < end:
            one()

    with ExitStack() as stack, ThreadPoolExecutor(clients + slow + QUIET) as threads:

        def at(host: int) -> Server:
            pool = urllib3.PoolManager(maxsize=1, source_address=(f"127.0.9.{host}", 0))
            return replace(server, http=stack.enter_context(pool))

        tally.health = stack.enter_context(watched(server))
        running = [threads.submit(_quiet, at(200 + number), tally, end, number, good_key) for number in range(QUIET)]
        hosts = [1 if one_host and number < hostile else 1 + number for number in range(clients)]
        running += [threads.submit(client, number, at(host)) for number, host in enumerate(hosts)]
        running += [
            threads.submit(hold, server, f"127.0.10.{1 + number}", end, functools.partial(tally.add, "slow"))
            for number in range(slow)
        ]
        for done in running:
            done.result()
    tally.wrong += tally.health.failed
    return tally


def _quiet(server: Server, tally: Tally, end: float, number: int, key: Headers | None) -> None:
    """They begin one after the other, so that they do not wait for each other."""
    _pause(end, PAUSE * number / QUIET)
    while time.monotonic() < end:
        started = time.monotonic()
        answer = _good(server, tally, "quiet", FORMATS[number % len(FORMATS)], key)
        if answer.status == 200:
            tally.served(time.monotonic() - started, answer.stages)
        number += 1
        _pause(end, PAUSE)


def _pause(end: float, seconds: float) -> None:
    time.sleep(max(0.0, min(seconds, end - time.monotonic())))


def _good(server: Server, tally: Tally, kind: str, to: str, key: Headers | None) -> Answer:
    answer = _asked(server, "/v1/convert", key, file=("a.md", ARTICLE.encode()), to=to)
    status, code, again, _ = answer
    fine = status == 200 or (status in BUSY and again)
    tally.add(kind, status, code, "" if fine else f"a good article to {to}: {status} {code}")
    if status != 200:
        time.sleep(min(again or 0.1, 1.0))
    return answer


def _bad(server: Server, tally: Tally, row: Row, key: Headers | None) -> None:
    fields = {"to": row.to} if row.path == "/v1/convert" else {}
    status, code, again, _ = _asked(server, row.path, key, file=row.file, **fields, **row.fields)
    fine = code == row.expected or status == 504 or (status in BUSY and again)
    tally.add("bad", status, code, "" if fine else f"{row.name}: {status} {code}")
    if status in BUSY:
        time.sleep(min(again or 0.1, 1.0))


def _asked(server: Server, path: str, key: Headers | None, **fields: object) -> Answer:
    try:
        answer = server.post(path, headers=key, **fields)
    except urllib3.exceptions.HTTPError as error:
        return Answer(0, _cause(error))
    code = OK if answer.status < 400 else str(json.loads(answer.data)["code"])
    again, timing = answer.headers.get("Retry-After", "0"), answer.headers.get("Server-Timing", "")
    return Answer(answer.status, code, float(again), stages_of(timing))


def stages_of(timing: str) -> dict[str, float]:
    """The stages of a Server-Timing header, in seconds."""
    return {name: float(milliseconds) / 1000 for name, milliseconds in STAGE.findall(timing)}


def _cause(error: urllib3.exceptions.HTTPError) -> str:
    """The reason for the end of the connection: the innermost error of urllib3."""
    inner = next((each for each in reversed(error.args) if isinstance(each, BaseException)), error)
    return type(inner).__name__
