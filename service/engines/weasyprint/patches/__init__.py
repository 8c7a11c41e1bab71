"""Patches of WeasyPrint: `table.py` lists every replaced name, and this package installs them once per process.

A patch that saves time handles the common case and passes the rest to WeasyPrint: the bytes of the PDF are the same
(test_same_page.py). If the installed versions are not the tested ones, only the required rows are installed. A module
here is imported only when its row is installed, because another version may lack the names that it imports.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from service.engines.weasyprint import tested_versions
from service.engines.weasyprint.patches.table import OUTPUT, PATCHES, REQUIRED, SPEED, Patch

_installed: dict[str, Patch] = {}


def install(*, speed: bool = True, without: str = "") -> None:
    """Installs the rows for this process; later calls change nothing. `without` omits one row, to measure it."""
    if _installed:
        return
    kinds = {REQUIRED} if tested_versions.differences() else {REQUIRED, OUTPUT, SPEED if speed else OUTPUT}
    for patch in PATCHES:
        if patch.kind in kinds and patch.name != without:
            apply: Callable[[], None] = import_module(f"service.engines.weasyprint.{patch.module}").install
            apply()
            _installed[patch.name] = patch


def is_installed(name: str) -> bool:
    return name in _installed
