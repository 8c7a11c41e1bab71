"""WeasyPrint: HTML and style sheets to PDF.

`rendering` and `patches` are loaded when they are first used: the import of WeasyPrint takes half a second of CPU, which a
command for an EPUB does not need. A worker of the service loads them before the first document (`workers.child`).
The method is SPEC 1 of Scientific Python: https://scientific-python.org/specs/spec-0001/
"""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType

LAZY = ("patches", "rendering")


def __getattr__(name: str) -> ModuleType:
    if name not in LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    full = f"{__name__}.{name}"
    spec = importlib.util.find_spec(full)
    assert spec is not None and spec.loader is not None
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = globals()[name] = sys.modules[full] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
