"""seccomp by an allow-list: the system calls of a sealed process. Every other call is refused.

Sources: seccomp(2), linux/seccomp.h, linux/bpf_common.h. The filter is a program of the classic Berkeley Packet Filter; the
kernel caches which calls pass with any arguments, so a long list costs nothing (seccomp's action cache).
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from service.engines.sandbox.landlock import syscall
from service.engines.sandbox.syscalls import ALLOWED, MACHINES, STARTING

# SECCOMP_RET_*: refused with EPERM. MISSING is ENOSYS: the C library then uses the older call.
ALLOW, REFUSE, MISSING, KILL = 0x7FFF0000, 0x00050000 | 1, 0x00050000 | 38, 0x80000000
X32 = 0x40000000
NEWEST = 451  # calls with higher numbers are newer than this list; a C library that tries them works without them
SET_MODE_FILTER, SYNC_THREADS = 1, 1
LOAD, EQUAL, AT_LEAST, HAS_BITS, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data; an argument is 8 bytes, its low half first

CLONE_THREAD = 0x00010000
# CLONE_NEW*, and the flags that change the parent or the tracer of the child.
NAMESPACES = 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000
FOREIGN = NAMESPACES | 0x00008000 | 0x00800000 | 0x00002000
# PR_SET_PDEATHSIG, PR_GET_DUMPABLE, PR_SET_NAME, PR_GET_NAME, PR_SET_NO_NEW_PRIVS, PR_SET_VMA (names of memory)
PRCTL = (1, 3, 15, 16, 38, 0x53564D41)
# F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, locks, F_DUPFD_CLOEXEC, F_SETPIPE_SZ, F_GETPIPE_SZ, seals of shared memory.
# Not F_SETOWN and F_SETSIG: they send signals to others.
FCNTL = (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1031, 1032, 1033, 1034)
# TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX: programs use them on each file that they open.
IOCTL = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)


@dataclass(frozen=True, slots=True)
class Condition:
    """On the low half of an argument: it is one of `values`, has one of the bits `needed`, has none of the bits `banned`."""

    argument: int
    values: tuple[int, ...] = ()
    needed: int = 0
    banned: int = 0


ITSELF = (0,)  # as a process number: the caller
CONDITIONS: Mapping[str, Sequence[Condition]] = {
    "prlimit64": (Condition(0, ITSELF),),
    "sched_getaffinity": (Condition(0, ITSELF),),
    "getpriority": (Condition(0, (0,)), Condition(1, ITSELF)),
    "setpriority": (Condition(0, (0,)), Condition(1, ITSELF)),
    "getpgid": (Condition(0, ITSELF),),
    "getsid": (Condition(0, ITSELF),),
    "prctl": (Condition(0, PRCTL),),
    "fcntl": (Condition(1, FCNTL),),
    "ioctl": (Condition(1, IOCTL),),
    "clone": (Condition(0, banned=FOREIGN),),
}
THREADS_ONLY: Mapping[str, Sequence[Condition]] = {"clone": (Condition(0, banned=FOREIGN), Condition(0, needed=CLONE_THREAD))}


def number(name: str) -> int:
    """The number of a call on this machine. Raises OSError for a machine without a table, KeyError for an unknown call."""
    return _table()[name]


def has(name: str) -> bool:
    """Whether this machine has the call: newer machines lack those that others replaced."""
    return name in MACHINES.get(platform.machine(), {})


def _table() -> Mapping[str, int]:
    numbers = MACHINES.get(platform.machine())
    if numbers is None:
        raise OSError(f"seccomp: no table for {platform.machine()}")
    return numbers


def allow_starting() -> bool:
    """True. Limits this process to the calls of the engines. It may still start programs and narrow this list."""
    return _install(ALLOWED | STARTING, {"tgkill": ()})  # a started process has its own number; later filters use it


def allow_working() -> bool:
    """True. Limits this process and its forks to the calls of the engines, without starting programs."""
    return _install(ALLOWED)


def allow_pandoc() -> bool:
    """True. As `allow_starting`, but without forks: for a process that is about to execute pandoc."""
    return _install(ALLOWED | {"execve"}, THREADS_ONLY)


def _install(names: Iterable[str], conditions: Mapping[str, Sequence[Condition]] | None = None) -> bool:
    """Raises OSError if the kernel does not have it. It holds in every thread, and in the processes that they start."""
    numbers = _table()
    rules = {**CONDITIONS, "tgkill": (Condition(0, (os.getpid(),)),), **(conditions or {})}
    code = [_statement(LOAD, ARCHITECTURE), _jump(EQUAL, numbers["arch"], 1, 0), _statement(RETURN, KILL)]
    code += [_statement(LOAD, NUMBER), _jump(AT_LEAST, X32, 0, 1), _statement(RETURN, KILL)]
    for name in sorted(set(names) & numbers.keys()):
        code += _rule(numbers[name], rules.get(name, ()))
    code += [_jump(EQUAL, numbers["clone3"], 1, 0), _jump(AT_LEAST, NEWEST + 1, 0, 1), _statement(RETURN, MISSING)]
    return install([*code, _statement(RETURN, REFUSE)])


def install(code: Sequence[bytes]) -> bool:
    """True. The filter holds in every thread of this process and in the processes that they start. Raises OSError."""
    filters = ctypes.create_string_buffer(b"".join(code))
    program = struct.pack("HxxxxxxP", len(code), ctypes.addressof(filters))
    mode, flags = ctypes.c_uint(SET_MODE_FILTER), ctypes.c_uint(SYNC_THREADS)
    syscall(number("seccomp"), mode, flags, ctypes.c_char_p(program))
    return True


def _rule(call: int, conditions: Sequence[Condition]) -> list[bytes]:
    body = [each for condition in conditions for each in _checked(condition)] + [_statement(RETURN, ALLOW)]
    return [_jump(EQUAL, call, 0, len(body)), *body]


def _checked(condition: Condition) -> list[bytes]:
    """Continues after itself if the condition holds, and refuses otherwise."""
    values, refusal = condition.values, _statement(RETURN, REFUSE)
    code = [_statement(LOAD, ARGUMENTS + 8 * condition.argument)]
    code += [_jump(EQUAL, value, len(values) - at, 0) for at, value in enumerate(values)]
    if condition.needed:
        code.append(_jump(HAS_BITS, condition.needed, 1, 0))
    if condition.banned:
        code.append(_jump(HAS_BITS, condition.banned, 0, 1))
    return [*code, refusal]


def _statement(code: int, value: int) -> bytes:
    return struct.pack("=HBBI", code, 0, 0, value)


def _jump(code: int, value: int, yes: int, no: int) -> bytes:
    return struct.pack("=HBBI", code, yes, no, value)
