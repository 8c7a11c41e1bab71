"""`python -m tests.siege.probe HOST PORT`: asks /healthz five times a second until its input closes, and prints what came.

It is a process of its own: in the process of the attack it would measure the attack's threads. Each question has a connection
of its own, as those of Kubernetes have.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import select
import subprocess
import sys
import time
from collections.abc import Iterator

from tests.servers import Server

EVERY = 0.2  # seconds
PATIENCE = 10.0


class Health:
    """`times`: seconds of each answer; `failed`: what came in place of a 200."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.failed: list[str] = []


@contextlib.contextmanager
def watched(server: Server) -> Iterator[Health]:
    """Asks as long as the block runs; what came is there after it."""
    found = Health()
    host, port = server.base.removeprefix("http://").split(":")
    argv = [sys.executable, "-m", "tests.siege.probe", host, port]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield found
        finally:
            reported, _ = process.communicate("", PATIENCE + 60)
            found.times, found.failed = json.loads(reported)


def ask(host: str, port: int) -> str:
    """Nothing, or what came in place of a 200."""
    connection = http.client.HTTPConnection(host, port, timeout=PATIENCE)
    try:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException) as error:
        return f"/healthz: {error!r}"
    finally:
        connection.close()
    return "" if answer.status == 200 else f"/healthz: {answer.status}"


def main(host: str, port: int) -> None:
    times, failed = list[float](), list[str]()
    while True:
        started = time.monotonic()
        wrong = ask(host, port)
        times.append(round(time.monotonic() - started, 4))
        if wrong:
            failed.append(wrong)
        if select.select([sys.stdin], [], [], max(0.0, started + EVERY - time.monotonic()))[0]:
            break
    sys.stdout.write(json.dumps([times, failed]))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
