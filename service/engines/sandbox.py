"""What a worker gives up before it sees a stranger's bytes: files, network, other processes, memory and time without end.

Modes (setting `sandbox`): `strict` refuses to start where a mechanism is missing, `auto` takes what the kernel offers and
says so on /readyz, `off` keeps only the resource limits. All of it works without privileges (research: Landlock 0.4 ms).
"""

from __future__ import annotations

import os
import resource
import signal
import site
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import orjson

from service.config import Settings
from service.engines import landlock

ROOT = Path(__file__).resolve().parent.parent.parent
LARGEST_FILE = 256 << 20
NOWHERE = Path("/dev/null")

# Read-only: programs, libraries, fonts and their configuration. No /etc as a whole, no home, no data folder.
SYSTEM = (
    "/usr", "/lib", "/lib64", "/bin", "/etc/fonts", "/etc/mime.types", "/etc/ld.so.cache", "/etc/localtime",
    "/var/cache/fontconfig", "/dev/urandom", "/proc/self",
)  # fmt: skip


def die_with_parent() -> None:
    """In a child, before anything else: SIGKILL when the thread that started it ends."""
    landlock.prctl(landlock.PR_SET_PDEATHSIG, signal.SIGKILL)


def caches(settings: Settings) -> Path:
    """Where fontconfig keeps what it knows of the fonts: written while a worker warms up, read-only afterwards."""
    return Path(settings.data_dir) / "cache" / "fontconfig"


def readable() -> list[Path]:
    own = [ROOT / "service", ROOT / "schemas", Path(sys.prefix), Path(sys.base_prefix), *map(Path, site.getsitepackages())]
    return [Path(path) for path in SYSTEM] + own


def limit_resources(settings: Settings) -> None:
    """Address space, file size, open files, no core. CPU time is bounded by the deadlines, which kill."""
    used = _address_space()
    _lower(resource.RLIMIT_AS, used + settings.worker_memory)
    _lower(resource.RLIMIT_FSIZE, LARGEST_FILE)
    _lower(resource.RLIMIT_NOFILE, 256)
    _lower(resource.RLIMIT_CORE, 0)


def _address_space() -> int:
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
    return int(pages) * resource.getpagesize()


def _lower(which: int, value: int) -> None:
    _, hard = resource.getrlimit(which)
    allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (allowed, allowed))


def enter(settings: Settings, folder: Path) -> dict[str, Any]:
    """Everything but the ban on starting programs, which comes after pandoc has been started: see `seal`.

    `folder` is the only place that stays writable. Answers what holds, for /readyz. Raises OSError in mode strict.
    """
    limit_resources(settings)
    holds: dict[str, Any] = {"mode": settings.sandbox, "landlock": 0, "seccomp": False}
    if settings.sandbox == "off":
        return holds
    landlock.no_new_privileges()
    steps: Mapping[str, Callable[[], Any]] = {
        "landlock": lambda: landlock.restrict([*readable(), caches(settings)], [folder, NOWHERE]),
        "seccomp": lambda: landlock.forbid(landlock.NETWORKING),
    }
    for name, step in steps.items():
        try:
            holds[name] = step()
        except OSError:
            if settings.sandbox == "strict":
                raise
    return holds


def seal(settings: Settings) -> bool:
    """No program can be started and no other process signalled from here on. Answers whether that holds."""
    if settings.sandbox == "off":
        return False
    try:
        landlock.forbid(landlock.STARTING | landlock.SIGNALLING)
    except OSError:
        if settings.sandbox == "strict":
            raise
        return False
    return True


# The self-test: forbidden things, tried in a child. True means that the attempt was refused.


def _read_secret() -> None:
    Path("/etc/passwd").read_bytes()


def _open_socket() -> None:
    socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()


def _open_datagram() -> None:
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()


def _start_program() -> None:
    subprocess.run(["/bin/true"], check=True)


def _write_outside() -> None:
    with tempfile.TemporaryFile(dir="/var/tmp"):
        pass


def _signal_parent() -> None:
    os.kill(os.getppid(), 0)


ATTEMPTS: Mapping[str, Callable[[], None]] = {
    "read /etc/passwd": _read_secret,
    "open a TCP socket": _open_socket,
    "open a UDP socket": _open_datagram,
    "start a program": _start_program,
    "write outside": _write_outside,
    "signal another process": _signal_parent,
}


def self_test(settings: Settings) -> dict[str, bool]:
    """For each forbidden thing, whether the sandbox refuses it here and now."""
    with tempfile.TemporaryDirectory() as folder:
        argv = [sys.executable, "-m", "service.engines.sandbox", folder]
        done = subprocess.run(
            argv,
            input=orjson.dumps(dict(settings)),
            capture_output=True,
            cwd=ROOT,
            env={"LANG": "C.UTF-8"},
            timeout=30,
            check=False,
        )
    return dict(orjson.loads(done.stdout)) if done.returncode == 0 else dict.fromkeys(ATTEMPTS, False)


def main(folder: Path) -> None:
    """Inside the child of the self-test."""
    settings = Settings(**orjson.loads(sys.stdin.buffer.read()))
    enter(settings, folder)
    seal(settings)
    sys.stdout.buffer.write(orjson.dumps({name: _refused(attempt) for name, attempt in ATTEMPTS.items()}))


def _refused(attempt: Callable[[], None]) -> bool:
    try:
        attempt()
    except (PermissionError, subprocess.SubprocessError):
        return True
    except OSError:
        return False
    return False


if __name__ == "__main__":
    main(Path(sys.argv[1]))
