"""The process of a full validator: `python -m service.workers.validation FOLDER`, one file, then it ends.

FOLDER has `file` and `request.json` (validator, name, claims, seconds, sandbox, ace), receives `report.json`, and is the only
folder that the process may write to. It has no network, and limits of memory, CPU time and file size. The front kills it at its
deadline. A Java machine runs inside this process. Ace starts Node.js and a browser in an isolated process.
"""

from __future__ import annotations

import contextlib
import json
import resource
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from service.engines.sandbox import landlock, limits, namespaces
from service.inspect import ace, validators

MEMORY = 6 << 30  # of address space: a Java machine reserves more than it uses; its heap has a limit of its own
PROGRAM_MEMORY = 2 << 30  # of data of one process of a browser, which reserves address space without end
LARGEST_FILE = 64 << 20
OF_JAVA = ("/etc/java-*", "/etc/alternatives", "/sys/fs/cgroup", "/proc")
OF_BROWSER = (
    "/etc/chromium*", "/etc/alternatives", "/opt/google", "/proc", "/sys/devices/system/cpu", "/dev/random", "/etc/ssl",
)  # fmt: skip
PROGRAMS = ("/usr", "/bin", "/lib*", "/opt/google")
SHARED = ("/dev/null", "/dev/shm")  # noqa: S108 (of the process apart)
Given = Mapping[str, Any]


def _limit(given: Given, memory: tuple[int, int]) -> None:
    seconds = int(given["seconds"]) + 1
    files = ((resource.RLIMIT_FSIZE, LARGEST_FILE), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_NOFILE, 512))
    for which, value in (memory, *files, (resource.RLIMIT_CPU, seconds)):
        resource.setrlimit(which, (value, value))


def _present(patterns: tuple[str, ...]) -> list[Path]:
    return [path for pattern in patterns for path in Path("/").glob(pattern.lstrip("/"))]


def restrict(folder: Path, given: Given) -> None:
    """For a Java machine in this process. Raises OSError in the sandbox mode strict where a mechanism is missing."""
    limits.die_with_parent()
    _limit(given, (resource.RLIMIT_AS, MEMORY))
    if given["sandbox"] == "off":
        return
    landlock.no_new_privileges()
    with contextlib.nullcontext() if given["sandbox"] == "strict" else contextlib.suppress(OSError):
        landlock.drop_capabilities()
        landlock.restrict([*limits.readable(), *_present(OF_JAVA)], [folder, limits.NOWHERE], [])


def restrict_browser(folder: Path, given: Given) -> None:
    """For an isolated process: the programs of the system, the folder of Ace, and TCP inside an empty network."""
    _limit(given, (resource.RLIMIT_DATA, PROGRAM_MEMORY))
    landlock.no_new_privileges()
    with contextlib.nullcontext() if given["sandbox"] == "strict" else contextlib.suppress(OSError):
        landlock.drop_capabilities()
        seen = [*map(Path, limits.SYSTEM), *_present(OF_BROWSER), Path(given["ace"])]
        landlock.restrict(seen, [folder, *map(Path, SHARED)], _present(PROGRAMS), speaks_tcp=True)


def with_java(folder: Path, given: Given) -> None:
    restrict(folder, given)
    kind = "pdf" if given["validator"] == "verapdf" else "epub"
    _report(folder, lambda: validators.validate(kind, str(folder / given["name"]), given["claims"], str(folder)))


def with_browser(folder: Path, given: Given) -> None:
    """Without its own sandbox a browser is not started, unless the operator switched the sandbox off."""
    limits.die_with_parent()

    def run() -> None:
        if given["sandbox"] != "off":
            restrict_browser(folder, given)
        _report(folder, lambda: ace.validate(str(folder / given["name"]), given["claims"], str(folder), given["ace"]))

    try:
        namespaces.run_apart(run)
    except OSError as error:
        if given["sandbox"] == "off":
            run()
        else:
            _write(folder, {"problem": f"this machine permits no namespaces for it: {error.strerror}"})


RUNS: Mapping[str, Callable[[Path, Given], None]] = {"verapdf": with_java, "epubcheck": with_java, "ace": with_browser}


def _report(folder: Path, validate: Callable[[], dict[str, Any]]) -> None:
    try:
        report = validate()
    except ModuleNotFoundError:
        report = {"problem": "not installed"}
    except Exception as error:  # a validator may raise anything
        report = {"problem": f"it failed: {type(error).__name__}"}
    _write(folder, report)


def _write(folder: Path, report: Mapping[str, Any]) -> None:
    (folder / "report.json").write_text(json.dumps(report), encoding="utf-8")


def main(folder: Path) -> None:
    given = json.loads((folder / "request.json").read_text(encoding="utf-8"))
    RUNS[given["validator"]](folder, given)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
