"""The fetcher where everything inside would answer: no spelling, no redirect, no name that changes its mind gets in."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.network.lonely_network import PUBLIC, SPELLINGS

ROOT = Path(__file__).resolve().parents[2]
UNSHARE = ["unshare", "--user", "--map-root-user", "--net", "--mount"]


@pytest.fixture(scope="module")
def tried() -> dict[str, Any]:
    if not shutil.which("unshare") or subprocess.run([*UNSHARE, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine does not allow a network namespace (unshare --user --net)")
    argv = [*UNSHARE, sys.executable, "-m", "tests.network.lonely_network"]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, timeout=240, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_network_works(tried: dict[str, Any]) -> None:
    assert tried["good"] == {"good.example": "", "rebinding.example": ""}


def test_a_rebinding_name_is_asked_once_and_refused_when_it_has_changed(tried: dict[str, Any]) -> None:
    assert tried["rebinding was asked"] == 1
    assert tried["again"].startswith("blocked: ")


@pytest.mark.parametrize("way", ["direct", "redirected", "pages", "redirected pages"])
def test_no_way_in(tried: dict[str, Any], way: str) -> None:
    assert len(tried[way]) >= len(SPELLINGS) - 2
    got = {host: problem for host, problem in tried[way].items() if not problem.startswith(("blocked: ", "missing: "))}
    assert got.keys() <= {"rebinding-later.example"}  # public still, the first time


def test_no_server_inside_was_reached(tried: dict[str, Any]) -> None:
    assert tried["hits"].keys() == {PUBLIC}
