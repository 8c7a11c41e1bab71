"""The client is a distribution of its own: a wheel that is imported without anything of the service."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]


def test_the_wheel_works_alone(tmp_path: Path) -> None:
    argv = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(argv, cwd=PROJECT, check=True, capture_output=True, timeout=120)
    (wheel,) = tmp_path.glob("colophon_client-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {"colophon_client/__init__.py", "colophon_client/py.typed"} <= set(names)
    assert not [name for name in names if not name.startswith("colophon_client")]
    code = (
        f"import sys; sys.path.insert(0, {str(wheel)!r}); import colophon_client; print(colophon_client.__file__, *sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True, timeout=60)
    file, *loaded = done.stdout.split()
    assert file.startswith(str(wheel))
    assert not {each.split(".")[0] for each in loaded} & {"service", "schemas", "marshmallow", "lxml", "flask"}
