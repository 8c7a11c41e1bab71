"""The self-test of the sandbox: each worker tries the forbidden things, itself and by its pandoc, before it is ready.

What is tried is harmless where it succeeds. In mode `strict` a worker that could do any of it does not start; else
/readyz, the metrics and `colophon doctor` tell what was not refused.
"""

from __future__ import annotations

import os
import resource
import socket
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from service.config import Settings
from service.engines.pandoc import Pandoc


def _read_a_file(_: Settings) -> None:
    Path("/etc/passwd").read_bytes()


def _list_the_data_folder(settings: Settings) -> None:
    list(Path(settings.data_dir).iterdir())


def _write_outside(settings: Settings) -> None:
    with tempfile.TemporaryFile(dir=settings.data_dir):
        pass


def _change_the_program(_: Settings) -> None:
    with Path(__file__).open("ab"):
        pass


def _open_a_tcp_socket(_: Settings) -> None:
    socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()


def _open_a_udp_socket(_: Settings) -> None:
    socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).close()


def _open_a_unix_socket(_: Settings) -> None:
    socket.socket(socket.AF_UNIX, socket.SOCK_STREAM).close()


def _start_a_program(_: Settings) -> None:
    subprocess.run(["/bin/true"], check=True)


def _leave_the_group(_: Settings) -> None:
    """By a child, for the worker itself leads a group and can't: whoever left would outlive a deadline."""
    pid = os.fork()
    if not pid:
        try:
            os.setsid()
        except PermissionError:
            os._exit(1)
        os._exit(0)
    if os.waitpid(pid, 0)[1]:
        raise PermissionError("a session of its own")


def _signal_the_parent(_: Settings) -> None:
    os.kill(os.getppid(), 0)


def _raise_a_limit(_: Settings) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard + 1))
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


ATTEMPTS: Mapping[str, Callable[[Settings], None]] = {
    "read /etc/passwd": _read_a_file,
    "list the data folder": _list_the_data_folder,
    "write outside": _write_outside,
    "change the program": _change_the_program,
    "open a TCP socket": _open_a_tcp_socket,
    "open a UDP socket": _open_a_udp_socket,
    "open a Unix socket": _open_a_unix_socket,
    "start a program": _start_a_program,
    "leave the group": _leave_the_group,
    "signal the parent": _signal_the_parent,
    "raise a limit": _raise_a_limit,
}
# Those of worker.lua.
PANDOC_ATTEMPTS = ("read /etc/passwd", "write outside", "start a program", "read from a program", "fetch a URL")


def names() -> list[str]:
    """Every attempt by the name under which it is reported."""
    return [*(f"worker: {name}" for name in ATTEMPTS), *(f"pandoc: {name}" for name in PANDOC_ATTEMPTS)]


def refused(settings: Settings, pandoc: Pandoc) -> dict[str, bool]:
    """For each forbidden thing, whether the sandbox refuses it here and now. Raises PermissionError in mode strict."""
    found = {f"worker: {name}": _is_refused(attempt, settings) for name, attempt in ATTEMPTS.items()}
    tried = pandoc.attempt(settings.data_dir)
    found |= {f"pandoc: {name}": tried.get(name, False) for name in PANDOC_ATTEMPTS}
    if settings.sandbox == "strict" and not all(found.values()):
        raise PermissionError(f"the sandbox does not refuse: {', '.join(name for name, holds in found.items() if not holds)}")
    return found


def warnings(holds: Mapping[str, Any]) -> list[str]:
    """A sentence where the sandbox of a worker, told by `holds`, is less than it should be."""
    if holds.get("mode") == "off":
        return ["The sandbox is off."]
    open_ways = [name for name, is_refused in holds.get("refused", {}).items() if not is_refused]
    return [f"The sandbox does not refuse: {', '.join(open_ways)}."] if open_ways else []


def _is_refused(attempt: Callable[[Settings], None], settings: Settings) -> bool:
    try:
        attempt(settings)
    except PermissionError:
        return True
    except ValueError as error:  # so Python has it where a limit may not be raised
        return "raise maximum limit" in str(error)
    except (OSError, subprocess.SubprocessError):
        return False
    return False
