"""A network of its own for the fetcher: run below `unshare`, with a name server and a web server that answers on every address.

One address is public; servers on the others are canaries. Prints as JSON the result of each URL, and the servers reached.
"""

from __future__ import annotations

import fcntl
import json
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from collections import Counter, defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from service.model.errors import ColophonError, ForbiddenUrl
from service.model.settings import Settings
from service.network.fetcher import Fetcher
from service.network.pages import PageFetcher
from tests.network.test_fetcher import PIXEL

PUBLIC = "93.184.216.34"
INSIDE = ("10.0.0.1", "169.254.169.254", "192.168.1.1")
# What a name is said to be, the first time and afterwards: a rebinding name changes its mind.
NAMES: dict[str, tuple[tuple[str, ...], ...]] = {
    "good.example": ((PUBLIC,),),
    "rebinding.example": ((PUBLIC,), ("127.0.0.1",)),
    "rebinding-later.example": ((PUBLIC,), (PUBLIC,), ("169.254.169.254",)),
    "mixed.example": ((PUBLIC, "10.0.0.1"),),
    "six.example": ((PUBLIC, "::1"),),
    "loopback.example": (("127.0.0.1",),),
    "metadata.example": (("169.254.169.254",),),
    "mapped.example": (("::ffff:127.0.0.1",),),
    "nat64.example": (("64:ff9b::7f00:1",),),
    "sixtofour.example": (("2002:7f00:1::",),),
    "unique-local.example": (("fd00::1",),),
    "unspecified.example": (("0.0.0.0",),),
}
SPELLINGS = (
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "017700000001", "0177.0.0.1", "0", "0.0.0.0", "[::1]",
    "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:7f00:0001]", "[64:ff9b::7f00:1]", "[::127.0.0.1]",
    "[fe80::1%25lo]", "localhost", "localhost.", "LOCALHOST", "①②⑦.⓪.⓪.①", "127。0。0。1", "good.example@127.0.0.1",
    "127.0.0.1#@good.example", "127.0.0.1\\@good.example", "good.example%2f@127.0.0.1", "10.0.0.1", "169.254.169.254",
    "192.168.1.1", "%31%32%37.0.0.1", "127.0.0.1:80", "127.0.0.1%00.good.example", "127.0.0.1\t.good.example",
    *sorted(NAMES.keys() - {"good.example", "rebinding.example"}),
)  # fmt: skip
asked: defaultdict[str, int] = defaultdict(int)
hits: Counter[str] = Counter()


class Everywhere(BaseHTTPRequestHandler):
    """Answers with a picture, or redirects to what stands after `/to?`."""

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        hits[self.connection.getsockname()[0].removeprefix("::ffff:")] += 1
        _, _, target = self.path.partition("/to?")
        self.send_response(302 if target else 200)
        if target:
            self.send_header("Location", target)
        self.send_header("Content-Length", "0" if target else str(len(PIXEL)))
        self.end_headers()
        self.wfile.write(b"" if target else PIXEL)


class DualStack(ThreadingHTTPServer):
    address_family = socket.AF_INET6
    daemon_threads = True


def answer(query: bytes) -> bytes:
    """A DNS answer (RFC 1035) for one question, by NAMES."""
    labels, place = [], 12
    while length := query[place]:
        labels.append(query[place + 1 : place + 1 + length].decode())
        place += length + 1
    kind, name = struct.unpack("!H", query[place + 1 : place + 3])[0], ".".join(labels).lower()
    minds = NAMES.get(name)
    if minds is None:
        return query[:2] + b"\x81\x83" + query[4:6] + bytes(6) + query[12 : place + 5]
    mind = minds[min(asked[name], len(minds) - 1)]
    asked[name] += kind == 1
    family = {1: socket.AF_INET, 28: socket.AF_INET6}.get(kind)
    found = [each for each in mind if family == (socket.AF_INET6 if ":" in each else socket.AF_INET)]
    records = b""
    for each in found:
        packed = socket.inet_pton(socket.AF_INET6 if ":" in each else socket.AF_INET, each)
        records += b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 0, len(packed)) + packed
    return query[:2] + b"\x81\x80" + query[4:6] + struct.pack("!HHH", len(found), 0, 0) + query[12 : place + 5] + records


def serve_names(server: socket.socket) -> None:
    while True:
        query, who = server.recvfrom(512)
        server.sendto(answer(query), who)


def give_addresses() -> None:
    """Loopback up, and the addresses of PUBLIC and INSIDE on it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, 0x8914, struct.pack("16sh14x", b"lo", 0x1 | 0x40))  # SIOCSIFFLAGS: up, running
        for number, each in enumerate((PUBLIC, *INSIDE)):
            name = struct.pack("16sH2s4s8x", f"lo:{number}".encode(), socket.AF_INET, b"", socket.inet_aton(each))
            fcntl.ioctl(control, 0x8916, name)  # SIOCSIFADDR


def main() -> None:
    give_addresses()
    with tempfile.TemporaryDirectory() as folder:
        names = Path(folder, "resolv.conf")
        names.write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n", encoding="ascii")
        subprocess.run(["mount", "--bind", names, "/etc/resolv.conf"], check=True)
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        server.bind(("127.0.0.1", 53))
        threading.Thread(target=serve_names, args=(server,), daemon=True).start()
        web = DualStack(("::", 80), Everywhere)
        threading.Thread(target=web.serve_forever, daemon=True).start()
        print(json.dumps(tried(folder)))
        sys.stdout.flush()


def tried(folder: str) -> dict[str, Any]:
    # A host that is slow once is left alone for a minute; here each URL is a host of its own trial.
    def problem(url: str) -> str:
        (asset,) = Fetcher(Settings(data_dir=folder, fetch_timeout=3.0, fetch_deadline=4.0, fetch_cache=0))([url])
        return asset.problem if asset.data != PIXEL else ""

    def page(url: str) -> str:
        try:
            PageFetcher(Settings(data_dir=folder, fetch_timeout=3.0, fetch_deadline=4.0))([url])
        except ColophonError as error:
            return f"{'blocked' if isinstance(error, ForbiddenUrl) else 'missing'}: {error.detail}"
        return ""

    good = {name: problem(f"http://{name}/a.png") for name in ("good.example", "rebinding.example")}
    rebound = asked["rebinding.example"]
    direct = {host: problem(f"http://{host}/a.png") for host in SPELLINGS if host != "rebinding-later.example"}
    redirected = {host: problem(f"http://good.example/to?http://{host}/a.png") for host in SPELLINGS if "#" not in host}
    return {
        "good": good, "direct": direct, "redirected": redirected, "hits": dict(hits),
        "rebinding was asked": rebound,
        "again": problem("http://rebinding.example/a.png"),
        "pages": {host: page(f"http://{host}/a") for host in SPELLINGS if host != "rebinding-later.example"},
        "redirected pages": {host: page(f"http://good.example/to?http://{host}/a") for host in SPELLINGS if "#" not in host},
    }  # fmt: skip


if __name__ == "__main__":
    main()
