"""Landlock and privileges through ctypes: the rights that an unprivileged Linux process can give up permanently.

Sources: landlock(7), capabilities(7), the kernel's uapi header linux/landlock.h.
Each function raises OSError if the kernel does not have the mechanism.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
from collections.abc import Iterable
from pathlib import Path

from service.engines.sandbox.syscalls import MACHINES

LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.syscall.restype = ctypes.c_long

PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same on every architecture
PATH_BENEATH = 1
CAPABILITY_VERSION = 0x20080522  # linux/capability.h

# access rights of files, bit by bit (linux/landlock.h)
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
READ = READ_FILE | READ_DIR
FILE_RIGHTS = EXECUTE | WRITE_FILE | READ_FILE | (1 << 14) | (1 << 15)
ALL_FILES = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
ALL_NET = 0b11  # bind and connect of TCP, from version 4 on
SCOPE = 0b11  # abstract Unix sockets and signals, from version 6 on


def syscall(number: int, *arguments: object) -> int:
    result = LIBC.syscall(ctypes.c_long(number), *arguments)
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return int(result)


def prctl(option: int, *arguments: int) -> None:
    padded = [*arguments, 0, 0, 0, 0][:4]
    if LIBC.prctl(option, *(ctypes.c_ulong(value) for value in padded)) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def no_new_privileges() -> None:
    prctl(PR_SET_NO_NEW_PRIVS, 1)


def version() -> int:
    """Landlock's version in this kernel. Raises OSError if it has no Landlock."""
    return syscall(CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(1))


def drop_capabilities() -> None:
    """Makes root an ordinary user, in this thread and, after `no_new_privileges`, in the processes that it starts."""
    if platform.machine() not in MACHINES:
        raise OSError(f"no table of system calls for {platform.machine()}")
    header, nothing = struct.pack("Ii", CAPABILITY_VERSION, 0), bytes(24)
    syscall(MACHINES[platform.machine()]["capset"], ctypes.c_char_p(header), ctypes.c_char_p(nothing))


def restrict(readable: Iterable[Path], writable: Iterable[Path], programs: Iterable[Path], *, speaks_tcp: bool = False) -> int:
    """Limits this thread and the processes that it starts to these paths and to `programs` (files, or folders of files).

    TCP is forbidden unless `speaks_tcp`, which is for a process with its own network. Returns Landlock's version. Libraries
    are mapped and not started, so the right to read them is enough.
    """
    kernel = version()
    files = ALL_FILES[min(kernel, max(ALL_FILES))]
    net = 0 if speaks_tcp or kernel < 4 else ALL_NET
    attributes = struct.pack("QQQ", files, net, SCOPE if kernel >= 6 else 0)
    size = 8 if kernel < 4 else 16 if kernel < 6 else 24
    ruleset = syscall(CREATE_RULESET, ctypes.c_char_p(attributes), ctypes.c_size_t(size), ctypes.c_uint32(0))
    try:
        for path in readable:
            _allow(ruleset, path, READ & files)
        for path in writable:
            _allow(ruleset, path, files & ~EXECUTE)
        for path in programs:
            _allow(ruleset, path, READ_FILE | EXECUTE)
        syscall(RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint32(0))
    finally:
        os.close(ruleset)
    return kernel


def _allow(ruleset: int, path: Path, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # the path does not exist: nothing to allow
    try:
        allowed = rights if path.is_dir() else rights & FILE_RIGHTS
        rule = struct.pack("=Qi", allowed, descriptor)
        syscall(ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(PATH_BENEATH), ctypes.c_char_p(rule), ctypes.c_uint32(0))
    finally:
        os.close(descriptor)
