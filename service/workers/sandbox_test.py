"""The self-test of the sandbox: before a worker is ready, it and its pandoc try the forbidden actions.

The actions are harmless if they succeed. In mode `strict` a worker that can do one of them does not start. In other modes
/readyz, the metrics and `colophon doctor` report what was not refused.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import resource
import socket
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from service.engines.pandoc.process import Pandoc
from service.engines.sandbox import landlock, seccomp
from service.model.settings import Settings


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
    """In a child, because the worker leads a process group and cannot leave it. One that leaves would outlive a deadline."""
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


def _signal_by_a_file(_: Settings) -> None:
    """F_SETOWN: the kernel then sends SIGIO, or with F_SETSIG any signal, to the process that is named."""
    read, write = os.pipe()
    try:
        fcntl.fcntl(read, fcntl.F_SETOWN, os.getppid())
    finally:
        os.close(read)
        os.close(write)


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
    "signal by a file": _signal_by_a_file,
    "raise a limit": _raise_a_limit,
}
# System calls with arguments that change nothing if they are allowed: no such file, no such flag, the same value.
PARENT, NONE = "parent", -1
Call = tuple[str | int, ...]  # the name, and the arguments
CALLS: Mapping[str, Sequence[Call]] = {
    "limit the parent": (("prlimit64", PARENT, resource.RLIMIT_NOFILE, 0, 0),),
    "signal others": (
        ("kill", PARENT, 0), ("tkill", PARENT, 0), ("tgkill", PARENT, PARENT, 0), ("rt_sigqueueinfo", PARENT, 0, 0),
        ("rt_tgsigqueueinfo", PARENT, PARENT, 0, 0), ("pidfd_open", PARENT, 0), ("pidfd_send_signal", NONE, 0, 0, 0),
        ("process_mrelease", NONE, 0), ("timer_create", NONE, 0, 0),
    ),
    "trace others": (
        ("ptrace", 1, PARENT, 0, 0), ("kcmp", PARENT, PARENT, 99, 0, 0), ("pidfd_getfd", NONE, 0, 0), ("prctl", 0x59616D61, 0),
    ),
    "read or write the memory of others": (
        ("process_vm_readv", PARENT, 0, 0, 0, 0, 0), ("process_vm_writev", PARENT, 0, 0, 0, 0, 0),
        ("process_madvise", NONE, 0, 0, 0, 0), ("migrate_pages", PARENT, 0, 0, 0), ("move_pages", PARENT, 0, 0, 0, 0, 0),
    ),
    "schedule others": (
        ("sched_setaffinity", PARENT, 0, 0), ("sched_setscheduler", PARENT, NONE, 0), ("sched_setparam", PARENT, 0),
        ("sched_setattr", PARENT, 0, 0), ("sched_getaffinity", PARENT, 0, 0), ("setpriority", 0, PARENT, 0),
        ("setpriority", 1, PARENT, 0), ("setpriority", 2, 0, 0), ("ioprio_set", 9, PARENT, 0),
    ),
    "change modes, owners, times, attributes": (
        ("chmod", 0, 0), ("fchmod", NONE, 0), ("fchmodat", NONE, 0, 0), ("chown", 0, 0, 0), ("lchown", 0, 0, 0),
        ("fchown", NONE, 0, 0), ("fchownat", NONE, 0, 0, 0, 0), ("utime", 0, 0), ("utimes", 0, 0), ("utimensat", NONE, 0, 0, 0),
        ("setxattr", 0, 0, 0, 0, 0), ("lsetxattr", 0, 0, 0, 0, 0), ("fsetxattr", NONE, 0, 0, 0, 0), ("removexattr", 0, 0),
    ),
    "make links and devices": (
        ("link", 0, 0), ("linkat", NONE, 0, NONE, 0, 0), ("symlink", 0, 0), ("symlinkat", 0, NONE, 0), ("mknod", 0, 0, 0),
        ("mknodat", NONE, 0, 0, 0), ("truncate", 0, 0), ("chdir", 0), ("ioctl", NONE, 0x5412, 0),
    ),
    "speak with others": (
        ("socket", NONE, 0, 0), ("socketpair", NONE, 0, 0, 0), ("bind", NONE, 0, 0), ("connect", NONE, 0, 0),
        ("listen", NONE, 0), ("accept", NONE, 0, 0), ("accept4", NONE, 0, 0, 0), ("sendto", NONE, 0, 0, 0, 0, 0),
        ("sendmsg", NONE, 0, 0), ("recvfrom", NONE, 0, 0, 0, 0, 0), ("shmget", NONE, 0, 0), ("msgget", NONE, 0),
        ("semget", NONE, 0, 0), ("mq_open", 0, 0, 0, 0), ("inotify_init1", NONE), ("fanotify_init", NONE, 0),
    ),
    "leave its namespaces": (
        ("unshare", 0), ("setns", NONE, 0), ("clone", 0x10010000, 0, 0, 0, 0), ("mount", 0, 0, 0, 0, 0), ("umount2", 0, 0),
        ("pivot_root", 0, 0), ("chroot", 0), ("open_tree", NONE, 0, NONE), ("move_mount", NONE, 0, NONE, 0, NONE),
        ("fsopen", 0, NONE), ("fspick", NONE, 0, NONE), ("name_to_handle_at", NONE, 0, 0, 0, 0),
        ("open_by_handle_at", NONE, 0, 0),
    ),
    "reach into the kernel": (
        ("bpf", NONE, 0, 0), ("perf_event_open", 0, 0, NONE, NONE, 0), ("io_uring_setup", 0, 0), ("userfaultfd", NONE),
        ("keyctl", NONE, 0, 0, 0, 0), ("add_key", 0, 0, 0, 0, 0), ("request_key", 0, 0, 0, 0), ("init_module", 0, 0, 0),
        ("finit_module", NONE, 0, 0), ("kexec_load", 0, 0, 0, NONE), ("reboot", 0, 0, 0, 0), ("swapon", 0, 0),
        ("personality", 0xFFFFFFFF), ("seccomp", 99, 0, 0), ("landlock_create_ruleset", 0, 0, 0),
    ),
    "be another user": (
        ("setresuid", NONE, NONE, NONE), ("setresgid", NONE, NONE, NONE), ("setgroups", NONE, 0), ("capset", 0, 0),
    ),
    "set the clock": (
        ("settimeofday", 0, 0), ("clock_settime", NONE, 0), ("adjtimex", 0), ("clock_adjtime", NONE, 0),
    ),
    "start a program directly": (("execve", 0, 0, 0), ("execveat", NONE, 0, 0, 0, 0)),
}  # fmt: skip
# Those of worker.lua.
PANDOC_ATTEMPTS = ("read /etc/passwd", "write outside", "start a program", "read from a program", "fetch a URL")


def names() -> list[str]:
    """Every attempt by its name in reports."""
    return [*(f"worker: {name}" for name in (*ATTEMPTS, *CALLS)), *(f"pandoc: {name}" for name in PANDOC_ATTEMPTS)]


def refused(settings: Settings, pandoc: Pandoc) -> dict[str, bool]:
    """For each forbidden thing, whether the sandbox refuses it here and now. Raises PermissionError in mode strict."""
    found = {f"worker: {name}": _is_refused(attempt, settings) for name, attempt in ATTEMPTS.items()}
    found |= {f"worker: {name}": all(map(_is_call_refused, calls)) for name, calls in CALLS.items()}
    tried = pandoc.attempt(settings.data_dir)
    found |= {f"pandoc: {name}": tried.get(name, False) for name in PANDOC_ATTEMPTS}
    if settings.sandbox == "strict" and not all(found.values()):
        raise PermissionError(f"the sandbox does not refuse: {', '.join(name for name, holds in found.items() if not holds)}")
    return found


def warnings(holds: Mapping[str, Any]) -> list[str]:
    """A sentence if the sandbox of a worker, as `holds` reports it, lacks something."""
    if holds.get("mode") == "off":
        return ["The sandbox is off."]
    open_ways = [name for name, is_refused in holds.get("refused", {}).items() if not is_refused]
    return [f"The sandbox does not refuse: {', '.join(open_ways)}."] if open_ways else []


def _is_call_refused(call: Call) -> bool:
    """True also for a call that this machine does not have."""
    name, *arguments = call
    if not seccomp.has(str(name)):
        return True
    given = [ctypes.c_long(os.getppid() if each == PARENT else int(each)) for each in arguments]
    try:
        landlock.syscall(seccomp.number(str(name)), *given)
    except PermissionError:
        return True
    except OSError:
        return False
    return False


def _is_refused(attempt: Callable[[Settings], None], settings: Settings) -> bool:
    try:
        attempt(settings)
    except PermissionError:
        return True
    except ValueError as error:  # Python raises it if a limit cannot be raised
        return "raise maximum limit" in str(error)
    except (OSError, subprocess.SubprocessError):
        return False
    return False
