"""The sandbox holds here, in strict mode: each forbidden thing is tried in a child."""

from __future__ import annotations

import platform

import pytest

from service.config import Settings
from service.engines import landlock, sandbox

pytestmark = pytest.mark.skipif(platform.system() != "Linux", reason="the sandbox is made of Linux mechanisms")


def test_the_kernel_offers_landlock() -> None:
    assert landlock.version() >= 1


@pytest.mark.parametrize("mode", ["strict", "auto"])
def test_every_forbidden_thing_is_refused(mode: str) -> None:
    assert sandbox.self_test(Settings(sandbox=mode)) == dict.fromkeys(sandbox.ATTEMPTS, True)


def test_the_self_test_can_fail() -> None:
    assert not all(sandbox.self_test(Settings(sandbox="off")).values())


def test_every_machine_names_the_same_calls() -> None:
    x86, arm = (landlock.MACHINES[name] for name in ("x86_64", "aarch64"))
    assert x86.keys() == arm.keys()
    assert {*landlock.NETWORKING, *landlock.STARTING, *landlock.SIGNALLING} < x86.keys()
