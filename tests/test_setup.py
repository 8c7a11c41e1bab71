"""bin/setup on a machine that has none of the packages: it must say so, never go on in silence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def test_packages_dpkg_never_heard_of_are_named(tmp_path: Path) -> None:
    """dpkg-query fails as a whole for one unknown name; all of them are missing all the same."""
    for name, body in {"dpkg-query": "exit 1", "id": "echo 1000", "sudo": "exit 1"}.items():
        stub = tmp_path / name
        stub.write_text(f"#!/bin/sh\n{body}\n")
        stub.chmod(0o755)
    run = subprocess.run(
        ["/bin/bash", str(ROOT / "bin" / "setup"), "--system-only"],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
    )
    assert run.returncode == 3
    assert "sudo apt-get install --no-install-recommends" in run.stdout
    assert "libharfbuzz-subset0" in run.stdout
    assert "fonts-noto-cjk" in run.stdout


def interpreter(path: Path, arguments: str) -> Path:
    """A Python that answers as one that was configured with `arguments`, and makes no environment."""
    path.write_text(
        f"#!/bin/sh\ncase \"$*\" in *CONFIG_ARGS*) exec '{sys.executable}' -c 'import sys; "
        f'sys.exit("--enable-optimizations" not in "{arguments}")\';; *) exec \'{sys.executable}\' "$@";; esac\n'
    )
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("arguments", "asked", "chosen"),
    [("--enable-optimizations", "", "python3"), ("--prefix=/opt", "", "/usr/bin/python3"), ("--prefix=/opt", "mine", "mine")],
)
def test_the_python_that_is_optimized_is_taken(tmp_path: Path, arguments: str, asked: str, chosen: str) -> None:
    interpreter(tmp_path / "python3", arguments)
    script = (ROOT / "bin" / "setup").read_text(encoding="utf-8").partition("\npython=$(find_python)")[0]
    run = subprocess.run(
        ["/bin/bash", "-c", script.replace('cd "$(dirname "$0")/.."', "") + "\nfind_python"],
        capture_output=True, text=True, check=True, env={"PATH": f"{tmp_path}:/usr/bin:/bin", "PYTHON": asked},
    )  # fmt: skip
    assert run.stdout.strip() in {chosen, "python3" if chosen == "/usr/bin/python3" and not distribution_s() else chosen}


def distribution_s() -> bool:
    """Whether there is a Python of the distribution's that is new enough, and may make an environment."""
    code = (
        "import ensurepip, sys; sys.exit(sys.version_info < (3, 11))"
        if os.getuid()
        else "import sys; sys.exit(sys.version_info < (3, 11))"
    )
    try:
        return subprocess.run(["/usr/bin/python3", "-c", code], check=False).returncode == 0
    except FileNotFoundError:
        return False
