"""The origin of workers: a process that keeps the engines loaded, never receives a document, and forks each new worker.

To start Python, load the engines and find the fonts takes a second of CPU. A fork of this process takes a few milliseconds,
and both share their memory. So a hostile document, which costs a worker, costs little.

Orders and answers are messages on a socket: `{"fork": folder}` comes with three file descriptors, `{"reap": pid}` requests
the exit code of a child, which only its parent receives.
"""

from __future__ import annotations

import collections
import contextlib
import functools
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import orjson

from service.engines.fonts import house_fonts
from service.engines.sandbox import limits
from service.model.errors import EngineCrashed
from service.model.settings import Settings
from service.storage.temporary_folders import Folder

ROOT = Path(__file__).resolve().parent.parent.parent
LARGEST = 128 << 10  # bytes of a message
PATIENCE = 60.0  # seconds for an answer: the first comes when all is warm
STREAMS = 3  # the child's input, output and standard error
Work = Callable[[Settings, Path], None]


class Said:
    """The last lines of a process on standard error. They are for the log, never for a client."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self.lines: collections.deque[str] = collections.deque(maxlen=50)
        self._stream = stream
        self._listener = threading.Thread(target=self._listen, name=name, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        with contextlib.suppress(ValueError, OSError):
            for line in self._stream:
                self.lines.append(line[:4096].decode("utf-8", "replace").rstrip())

    def last(self) -> str:
        """The text until now. If the process has ended, also the rest that is still in the pipe."""
        self._listener.join(1)
        return " | ".join(self.lines)[-2000:]


class Forked:
    """A child of the server, as `subprocess.Popen` is for own children."""

    def __init__(self, server: ForkServer, pid: int) -> None:
        self.server, self.pid = server, pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Its exit code, negative for a signal; None while it lives."""
        if self.returncode is None:
            self.returncode = self.server.reap(self.pid)
        return self.returncode

    def wait(self) -> int:
        """Polls at growing intervals. The child was killed or has closed its streams, so it ends soon."""
        pause = 0.001
        while (code := self.poll()) is None:
            time.sleep(pause)
            pause = min(2 * pause, 0.1)
        return code


class ForkServer:
    """The process from outside. Any thread may use it. It ends with the thread that started it, and its children end with it."""

    def __init__(self, settings: Settings, module: str, targets: Sequence[str] | None = None, nicer: int = 0) -> None:
        """`targets` are the only formats that will be written. None: any format, so all engines are loaded first.

        `nicer` is the niceness of its children, relative to this process.
        """
        self.settings, self.nicer = settings, nicer
        self.folder = Folder()
        caches = Path(settings.data_dir) / "cache"
        caches.mkdir(parents=True, exist_ok=True)
        environ = {"LANG": "C.UTF-8", "HOME": self.folder.name, "TMPDIR": self.folder.name, "XDG_CACHE_HOME": str(caches)}
        environ |= {name: os.environ[name] for name in ("SOURCE_DATE_EPOCH", "FONTCONFIG_FILE") if name in os.environ}
        if settings.profiles:
            environ["COLOPHON_PROFILES"] = str(Path(settings.profiles).expanduser().absolute())
        environ |= house_fonts.environment(settings.fonts, Path(self.folder.name), environ.get("FONTCONFIG_FILE", ""))
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(PATIENCE)
        self._lock = threading.Lock()
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", module],
                cwd=ROOT, env=environ, start_new_session=True,
                stdin=theirs.fileno(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            )  # fmt: skip
        assert self.process.stderr is not None
        self.said = Said(self.process.stderr, "forkserver-stderr")
        self._control.send(orjson.dumps({"settings": settings.for_workers(), "targets": targets, "nicer": nicer}))

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def fork(self, folder: str, descriptors: list[int]) -> Forked:
        """A child with the descriptors as standard input, output and error. Raises EngineCrashed."""
        try:
            answer = self._ask({"fork": folder}, descriptors)
        except OSError as error:
            raise self._death() from error
        return Forked(self, answer["pid"])

    def reap(self, pid: int) -> int | None:
        """The number is not used again until it is requested."""
        try:
            code: int | None = self._ask({"reap": pid})["code"]
        except OSError:
            return -signal.SIGKILL  # the server is gone, and its children with it
        return code

    def _ask(self, order: Mapping[str, Any], descriptors: list[int] | None = None) -> dict[str, Any]:
        with self._lock:
            try:
                socket.send_fds(self._control, [orjson.dumps(order)], descriptors or [])
                message = self._control.recv(LARGEST)
            except TimeoutError:
                self.process.kill()  # otherwise a late answer would be taken for that of another order
                raise
        if not message:
            raise BrokenPipeError("the fork server is gone")
        answer: dict[str, Any] = orjson.loads(message)
        return answer

    def _death(self) -> EngineCrashed:
        self.process.kill()
        error = EngineCrashed()
        error.add_note(f"exit {self.process.wait()}; it last said: {self.said.last()}")
        return error

    def close(self) -> None:
        """Ends the server and its remaining forks."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        self.process.wait()
        self._control.close()
        if self.process.stderr is not None:
            self.process.stderr.close()
        self.folder.cleanup()


# In the server


def serve(warm: Callable[[Settings, Sequence[str] | None], None], work: Work) -> None:
    """Forks for each order and runs `work` in the child, until the other side ends.

    `warm` runs first. It must leave no thread behind: a fork has only the thread that forks.
    """
    control = socket.socket(fileno=os.dup(0))
    given = orjson.loads(control.recv(LARGEST))
    settings = Settings(**given["settings"])
    warm(settings, given["targets"])
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, LARGEST, STREAMS)
        if not message:
            return
        order = orjson.loads(message)
        if "reap" in order:
            answer = {"code": _exit_code(order["reap"])}
        else:
            child = functools.partial(work, settings, Path(order["fork"]))
            answer = {"pid": _fork(control, descriptors, child, given["nicer"])}
        control.send(orjson.dumps(answer))


def _exit_code(pid: int) -> int | None:
    try:
        ended, status = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return -signal.SIGKILL  # its exit code was requested before
    return os.waitstatus_to_exitcode(status) if ended else None


def _fork(control: socket.socket, descriptors: list[int], work: Callable[[], None], nicer: int) -> int:
    server = os.getpid()
    pid = os.fork()
    if not pid:
        limits.die_with_parent()
        if os.getppid() != server:  # it ended in between
            os._exit(1)
        os.setsid()
        _be_nicer(nicer)
        control.close()
        for number, descriptor in enumerate(descriptors):
            os.dup2(descriptor, number)
        _live(work)
    for descriptor in descriptors:
        os.close(descriptor)
    return pid


def _be_nicer(by: int) -> None:
    """Between sessions the kernel may compare the niceness of the sessions only, its autogroups."""
    if by:
        os.nice(by)
        with contextlib.suppress(OSError):  # no autogroups, or another session was changed less than 0.1 s ago
            Path("/proc/self/autogroup").write_text(str(by), encoding="ascii")


def _live(work: Callable[[], None]) -> None:
    """The main function of a child: it never returns."""
    code = 1
    try:
        work()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)
