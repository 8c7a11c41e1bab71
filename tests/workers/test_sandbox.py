"""The sandbox holds here, in strict mode, for the worker and its pandoc; and a missing part of the kernel is reported."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from service.engines.sandbox import landlock, seccomp, syscalls
from service.model.errors import EngineCrashed
from service.model.settings import Settings
from service.workers import sandbox_test
from service.workers.worker import trial
from tests.servers import COLOPHON, colophon

pytestmark = pytest.mark.skipif(platform.system() != "Linux", reason="the sandbox is made of Linux mechanisms")
ROOT = Path(__file__).resolve().parents[2]
TRIAL = """
import json, sys
from service.model.settings import Settings
from service.workers.worker import trial
print(json.dumps(trial(Settings(data_dir=sys.argv[1], sandbox=sys.argv[2]))))
"""


def test_the_kernel_offers_landlock() -> None:
    assert landlock.version() >= 1


@pytest.mark.parametrize("mode", ["strict", "auto"])
def test_every_forbidden_thing_is_refused(mode: str, tmp_path: Path) -> None:
    holds = trial(Settings(sandbox=mode, data_dir=str(tmp_path)))
    assert holds["refused"] == dict.fromkeys(sandbox_test.names(), True)
    assert sandbox_test.warnings(holds) == []


def test_the_self_test_can_fail(tmp_path: Path) -> None:
    holds = trial(Settings(sandbox="off", data_dir=str(tmp_path)))
    assert holds["refused"].keys() == set(sandbox_test.names())
    assert [name for name, refused in holds["refused"].items() if refused] in ([], ["worker: raise a limit"])
    assert sandbox_test.warnings(holds) == ["The sandbox is off."]


def blind(*calls: str) -> Callable[[], None]:
    """A kernel that lacks some system calls, for a child that starts with this."""

    def lose() -> None:
        landlock.no_new_privileges()
        code = [seccomp._statement(seccomp.LOAD, seccomp.NUMBER)]
        for name in calls:
            code += [seccomp._jump(seccomp.EQUAL, seccomp.number(name), 0, 1), seccomp._statement(seccomp.RETURN, seccomp.REFUSE)]
        seccomp.install([*code, seccomp._statement(seccomp.RETURN, seccomp.ALLOW)])

    return lose


LACKING = pytest.mark.parametrize("lacking", ["landlock_create_ruleset", "seccomp"])


@LACKING
@pytest.mark.parametrize("command", [("serve", "--port", "1"), ("worker",)], ids=["serve", "worker"])
def test_strict_refuses_to_start_where_a_mechanism_is_missing(command: tuple[str, ...], lacking: str, tmp_path: Path) -> None:
    environ = {"PATH": os.environ["PATH"], "COLOPHON_DATA_DIR": str(tmp_path), "COLOPHON_SANDBOX": "strict"}
    argv = [COLOPHON, *command]
    lost = blind(lacking)
    done = subprocess.run(argv, env=environ, preexec_fn=lost, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "COLOPHON_SANDBOX is strict, and the sandbox is not complete: PermissionError" in done.stderr


@LACKING
def test_auto_says_what_is_missing(lacking: str, tmp_path: Path) -> None:
    argv = [sys.executable, "-c", TRIAL, str(tmp_path), "auto"]
    done = subprocess.run(argv, cwd=ROOT, preexec_fn=blind(lacking), capture_output=True, text=True, timeout=60, check=True)
    holds = json.loads(done.stdout)
    open_ways = {name for name, refused in holds["refused"].items() if not refused}
    expected = {
        "landlock_create_ruleset": {"worker: read /etc/passwd", "pandoc: read /etc/passwd", "worker: list the data folder"},
        "seccomp": {"worker: open a UDP socket", "worker: leave the group"},
    }
    assert expected[lacking] <= open_ways
    assert "worker: read /etc/passwd" in sandbox_test.warnings(holds)[0] or lacking == "seccomp"


def test_a_worker_that_dies_in_its_self_test_says_why(tmp_path: Path) -> None:
    with pytest.raises(EngineCrashed) as caught:
        trial(Settings(data_dir=str(tmp_path)), "tests.engines.no_such_program")
    assert "no_such_program" in str(caught.value.__notes__)


def test_readiness_metrics_and_doctor_tell_of_it(tmp_path: Path) -> None:
    with colophon(tmp_path, workers=1, sandbox="strict") as server:
        ready = json.loads(server.get("/readyz").data)
        metrics = server.get("/metrics").data.decode()
    assert ready["sandbox"]["refused"] == dict.fromkeys(sandbox_test.names(), True)
    for name in sandbox_test.names():
        assert f'colophon_sandbox_refused{{attempt="{name}"}} 1.0' in metrics
    environ = {"PATH": os.environ["PATH"], "COLOPHON_DATA_DIR": str(tmp_path), "COLOPHON_SANDBOX": "strict"}
    reported = subprocess.run([COLOPHON, "doctor"], env=environ, capture_output=True, text=True, timeout=60, check=False).stdout
    assert reported.count("refused") == len(sandbox_test.names())
    assert "NOT REFUSED" not in reported


OLD = "open stat lstat access readlink getdents dup2 pipe mkdir rmdir unlink rename poll select epoll_create epoll_wait eventfd"
REPLACED = {*OLD.split(), "pause", "arch_prctl", "getpgrp", "time", "vfork", "chmod", "chown", "lchown", "utime", "utimes"}
REPLACED |= {"link", "symlink", "mknod"}


def test_every_machine_names_the_same_calls() -> None:
    x86, arm = (syscalls.MACHINES[name].keys() for name in ("x86_64", "aarch64"))
    assert x86 - arm == REPLACED  # newer machines are born without what others have replaced
    assert x86 > arm
    assert x86 > syscalls.ALLOWED | syscalls.STARTING
    assert x86 > {call[0] for calls in sandbox_test.CALLS.values() for call in calls}


def test_numbers_are_the_kernels_own() -> None:
    header = Path(
        "/usr/include/asm-generic/unistd.h"
        if platform.machine() == "aarch64"
        else "/usr/include/x86_64-linux-gnu/asm/unistd_64.h"
    )
    if not header.exists():
        pytest.skip("the kernel's headers are not installed (Debian package linux-libc-dev)")
    found = dict(re.findall(r"#define __NR_(\w+) (\d+)", header.read_text(encoding="ascii")))
    own = syscalls.MACHINES[platform.machine()]
    assert {name: found[name] for name in own if name in found} == {name: str(own[name]) for name in own if name in found}
    assert len(own) - sum(name in found for name in own) <= 12
