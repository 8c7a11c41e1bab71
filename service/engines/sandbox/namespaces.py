"""An isolated process by Linux namespaces: its network has only the loopback, and its processes and shared memory are its own.

For programs that need sockets or a browser, which Landlock and seccomp cannot limit. It works without privileges if the
machine permits user namespaces. Sources: namespaces(7), user_namespaces(7), pid_namespaces(7), netdevice(7), mount(2).
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import socket
import struct
from collections.abc import Callable
from pathlib import Path

from service.engines.sandbox import limits
from service.engines.sandbox.landlock import LIBC

# CLONE_NEWUSER, CLONE_NEWNET, CLONE_NEWPID, CLONE_NEWNS, CLONE_NEWIPC
APART = 0x10000000 | 0x40000000 | 0x20000000 | 0x00020000 | 0x08000000
NO_SETUID, NO_DEVICES, NO_PROGRAMS, PRIVATE = 2, 4, 8, 0x4000 | 0x40000  # MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REC | MS_PRIVATE
SET_FLAGS, UP_RUNNING = 0x8914, 0x1 | 0x40  # SIOCSIFFLAGS, IFF_UP | IFF_RUNNING
SHARED_MEMORY = b"size=256m"


def run_apart(work: Callable[[], None]) -> int:
    """Runs `work` in an isolated process and returns its exit status. All processes that it started have ended by then.

    Raises OSError if the machine does not permit it; then `work` has not run. Call it in a process with one thread.
    """
    user, group = os.getuid(), os.getgid()
    if LIBC.unshare(ctypes.c_int(APART)) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="ascii")
    _mount(b"none", b"/", b"", PRIVATE)
    _mount(b"tmpfs", b"/dev/shm", b"tmpfs", NO_SETUID | NO_DEVICES, SHARED_MEMORY)
    _loopback()
    child = os.fork()  # the first process of the namespace: when it ends, the kernel ends the others
    if child == 0:
        _first(work)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _first(work: Callable[[], None]) -> None:
    status = 1
    try:
        limits.die_with_parent()
        _processes()
        work()
        status = 0
    finally:
        os._exit(status)


def _processes() -> None:
    """/proc shows only this namespace. A container may refuse the mount; then /proc shows the container."""
    try:
        _mount(b"proc", b"/proc", b"proc", NO_SETUID | NO_DEVICES | NO_PROGRAMS)
    except PermissionError:
        return


def _loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sh14x", b"lo", UP_RUNNING))


def _mount(source: bytes, target: bytes, kind: bytes, flags: int, data: bytes = b"") -> None:
    if LIBC.mount(source, target, kind, ctypes.c_ulong(flags), data) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), target.decode())
