"""Golden commands: tests/commands/*.md hold a command, its standard input and what it must print.

    ```
    % colophon convert - --to markdown --out -
    input
    ^D
    expected standard output
    2> a line of standard error
    => 1
    ```

A bug report becomes a test by pasting it. `COLOPHON_ACCEPT=1 pytest tests/test_commands.py` rewrites the
expectations: read the diff.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "commands"
BLOCK = re.compile(r"^```\n(% colophon .*?)^```$", re.M | re.S)
COLOPHON = Path(sys.executable).parent / "colophon"


def parse(block: str) -> tuple[list[str], str, str]:
    """Arguments, standard input, expectation."""
    command, _, rest = block.partition("\n")
    given, marker, expected = rest.partition("^D\n")
    return shlex.split(command.removeprefix("% colophon")), given if marker else "", expected if marker else rest


def run(arguments: list[str], given: str, folder: Path) -> str:
    """The output of the command, in the form of an expectation."""
    environ = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8", "COLOPHON_WORKERS": "1"}
    done = subprocess.run(
        [COLOPHON, *arguments], input=given.encode(), capture_output=True, cwd=folder, env=environ, timeout=60, check=False
    )
    errors = "".join(f"2> {line}\n" for line in done.stderr.decode().splitlines())
    return done.stdout.decode() + errors + (f"=> {done.returncode}\n" if done.returncode else "")


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.md")), ids=lambda file: file.stem)
def test_command(file: Path, tmp_path: Path) -> None:
    text = file.read_text(encoding="utf-8")
    blocks = BLOCK.findall(text)
    assert blocks, f"{file.name} holds no command"
    for block in blocks:
        arguments, given, expected = parse(block)
        got = run(arguments, given, tmp_path)
        if got != expected and os.environ.get("COLOPHON_ACCEPT"):
            text = text.replace(block, block.removesuffix(expected) + got)
            file.write_text(text, encoding="utf-8")
        else:
            assert got == expected
