"""The system calls that a worker, or its pandoc, may make; and the numbers of all calls that are named here.

Found by tracing (strace) the workers and pandocs of the test suite and of 80 real articles in four formats, and completed by
the calls that other versions of the C library and other machines use (`select` and `pselect6`, `stat` and `newfstatat`). Numbers:
the kernel's asm/unistd_64.h and asm-generic/unistd.h.
"""

from __future__ import annotations

from collections.abc import Mapping

MACHINES: Mapping[str, Mapping[str, int]] = {
    "x86_64": {
        "arch": 0xC000003E,
        "accept": 43, "accept4": 288, "access": 21, "acct": 163, "add_key": 248, "adjtimex": 159, "arch_prctl": 158,
        "bind": 49, "bpf": 321, "brk": 12, "capset": 126, "chdir": 80, "chmod": 90, "chown": 92, "chroot": 161,
        "clock_adjtime": 305, "clock_getres": 229, "clock_gettime": 228, "clock_nanosleep": 230, "clock_settime": 227,
        "clone": 56, "clone3": 435, "close": 3, "close_range": 436, "connect": 42, "dup": 32, "dup2": 33, "dup3": 292,
        "epoll_create": 213, "epoll_create1": 291, "epoll_ctl": 233, "epoll_pwait": 281, "epoll_pwait2": 441,
        "epoll_wait": 232, "eventfd": 284, "eventfd2": 290, "execve": 59, "execveat": 322, "exit": 60,
        "exit_group": 231, "faccessat": 269, "faccessat2": 439, "fadvise64": 221, "fallocate": 285,
        "fanotify_init": 300, "fchmod": 91, "fchmodat": 268, "fchown": 93, "fchownat": 260, "fcntl": 72,
        "fdatasync": 75, "finit_module": 313, "flock": 73, "fsetxattr": 190, "fsopen": 430, "fspick": 433, "fstat": 5,
        "fstatfs": 138, "fsync": 74, "ftruncate": 77, "futex": 202, "getcpu": 309, "getcwd": 79, "getdents": 78,
        "getdents64": 217, "getegid": 108, "geteuid": 107, "getgid": 104, "getpgid": 121, "getpgrp": 111, "getpid": 39,
        "getppid": 110, "getpriority": 140, "getrandom": 318, "getrlimit": 97, "getrusage": 98, "getsid": 124,
        "gettid": 186, "gettimeofday": 96, "getuid": 102, "init_module": 175, "inotify_init1": 294,
        "io_uring_setup": 425, "ioctl": 16, "ioprio_set": 251, "kcmp": 312, "kexec_load": 246, "keyctl": 250,
        "kill": 62, "landlock_create_ruleset": 444, "lchown": 94, "link": 86, "linkat": 265, "listen": 50, "lseek": 8,
        "lsetxattr": 189, "lstat": 6, "madvise": 28, "membarrier": 324, "memfd_create": 319, "migrate_pages": 256,
        "mincore": 27, "mkdir": 83, "mkdirat": 258, "mknod": 133, "mknodat": 259, "mmap": 9, "mount": 165,
        "move_mount": 429, "move_pages": 279, "mprotect": 10, "mq_open": 240, "mremap": 25, "msgget": 68, "munmap": 11,
        "name_to_handle_at": 303, "nanosleep": 35, "newfstatat": 262, "open": 2, "open_by_handle_at": 304,
        "open_tree": 428, "openat": 257, "openat2": 437, "pause": 34, "perf_event_open": 298, "personality": 135,
        "pidfd_getfd": 438, "pidfd_open": 434, "pidfd_send_signal": 424, "pipe": 22, "pipe2": 293, "pivot_root": 155,
        "poll": 7, "ppoll": 271, "prctl": 157, "pread64": 17, "preadv": 295, "preadv2": 327, "prlimit64": 302,
        "process_madvise": 440, "process_mrelease": 448, "process_vm_readv": 310, "process_vm_writev": 311,
        "pselect6": 270, "ptrace": 101, "pwrite64": 18, "pwritev": 296, "pwritev2": 328, "read": 0, "readlink": 89,
        "readlinkat": 267, "readv": 19, "reboot": 169, "recvfrom": 45, "removexattr": 197, "rename": 82,
        "renameat": 264, "renameat2": 316, "request_key": 249, "restart_syscall": 219, "rmdir": 84, "rseq": 334,
        "rt_sigaction": 13, "rt_sigpending": 127, "rt_sigprocmask": 14, "rt_sigqueueinfo": 129, "rt_sigreturn": 15,
        "rt_sigsuspend": 130, "rt_sigtimedwait": 128, "rt_tgsigqueueinfo": 297, "sched_getaffinity": 204,
        "sched_setaffinity": 203, "sched_setattr": 314, "sched_setparam": 142, "sched_setscheduler": 144,
        "sched_yield": 24, "seccomp": 317, "select": 23, "semget": 64, "sendmsg": 46, "sendto": 44,
        "set_robust_list": 273, "set_tid_address": 218, "setgid": 106, "setgroups": 116, "setns": 308, "setpgid": 109,
        "setpriority": 141, "setresgid": 119, "setresuid": 117, "setsid": 112, "settimeofday": 164, "setuid": 105,
        "setxattr": 188, "shmget": 29, "sigaltstack": 131, "socket": 41, "socketpair": 53, "stat": 4, "statfs": 137,
        "statx": 332, "swapon": 167, "symlink": 88, "symlinkat": 266, "sysinfo": 99, "tgkill": 234, "time": 201,
        "timer_create": 222, "timerfd_create": 283, "timerfd_gettime": 287, "timerfd_settime": 286, "times": 100,
        "tkill": 200, "truncate": 76, "umask": 95, "umount2": 166, "uname": 63, "unlink": 87, "unlinkat": 263,
        "unshare": 272, "userfaultfd": 323, "utime": 132, "utimensat": 280, "utimes": 235, "vfork": 58, "wait4": 61,
        "waitid": 247, "write": 1, "writev": 20,
    },
    "aarch64": {
        "arch": 0xC00000B7,
        "accept": 202, "accept4": 242, "acct": 89, "add_key": 217, "adjtimex": 171, "bind": 200, "bpf": 280, "brk": 214,
        "capset": 91, "chdir": 49, "chroot": 51, "clock_adjtime": 266, "clock_getres": 114, "clock_gettime": 113,
        "clock_nanosleep": 115, "clock_settime": 112, "clone": 220, "clone3": 435, "close": 57, "close_range": 436,
        "connect": 203, "dup": 23, "dup3": 24, "epoll_create1": 20, "epoll_ctl": 21, "epoll_pwait": 22,
        "epoll_pwait2": 441, "eventfd2": 19, "execve": 221, "execveat": 281, "exit": 93, "exit_group": 94,
        "faccessat": 48, "faccessat2": 439, "fadvise64": 223, "fallocate": 47, "fanotify_init": 262, "fchmod": 52,
        "fchmodat": 53, "fchown": 55, "fchownat": 54, "fcntl": 25, "fdatasync": 83, "finit_module": 273, "flock": 32,
        "fsetxattr": 7, "fsopen": 430, "fspick": 433, "fstat": 80, "fstatfs": 44, "fsync": 82, "ftruncate": 46,
        "futex": 98, "getcpu": 168, "getcwd": 17, "getdents64": 61, "getegid": 177, "geteuid": 175, "getgid": 176,
        "getpgid": 155, "getpid": 172, "getppid": 173, "getpriority": 141, "getrandom": 278, "getrlimit": 163,
        "getrusage": 165, "getsid": 156, "gettid": 178, "gettimeofday": 169, "getuid": 174, "init_module": 105,
        "inotify_init1": 26, "io_uring_setup": 425, "ioctl": 29, "ioprio_set": 30, "kcmp": 272, "kexec_load": 104,
        "keyctl": 219, "kill": 129, "landlock_create_ruleset": 444, "linkat": 37, "listen": 201, "lseek": 62,
        "lsetxattr": 6, "madvise": 233, "membarrier": 283, "memfd_create": 279, "migrate_pages": 238, "mincore": 232,
        "mkdirat": 34, "mknodat": 33, "mmap": 222, "mount": 40, "move_mount": 429, "move_pages": 239, "mprotect": 226,
        "mq_open": 180, "mremap": 216, "msgget": 186, "munmap": 215, "name_to_handle_at": 264, "nanosleep": 101,
        "newfstatat": 79, "open_by_handle_at": 265, "open_tree": 428, "openat": 56, "openat2": 437,
        "perf_event_open": 241, "personality": 92, "pidfd_getfd": 438, "pidfd_open": 434, "pidfd_send_signal": 424,
        "pipe2": 59, "pivot_root": 41, "ppoll": 73, "prctl": 167, "pread64": 67, "preadv": 69, "preadv2": 286,
        "prlimit64": 261, "process_madvise": 440, "process_mrelease": 448, "process_vm_readv": 270,
        "process_vm_writev": 271, "pselect6": 72, "ptrace": 117, "pwrite64": 68, "pwritev": 70, "pwritev2": 287,
        "read": 63, "readlinkat": 78, "readv": 65, "reboot": 142, "recvfrom": 207, "removexattr": 14, "renameat": 38,
        "renameat2": 276, "request_key": 218, "restart_syscall": 128, "rseq": 293, "rt_sigaction": 134,
        "rt_sigpending": 136, "rt_sigprocmask": 135, "rt_sigqueueinfo": 138, "rt_sigreturn": 139, "rt_sigsuspend": 133,
        "rt_sigtimedwait": 137, "rt_tgsigqueueinfo": 240, "sched_getaffinity": 123, "sched_setaffinity": 122,
        "sched_setattr": 274, "sched_setparam": 118, "sched_setscheduler": 119, "sched_yield": 124, "seccomp": 277,
        "semget": 190, "sendmsg": 211, "sendto": 206, "set_robust_list": 99, "set_tid_address": 96, "setgid": 144,
        "setgroups": 159, "setns": 268, "setpgid": 154, "setpriority": 140, "setresgid": 149, "setresuid": 147,
        "setsid": 157, "settimeofday": 170, "setuid": 146, "setxattr": 5, "shmget": 194, "sigaltstack": 132,
        "socket": 198, "socketpair": 199, "statfs": 43, "statx": 291, "swapon": 224, "symlinkat": 36, "sysinfo": 179,
        "tgkill": 131, "timer_create": 107, "timerfd_create": 85, "timerfd_gettime": 87, "timerfd_settime": 86,
        "times": 153, "tkill": 130, "truncate": 45, "umask": 166, "umount2": 39, "uname": 160, "unlinkat": 35,
        "unshare": 97, "userfaultfd": 282, "utimensat": 88, "wait4": 260, "waitid": 95, "write": 64, "writev": 66,
    },
}  # fmt: skip


def _named(names: str) -> frozenset[str]:
    return frozenset(names.split())


# Files: Landlock decides which ones. No owners, modes, times, attributes, links.
FILES = _named(
    "open openat openat2 close close_range read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 "
    "lseek stat lstat fstat newfstatat statx access faccessat faccessat2 readlink readlinkat getdents getdents64 "
    "getcwd statfs fstatfs fadvise64 flock fcntl ioctl ftruncate fallocate fsync fdatasync dup dup2 dup3 pipe pipe2 "
    "mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 memfd_create"
)
MEMORY = frozenset({"mmap", "munmap", "mprotect", "mremap", "madvise", "brk", "mincore", "membarrier"})
WAITING = _named(
    "poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 eventfd "
    "eventfd2 timerfd_create timerfd_settime timerfd_gettime nanosleep clock_nanosleep futex wait4 waitid "
    "sched_yield restart_syscall pause"
)
# Of the process itself; `seccomp.CONDITIONS` checks the arguments that name a process.
ITSELF = _named(
    "clone exit exit_group set_tid_address set_robust_list rseq arch_prctl prctl prlimit64 getrlimit tgkill "
    "rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigsuspend rt_sigtimedwait sigaltstack "
    "sched_getaffinity getpriority setpriority getrandom getpid getppid gettid getuid geteuid getgid getegid "
    "getpgrp getpgid getsid uname sysinfo times getrusage getcpu time gettimeofday clock_gettime clock_getres"
)
# Until pandoc has been started.
STARTING = frozenset({"execve", "vfork", "seccomp"})
ALLOWED = FILES | MEMORY | WAITING | ITSELF
