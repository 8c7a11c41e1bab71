"""The contract in the eyes of two linters: Redocly's recommended rules and Spectral's rules for OpenAPI find nothing.

Both are packages of tests/validators, which `bin/setup --dev` installs.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAMS = ROOT / ".venv" / "validators" / "node_modules" / ".bin"
CONTRACT = ROOT / "openapi.yaml"
LEAST_NODE = (20, 19)  # of Redocly


def lint(program: str, *arguments: str) -> tuple[int, str]:
    """The exit code and the output of a linter."""
    if not (PROGRAMS / program).exists():
        pytest.skip(f"{program} is not installed: run bin/setup --dev with npm")
    if node_version() < LEAST_NODE:
        pytest.skip("the linters need Node.js 20.19 or newer")
    quiet = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "NO_COLOR": "1"}
    done = subprocess.run(
        [PROGRAMS / program, "lint", *arguments], capture_output=True, text=True, check=False, env=os.environ | quiet, cwd=ROOT
    )
    return done.returncode, done.stdout + done.stderr


def node_version() -> tuple[int, ...]:
    node = shutil.which("node")
    if node is None:
        return ()
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    return tuple(map(int, re.findall(r"\d+", said)[:2]))


def test_redocly_finds_nothing(tmp_path: Path) -> None:
    rules = tmp_path / "redocly.yaml"
    rules.write_text("extends: [recommended]\n")
    code, said = lint("redocly", "--format=json", f"--config={rules}", str(CONTRACT))
    assert code == 0 and '"errors": 0' in said and '"warnings": 0' in said, said


def test_spectral_finds_nothing(tmp_path: Path) -> None:
    rules = tmp_path / "spectral.yaml"
    rules.write_text('extends: ["spectral:oas"]\n')
    code, said = lint("spectral", "--fail-severity=hint", f"--ruleset={rules}", str(CONTRACT))
    assert code == 0 and "No results" in said, said


def test_the_linters_find_what_is_wrong(tmp_path: Path) -> None:
    """A linter that finds nothing in anything would pass the tests above."""
    broken = tmp_path / "openapi.yaml"
    broken.write_text(CONTRACT.read_text().replace("operationId: convertArticle", "operationId: createJob"))
    for program, flag, rules in (("redocly", "--config", "recommended"), ("spectral", "--ruleset", "spectral:oas")):
        ruleset = tmp_path / f"{program}.yaml"
        ruleset.write_text(f'extends: ["{rules}"]\n')
        code, said = lint(program, f"{flag}={ruleset}", str(broken))
        assert code != 0 and "operation" in said.lower(), said
