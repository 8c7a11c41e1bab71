"""SECURITY.md promises nothing that no test shows."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (\d+) \| (.+) \|$", PAGE, re.M)
ATTACKS = re.findall(r"^\| (?!attack)(\w.+) \|$", PAGE.partition("## Attacks that worked once")[2].partition("## ")[0], re.M)
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


@pytest.mark.parametrize(("number", "row"), ROWS, ids=[number for number, _ in ROWS])
def test_every_promise_names_tests_that_are_there(number: str, row: str) -> None:
    check_tests(f"promise {number}", row)


@pytest.mark.parametrize("row", ATTACKS, ids=[row.partition(" | ")[0][:60] for row in ATTACKS])
def test_every_attack_that_worked_names_tests_that_are_there(row: str) -> None:
    check_tests(row[:60], row)


def check_tests(what: str, row: str) -> None:
    """Every test of the last column exists, and there is one."""
    named = NAMED.findall(row.rpartition("|")[2])
    assert named, f"{what} names no test"
    for path, name in named:
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, f"{path} has no {name}"


def test_there_are_attacks() -> None:
    assert len(ATTACKS) >= 30


def test_promises_are_numbered_and_every_threat_is_met_by_one() -> None:
    numbers = [number for number, _ in ROWS]
    assert numbers == [str(number) for number in range(1, len(ROWS) + 1)]
    threats = PAGE.partition("## Threats")[2].partition("## ")[0]
    met = [
        each.strip()
        for line in threats.splitlines()
        if re.match(r"\| (?!threat)\w", line)
        for each in line.split("|")[-2].split(",")
    ]
    assert met and set(met) <= set(numbers)
