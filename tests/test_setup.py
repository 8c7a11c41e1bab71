"""bin/setup on a machine that has none of the packages: it must say so, never go on in silence."""

import subprocess
from pathlib import Path

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
