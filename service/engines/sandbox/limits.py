"""The rights that a worker gives up before it reads bytes of a client: files, network, other processes, memory, time.

Modes (setting `sandbox`): `strict` refuses to start if a mechanism is missing. `auto` uses what the kernel has and
reports it on /readyz. `off` keeps only the resource limits. Everything works without privileges (Landlock: 0.4 ms, measured).
Every worker tests its sandbox before its first document: `workers.sandbox_test`.
"""

from __future__ import annotations

import contextlib
import resource
import signal
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from service.engines.sandbox import landlock, seccomp
from service.model import extensions, font_files
from service.model.profiles import house
from service.model.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
LARGEST_FILE = 256 << 20
NOWHERE = Path("/dev/null")

# Read-only: programs, libraries, fonts and their configuration. No /etc as a whole, no home, no data folder.
SYSTEM = (
    "/usr", "/lib", "/lib64", "/bin", "/etc/fonts", "/etc/mime.types", "/etc/ld.so.cache", "/etc/localtime",
    "/var/cache/fontconfig", "/dev/urandom", "/proc/self",
)  # fmt: skip


def die_with_parent() -> None:
    """Call it first in a child: the kernel kills the child when the thread that started it ends."""
    landlock.prctl(landlock.PR_SET_PDEATHSIG, signal.SIGKILL)


def caches(settings: Settings) -> Path:
    """The folder of fontconfig's cache: written while a worker starts, read-only afterwards."""
    return Path(settings.data_dir) / "cache" / "fontconfig"


def readable() -> list[Path]:
    packages = [Path(path) for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
    own = [ROOT / "service", ROOT / "schemas", Path(sys.prefix), Path(sys.base_prefix), *packages, *extensions.folders()]
    own += [folder for folder in [house.configured(), font_files.configured()] if folder and folder.is_dir()]
    return [Path(path) for path in SYSTEM] + own


def limit_resources(settings: Settings) -> None:
    """Address space, file size, open files, no core. CPU time is bounded by the deadlines, which kill.

    If the machine runs out of memory, the kernel ends a worker first and not the front.
    """
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")
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


def enter(settings: Settings, folder: Path, programs: Iterable[Path]) -> dict[str, Any]:
    """Applies all limits but the ban on new processes, which comes after the start of pandoc: see `seal`.

    Only `folder` stays writable, and only `programs` can be started until then. Returns the limits that
    hold, for /readyz. Raises OSError in mode strict.
    """
    limit_resources(settings)
    holds: dict[str, Any] = {"mode": settings.sandbox, "landlock": 0, "seccomp": False, "sealed": False}
    if settings.sandbox == "off":
        return holds
    landlock.no_new_privileges()
    with _optional(settings):
        landlock.drop_capabilities()
    with _optional(settings):
        holds["landlock"] = landlock.restrict([*readable(), caches(settings)], [folder, NOWHERE], programs)
    with _optional(settings):
        holds["seccomp"] = seccomp.allow_starting()
    return holds


def seal(settings: Settings) -> bool:
    """Forbids to start programs and all system calls that the engines do not need. Returns whether that holds.

    A worker may fork: forks print the sections of a long document. They are killed together with the worker.
    """
    if settings.sandbox == "off":
        return False
    with _optional(settings):
        return seccomp.allow_working()
    return False


def seal_child(settings: Settings) -> None:
    """In pandoc's process, before it executes pandoc: it ends with the worker, starts no process and sends no signals."""
    die_with_parent()
    if settings.sandbox != "off":
        with _optional(settings):
            seccomp.allow_pandoc()


@contextlib.contextmanager
def _optional(settings: Settings) -> Iterator[None]:
    """Leaves out what the kernel does not have, except in mode strict."""
    try:
        yield
    except OSError:
        if settings.sandbox == "strict":
            raise
