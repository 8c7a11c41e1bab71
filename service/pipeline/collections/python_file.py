"""The literals in a Python file: the settings of Sphinx (`conf.py`). The code is parsed, never run."""

from __future__ import annotations

import ast
import contextlib
from typing import Any


def assigned(code: str) -> dict[str, Any]:
    """The names of a Python file that are literals at its top level; empty where it is not Python."""
    found: dict[str, Any] = {}
    try:
        body = ast.parse(code).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    for each in body:
        if isinstance(each, ast.Assign) and len(each.targets) == 1 and isinstance(each.targets[0], ast.Name):
            with contextlib.suppress(ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
                found[each.targets[0].id] = ast.literal_eval(each.value)
    return found
