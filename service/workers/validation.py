"""The process of a full validator: `python -m service.workers.validation FOLDER`, one file, then it ends.

FOLDER has `file` and `request.json` (kind, claims, seconds, sandbox), gets `report.json`, and is all that the process may write
to. It has no network, starts no program, and limits of memory, CPU time and file size. The front kills it at its deadline.
"""

from __future__ import annotations

import contextlib
import json
import resource
import sys
from pathlib import Path
from typing import Any

from service.engines.sandbox import landlock, limits
from service.inspect import validators

MEMORY = 6 << 30  # of address space: a Java machine reserves more than it uses; its heap has a limit of its own
LARGEST_FILE = 64 << 20
OF_JAVA = ("/etc/java-*", "/etc/alternatives", "/sys/fs/cgroup", "/proc")


def restrict(folder: Path, given: dict[str, Any]) -> None:
    """Raises OSError in the sandbox mode strict where a mechanism is missing."""
    limits.die_with_parent()
    for which, value in (
        (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_FSIZE, LARGEST_FILE), (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, int(given["seconds"]) + 1), (resource.RLIMIT_NOFILE, 512),
    ):  # fmt: skip
        resource.setrlimit(which, (value, value))
    if given["sandbox"] == "off":
        return
    landlock.no_new_privileges()
    java = [path for pattern in OF_JAVA for path in Path("/").glob(pattern.lstrip("/"))]
    with contextlib.nullcontext() if given["sandbox"] == "strict" else contextlib.suppress(OSError):
        landlock.drop_capabilities()
        landlock.restrict([*limits.readable(), *java], [folder, limits.NOWHERE], [])


def main(folder: Path) -> None:
    given = json.loads((folder / "request.json").read_text(encoding="utf-8"))
    restrict(folder, given)
    try:
        report = validators.validate(given["kind"], str(folder / given["name"]), given["claims"], str(folder))
    except ModuleNotFoundError:
        report = {"problem": "not installed"}
    except Exception as error:  # of Java, whatever its code stumbles over
        report = {"problem": f"it failed: {type(error).__name__}"}
    (folder / "report.json").write_text(json.dumps(report), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
