"""How long a conversion takes in a warm service, over HTTP: `python -m bench.warm ARTICLE [--runs 20]`.

Starts `colophon serve` on a free loopback port with an empty data folder and no cache, sends the article once to
warm up, then measures each format in turn. Prints medians and the spread; writes nothing.
"""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import urllib3

COLOPHON = Path(sys.executable).parent / "colophon"
FORMATS = ("docx", "epub", "pdf")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def service(**settings: str) -> Iterator[str]:
    """The base URL of a service of our own, stopped afterwards."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        environ = os.environ | {"COLOPHON_DATA_DIR": folder, "COLOPHON_CACHE": "off"} | settings
        process = subprocess.Popen([COLOPHON, "serve", "--port", str(port)], env=environ, stderr=subprocess.DEVNULL)
        try:
            base = f"http://127.0.0.1:{port}"
            wait_until_ready(base)
            yield base
        finally:
            process.terminate()
            process.wait(30)


def wait_until_ready(base: str, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if urllib3.request("GET", f"{base}/readyz", retries=False, timeout=2).status == 200:
                return
        except urllib3.exceptions.HTTPError:
            pass
        time.sleep(0.1)
    raise SystemExit("the service did not become ready")


def convert(pool: urllib3.PoolManager, base: str, article: Path, to: str, **options: str) -> tuple[float, int]:
    """Seconds and bytes of one conversion."""
    form = {"file": (article.name, article.read_bytes(), "text/markdown"), "to": to, **options}
    started = time.perf_counter()
    answer = pool.request("POST", f"{base}/v1/convert", fields=form)
    seconds = time.perf_counter() - started
    if answer.status != 200:
        raise SystemExit(f"{to}: {answer.status} {answer.data[:500]!r}")
    return seconds, len(answer.data)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("article", type=Path)
    parser.add_argument("--runs", type=int, default=20)
    arguments = parser.parse_args()
    with service() as base, urllib3.PoolManager() as pool:
        for to in FORMATS:
            for _ in range(3):
                convert(pool, base, arguments.article, to, images="link")
            times, sizes = zip(
                *(convert(pool, base, arguments.article, to, images="link") for _ in range(arguments.runs)), strict=True
            )
            median = statistics.median(times) * 1000
            print(
                f"{to:5} median {median:6.1f} ms   min {min(times) * 1000:6.1f}   max {max(times) * 1000:6.1f}   {sizes[0]} bytes"
            )


if __name__ == "__main__":
    main()
