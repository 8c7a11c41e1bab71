"""Landlock and seccomp through ctypes: what an unprivileged Linux process can give up for good.

Sources: landlock(7), seccomp(2), the kernel's uapi headers linux/landlock.h, linux/seccomp.h, linux/bpf_common.h.
Each function raises OSError where the kernel does not offer the mechanism.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
from collections.abc import Iterable, Mapping
from pathlib import Path

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
    """Landlock's version in this kernel. Raises OSError where there is none."""
    return syscall(CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(1))


def drop_capabilities() -> None:
    """From now on root is a user like any other, in this thread and, after `no_new_privileges`, in what it starts."""
    header, nothing = struct.pack("Ii", CAPABILITY_VERSION, 0), bytes(24)
    syscall(_table()["capset"], ctypes.c_char_p(header), ctypes.c_char_p(nothing))


def restrict(readable: Iterable[Path], writable: Iterable[Path], programs: Iterable[Path]) -> int:
    """From now on this thread and what it starts see only these paths, start only `programs`, and speak no TCP.

    Answers Landlock's version. Libraries are mapped and not started: reading them is enough.
    """
    kernel = version()
    files = ALL_FILES[min(kernel, max(ALL_FILES))]
    attributes = struct.pack("QQQ", files, ALL_NET if kernel >= 4 else 0, SCOPE if kernel >= 6 else 0)
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
        return  # not there: nothing to allow
    try:
        allowed = rights if path.is_dir() else rights & FILE_RIGHTS
        rule = struct.pack("=Qi", allowed, descriptor)
        syscall(ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(PATH_BENEATH), ctypes.c_char_p(rule), ctypes.c_uint32(0))
    finally:
        os.close(descriptor)


# seccomp: number of a system call by machine
MACHINES = {
    "x86_64": {
        "arch": 0xC000003E, "seccomp": 317,
        "socket": 41, "connect": 42, "accept": 43, "bind": 49, "listen": 50, "ptrace": 101, "mount": 165, "umount2": 166,
        "pivot_root": 155, "chroot": 161, "unshare": 272, "setns": 308, "keyctl": 250, "add_key": 248, "request_key": 249,
        "bpf": 321, "perf_event_open": 298, "process_vm_readv": 310, "process_vm_writev": 311, "io_uring_setup": 425,
        "userfaultfd": 323, "init_module": 175, "finit_module": 313, "kexec_load": 246, "reboot": 169,
        "execve": 59, "execveat": 322, "fork": 57, "vfork": 58, "clone": 56, "clone3": 435, "capset": 126,
        "kill": 62, "pidfd_send_signal": 424, "tkill": 200, "tgkill": 234, "rt_sigqueueinfo": 129, "rt_tgsigqueueinfo": 297,
        "landlock_create_ruleset": 444, "setsid": 112, "setpgid": 109,
    },
    "aarch64": {
        "arch": 0xC00000B7, "seccomp": 277,
        "socket": 198, "connect": 203, "accept": 202, "bind": 200, "listen": 201, "ptrace": 117, "mount": 40, "umount2": 39,
        "pivot_root": 41, "chroot": 51, "unshare": 97, "setns": 268, "keyctl": 219, "add_key": 217, "request_key": 218,
        "bpf": 280, "perf_event_open": 241, "process_vm_readv": 270, "process_vm_writev": 271, "io_uring_setup": 425,
        "userfaultfd": 282, "init_module": 105, "finit_module": 273, "kexec_load": 104, "reboot": 142,
        "execve": 221, "execveat": 281, "clone": 220, "clone3": 435, "capset": 91,
        "kill": 129, "pidfd_send_signal": 424, "tkill": 130, "tgkill": 131, "rt_sigqueueinfo": 138, "rt_tgsigqueueinfo": 240,
        "landlock_create_ruleset": 444, "setsid": 157, "setpgid": 154,
    },
}  # fmt: skip
STARTING = frozenset({"execve", "execveat"})
FORKING = frozenset({"fork", "vfork", "clone", "clone3"})  # processes, not threads
LEAVING = frozenset({"setsid", "setpgid"})  # the process group that a deadline kills
SIGNALLING = frozenset({"kill", "pidfd_send_signal", "tkill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo"})
NETWORKING = frozenset({
    "socket", "connect", "accept", "bind", "listen", "ptrace", "mount", "umount2", "pivot_root", "chroot", "unshare", "setns",
    "keyctl", "add_key", "request_key", "bpf", "perf_event_open", "process_vm_readv", "process_vm_writev", "io_uring_setup",
    "userfaultfd", "init_module", "finit_module", "kexec_load", "reboot",
})  # fmt: skip

# SECCOMP_RET_*: refused with EPERM; MISSING is ENOSYS, on which the C library takes `clone` instead of `clone3`.
ALLOW, REFUSE, MISSING, KILL = 0x7FFF0000, 0x00050000 | 1, 0x00050000 | 38, 0x80000000
X32 = 0x40000000
SYNC_THREADS = 1
CLONE_THREAD = 0x00010000
LOAD, EQUAL, AT_LEAST, HAS_BITS, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  # linux/bpf_common.h
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data


def _table() -> Mapping[str, int]:
    numbers = MACHINES.get(platform.machine())
    if numbers is None:
        raise OSError(f"seccomp: no table for {platform.machine()}")
    return numbers


def forbid(names: Iterable[str]) -> bool:
    """True; from now on these system calls fail with EPERM in every thread of this process and in what it starts.

    `clone` still makes threads, `tgkill` still reaches this very process.
    """
    numbers = _table()
    code = [_statement(LOAD, ARCHITECTURE), _jump(EQUAL, numbers["arch"], 1, 0), _statement(RETURN, KILL)]
    code += [_statement(LOAD, NUMBER), _jump(AT_LEAST, X32, 0, 1), _statement(RETURN, KILL)]
    for name in sorted(set(names) & numbers.keys()):
        code += _refusal(name, numbers[name])
    code.append(_statement(RETURN, ALLOW))
    filters = ctypes.create_string_buffer(b"".join(code))
    program = struct.pack("HxxxxxxP", len(code), ctypes.addressof(filters))
    syscall(numbers["seccomp"], ctypes.c_uint(1), ctypes.c_uint(SYNC_THREADS), ctypes.c_char_p(program))
    return True


def _refusal(name: str, number: int) -> list[bytes]:
    harmless = {"clone": (HAS_BITS, CLONE_THREAD), "tgkill": (EQUAL, os.getpid())}.get(name)
    if harmless is None:
        return [_jump(EQUAL, number, 0, 1), _statement(RETURN, MISSING if name == "clone3" else REFUSE)]
    return [
        _jump(EQUAL, number, 0, 4), _statement(LOAD, FIRST_ARGUMENT), _jump(*harmless, 1, 0),
        _statement(RETURN, REFUSE), _statement(RETURN, ALLOW),
    ]  # fmt: skip


def _statement(code: int, value: int) -> bytes:
    return struct.pack("=HBBI", code, 0, 0, value)


def _jump(code: int, value: int, yes: int, no: int) -> bytes:
    return struct.pack("=HBBI", code, yes, no, value)
