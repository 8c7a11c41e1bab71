"""The versions of WeasyPrint and of the packages under it that the patches are tested with. Imports no engine."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version

# pyproject.toml requires exactly these (tests/engines/weasyprint/test_tested_versions.py).
TESTED: Mapping[str, str] = {
    "weasyprint": "70.0",
    "pydyf": "0.13.0",
    "tinycss2": "1.5.1",
    "tinyhtml5": "2.1.0",
    "cssselect2": "0.10.1",
}


def differences() -> list[str]:
    """Each installed version that is not the tested one: "weasyprint 71.0 (tested: 70.0)"."""
    installed = {name: _installed(name) for name in TESTED}
    return [f"{name} {installed[name]} (tested: {tested})" for name, tested in TESTED.items() if installed[name] != tested]


def warnings() -> list[str]:
    """One sentence with a remedy if a version differs; empty if all are the tested ones."""
    found = ", ".join(differences())
    if not found:
        return []
    effect = "PDFs are complete, but slower, larger, and without the rules for Chinese and Japanese lines"
    return [f"Untested versions: {found}. The patches of WeasyPrint are off: {effect}. Install the tested versions."]


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"
