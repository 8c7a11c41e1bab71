"""The table of patches says all that is replaced inside WeasyPrint and the packages under it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from service.engines.weasyprint import patches
from service.engines.weasyprint.patches.table import DURING, OUTPUT, PATCHES, REQUIRED, SPEED, Patch

ROOT = Path(__file__).resolve().parents[4]
ENGINE = ROOT / "service/engines/weasyprint"
BASES = ("patches.word_widths",)  # what several patches stand on
# Prints, for each row, the names that its installation changed.
CHANGES = """
import json, sys
import weasyprint, tinyhtml5, cssselect2
from importlib import import_module
from service.engines.weasyprint.patches.table import DURING, PATCHES
ROOTS = {"weasyprint", "pydyf", "cssselect2", "tinyhtml5", "tinycss2"}

def names():
    found = {}
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] in ROOTS:
            for key, value in list(vars(module).items()):
                found[f"{name}.{key}"] = value
                if isinstance(value, type) and value.__module__ == name:
                    found |= {f"{name}.{key}.{own}": each for own, each in list(vars(value).items())}
    return found

changes = {}
for patch in PATCHES:
    if patch.kind != DURING:
        module = import_module(f"service.engines.weasyprint.{patch.module}")
        before = names()
        module.install()
        after = names()
        changes[patch.module] = [key for key, value in after.items() if before.get(key) is not value]
print(json.dumps(changes))
"""


@pytest.fixture(scope="module")
def changes() -> Mapping[str, list[str]]:
    done = subprocess.run([sys.executable, "-c", CHANGES], capture_output=True, check=True, cwd=ROOT)
    found: Mapping[str, list[str]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("patch", [each for each in PATCHES if each.kind != DURING], ids=lambda patch: patch.name)
def test_a_row_lists_what_its_installation_replaces(patch: Patch, changes: Mapping[str, list[str]]) -> None:
    assert set(patch.replaces) == set(changes[patch.module])


@pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: patch.name)
def test_a_row_is_complete(patch: Patch) -> None:
    assert (ENGINE / f"{patch.module.replace('.', '/')}.py").is_file()
    assert patch.reason.endswith(".")
    assert bool(patch.saving) == (patch.kind == SPEED)


def test_each_module_that_installs_has_a_row() -> None:
    installing = {
        ".".join(path.relative_to(ENGINE).with_suffix("").parts)
        for path in ENGINE.rglob("*.py")
        if "\ndef install() ->" in path.read_text(encoding="utf-8")
    }
    part_of_another = {"composition.ideographic_drawing"}
    assert installing == {patch.module for patch in PATCHES if patch.kind != DURING} | part_of_another
    modules = {f"patches.{path.stem}" for path in (ENGINE / "patches").glob("*.py")} - {"patches.__init__", "patches.table"}
    assert modules - set(BASES) == {patch.module for patch in PATCHES if patch.kind == SPEED}


def test_names_are_unique() -> None:
    names = [patch.name for patch in PATCHES]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("speed", "without", "differ", "expected"),
    [
        (True, "", [], {REQUIRED, OUTPUT, SPEED}),
        (False, "", [], {REQUIRED, OUTPUT}),
        (True, "", ["weasyprint 71.0 (tested: 70.0)"], {REQUIRED}),
        (True, "emoji", [], {REQUIRED, OUTPUT, SPEED}),
    ],
)
def test_what_is_installed(
    speed: bool, without: str, differ: list[str], expected: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    class Module:
        def __init__(self, name: str) -> None:
            self.name = name

        def install(self) -> None:
            done.append(self.name.removeprefix("service.engines.weasyprint."))

    monkeypatch.setattr(patches, "_installed", {})
    monkeypatch.setattr(patches, "import_module", Module)
    monkeypatch.setattr(patches.tested_versions, "differences", lambda: differ)
    patches.install(speed=speed, without=without)
    assert done == [each.module for each in PATCHES if each.kind in expected and each.name != without]
    patches.install()
    assert len(done) == len(set(done))
