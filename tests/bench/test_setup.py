"""The lock of the peers: whole, hashed, without addresses, and of the versions that the project itself has."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PINNED = re.compile(r"^([\w.-]+)==(\S+)(?: ; (.*?))? \\$", re.M)


def pinned(name: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for package, version, _ in PINNED.findall((ROOT / name).read_text(encoding="utf-8")):
        found.setdefault(package, set()).add(version)
    return found


def test_all_are_locked_with_hashes() -> None:
    text = (ROOT / "bench" / "requirements.lock").read_text(encoding="utf-8")
    wanted = re.findall(r"^(\w+)>=", (ROOT / "bench" / "requirements.in").read_text(encoding="utf-8"), re.M)
    assert wanted
    assert set(wanted) <= pinned("bench/requirements.lock").keys()
    assert "://" not in text
    assert text.count("--hash=sha256:") > len(pinned("bench/requirements.lock"))


def test_the_versions_are_those_of_the_project() -> None:
    ours, theirs = pinned("requirements-dev.lock"), pinned("bench/requirements.lock")
    shared = ours.keys() & theirs.keys()
    assert "pillow" in shared
    assert {name: theirs[name] for name in shared if ours[name] != theirs[name]} == {}
