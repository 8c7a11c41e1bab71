"""One warm worker: a Python process and its pandoc in their own session, so that a deadline can kill both."""

from __future__ import annotations

import contextlib
import logging
import os
import select
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from service.engines.failures import OUT_OF_MEMORY, died_of_memory
from service.model import frames
from service.model.errors import ColophonError, DeadlineExceeded, EngineCrashed, TooComplex, from_dict
from service.model.settings import Settings
from service.storage.temporary_folders import Folder
from service.telemetry import timings
from service.workers import cpu_time
from service.workers.deadlines import Limits, Watchdog
from service.workers.fork_server import ForkServer, Said
from service.workers.timer import Alarm

START_DEADLINE = 60.0
NICER = 10
PAGE = os.sysconf("SC_PAGESIZE")
log = logging.getLogger("colophon.workers")


class Worker:
    """One process group, forked by a server that keeps the engines loaded."""

    def __init__(self, server: ForkServer) -> None:
        self.settings, self.nicer = server.settings, server.nicer
        self.folder = Folder()
        self.calls = 0
        self.tenant: str | None = None  # the tenant of the documents that it has read; None before the first
        self.cpu: float | None = None  # CPU seconds of the last call; None if it did not answer
        self.slowed = False
        self.ended = False  # it answered and ended, because its pandoc has ended
        self.facts: dict[str, Any] = {}
        (requests, to_it), (from_it, answers), (complaints, errors) = os.pipe(), os.pipe(), os.pipe()
        self.requests: BinaryIO = os.fdopen(to_it, "wb", frames.BUFFER)
        self.answers: BinaryIO = os.fdopen(from_it, "rb", frames.BUFFER)
        self.errors: BinaryIO = os.fdopen(complaints, "rb")
        theirs = [requests, answers, errors]
        try:
            self.process = server.fork(self.folder.name, theirs)
        except BaseException:
            self._let_go()
            raise
        finally:
            for descriptor in theirs:
                os.close(descriptor)
        self.alarm = Alarm("worker-watchdog")
        self.said = Said(self.errors, "worker-stderr")

    def wait_until_ready(self) -> None:
        """Raises EngineCrashed or DeadlineExceeded; the cause is in the log."""
        self.facts, _ = self._receive(START_DEADLINE)

    def call(
        self,
        operation: str,
        header: Mapping[str, Any],
        blobs: Sequence[bytes],
        limits: Limits,
        check: Callable[[], float] | None = None,
    ) -> tuple[dict[str, Any], list[bytes]]:
        """`check` is called from another thread from time to time: see `Watchdog`."""
        self.calls += len(limits.steps)
        began, self.cpu = time.monotonic(), None
        with Watchdog(self.alarm, limits, self._expire, check) as watchdog:
            try:
                frames.send(self.requests, {**header, "operation": operation}, blobs)
                answer, parts = frames.receive(self.answers)
                while "step" in answer:
                    watchdog.step()
                    answer, parts = frames.receive(self.answers)
            except (BrokenPipeError, EOFError, ValueError, OSError) as error:
                raise self._death(watchdog) from error
        self.ended, self.cpu = self.ended or bool(answer["last"]), answer["cpu"]
        timings.graft(answer.get("stages"), began)
        if "error" in answer:
            raise _error(answer)
        return answer["answer"], parts

    def _receive(self, deadline: float) -> tuple[dict[str, Any], list[bytes]]:
        with Watchdog(self.alarm, Limits((deadline,)), self._expire) as watchdog:
            try:
                return frames.receive(self.answers)
            except (EOFError, ValueError, OSError) as error:
                raise self._death(watchdog) from error

    def _expire(self) -> None:
        self.ended = True  # even if its answer arrives now: the worker was killed and must not be used again
        self.kill()

    def _death(self, watchdog: Watchdog) -> ColophonError:
        self.kill()
        if watchdog.expired:
            return DeadlineExceeded()
        code, said = self.process.wait(), self.said.last()
        error: ColophonError = TooComplex(OUT_OF_MEMORY) if died_of_memory(said) else EngineCrashed()
        error.add_note(f"exit {code}; it last said: {said}")
        return error

    def cpu_seconds(self) -> float:
        """CPU seconds of the worker and its pandoc so far; 0 after its end."""
        return sum(map(cpu_time.of, (self.pid, self.facts["pid"])))

    def kill(self) -> None:
        """Kills the whole group. It may have ended before."""
        self._signal(signal.SIGKILL)

    def pause(self) -> None:
        """Stops the group where it is, until `resume`."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        """Signals the group, and the process too, as a new worker does not lead a group yet. Nothing is sent after its end."""
        if self.process.returncode is None:
            for send in (os.killpg, os.kill):
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    send(self.process.pid, number)

    def slow_down(self) -> None:
        """Leaves the CPU to others that want it."""
        self.slowed = True
        self._renice(self.nicer + NICER)

    def speed_up(self) -> bool:
        """Returns whether the priority is restored: that needs CAP_SYS_NICE or a limit (`ulimit -e`) that allows it."""
        self.slowed = self.slowed and not self._renice(self.nicer)
        return not self.slowed

    def _renice(self, by: int) -> bool:
        """Whether the group is nicer than this process by `by`. Between sessions, and it has one of its own, the kernel may go
        by the niceness of the session, its autogroup, alone."""
        try:
            with contextlib.suppress(FileNotFoundError):
                Path(f"/proc/{self.pid}/autogroup").write_text(str(by), encoding="ascii")
            os.setpriority(os.PRIO_PGRP, self.pid, min(19, os.getpriority(os.PRIO_PROCESS, 0) + by))
        except OSError:
            return False
        return True

    def close(self) -> None:
        self.kill()
        self.process.wait()
        self.alarm.stop()
        self._let_go()

    def _let_go(self) -> None:
        for stream in (self.requests, self.answers, self.errors):
            with contextlib.suppress(OSError):
                stream.close()
        self.folder.cleanup()

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def alive(self) -> bool:
        """Whether its end of the pipe is open. Checked around each call, so it does not ask the parent."""
        return not self.ended and not self._hung_up()

    def _hung_up(self) -> bool:
        poll = select.poll()
        try:
            poll.register(self.answers, 0)
        except ValueError:  # closed
            return True
        return bool(poll.poll(0))

    @property
    def worn(self) -> str:
        """The reason to replace it: `memory`, more than half of its limit is used, or `recycled`, by the number of calls."""
        if self.memory > self.settings.worker_memory // 2:
            return "memory"
        return "recycled" if self.calls >= self.settings.worker_conversions else ""

    @property
    def memory(self) -> int:
        """Resident bytes; 0 after its end."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            return int(Path(f"/proc/{self.process.pid}/statm").read_bytes().split()[1]) * PAGE
        return 0


class Running:
    """A worker during a call, for its slot. `refill` starts workers for the other calls."""

    def __init__(self, worker: Worker, refill: Callable[[], None]) -> None:
        self.worker, self.refill = worker, refill
        self.before = worker.cpu_seconds()

    def spent(self) -> float:
        """CPU-seconds since the call began."""
        return self.worker.cpu_seconds() - self.before

    def slow_down(self) -> None:
        self.worker.slow_down()
        self.refill()

    def pause(self) -> None:
        self.worker.pause()
        self.refill()

    def resume(self) -> None:
        self.worker.resume()


def trial(settings: Settings, module: str = "service.workers.main") -> dict[str, Any]:
    """The limits that hold in the sandbox of a worker. A worker is started to report them.

    Raises EngineCrashed if none becomes ready: in mode strict, if the kernel does not have all mechanisms.
    """
    server = ForkServer(settings, module)
    try:
        worker = Worker(server)
        try:
            worker.wait_until_ready()
            return dict(worker.facts["sandbox"])
        finally:
            worker.close()
    finally:
        server.close()


def cause(error: ColophonError) -> str:
    """The last line that a worker wrote before it ended; for the operator, never for a client."""
    return " ".join([error.detail, *getattr(error, "__notes__", ())]).rpartition(" | ")[2]


def _error(answer: Mapping[str, Any]) -> ColophonError:
    error = from_dict(answer["error"])
    if error.status >= 500:
        log.error("conversion failed inside a worker", extra={"cause": answer.get("cause", "")})
        error.__cause__ = RuntimeError(answer.get("cause", ""))
    return error
