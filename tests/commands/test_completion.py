"""Completion by a real bash; a manual page that is fresh, that `man` finds no fault with, and that names every option."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli import cli
from service.commands import COMMANDS
from service.commands.flags import FILES
from service.model.options import OPTIONS
from service.model.settings import SETTINGS
from tests.servers import COLOPHON

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "colophon.1"


def completed(*words: str) -> list[str]:
    """The completions of bash for the last of `words`."""
    program = (
        'eval "$(colophon completion bash)"\n'
        'complete -p colophon | grep -q _colophon_completion\n'
        'COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _colophon_completion colophon\n'
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )  # fmt: skip
    environ = {"PATH": f"{COLOPHON.parent}:/usr/bin:/bin", "HOME": "/nonexistent", "COLOPHON_DATA_DIR": "/nonexistent"}
    argv = ["bash", "-euc", program, "bash", *words]
    return subprocess.run(argv, env=environ, capture_output=True, text=True, check=True, timeout=60).stdout.split()


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["colophon", "con"], {"convert"}),
        (["colophon", "convert", "--toc"], {"--toc", "--toc-depth"}),
        (["colophon", "convert", "--clean", ""], {"none", "safe", "web"}),
        (["colophon", "completion", ""], {"bash", "zsh", "fish"}),
    ],
)
def test_bash_offers_what_there_is(words: list[str], offered: set[str]) -> None:
    assert set(completed(*words)) == offered


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_are_given_theirs(shell: str) -> None:
    assert "_COLOPHON_COMPLETE" in CliRunner().invoke(cli, ["completion", shell], catch_exceptions=False).output


def test_the_page_is_fresh() -> None:
    made = CliRunner().invoke(cli, ["man"], catch_exceptions=False).output
    assert made == PAGE.read_text(encoding="utf-8"), "stale: run `colophon man > docs/colophon.1`"


@pytest.fixture(scope="module")
def shown() -> str:
    if shutil.which("man") is None:
        pytest.skip("man is not installed (man-db)")
    environ = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "MANWIDTH": "1000", "MANROFFOPT": "-c", "MAN_KEEP_FORMATTING": ""}
    argv = ["man", "--warnings", "-E", "UTF-8", "-l", "--nh", "--nj", str(PAGE)]
    done = subprocess.run(argv, env=environ, capture_output=True, text=True, check=True, timeout=60)
    assert done.stderr == ""
    return re.sub(".\b", "", done.stdout)


def test_man_shows_every_command_option_and_setting(shown: str) -> None:
    for command in COMMANDS:
        assert f"colophon {command}" in shown
    for name, option in OPTIONS.items():
        assert ("--metadata-file" if name == FILES else option.flag) in shown
    for setting in SETTINGS:
        assert f"COLOPHON_{setting.name.upper()}" in shown
