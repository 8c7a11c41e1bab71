"""The type of a plain scalar: YAML 1.2 core, and a number only if its output has the same characters.

Everything typed here survives JSON and 64-bit integers (docs/decisions.md): `1.10`, `0123`, `1e3`, `no`, `12:30`
and dates stay the author's text.
"""

from __future__ import annotations

import math
import re
from typing import Any

NULLS = frozenset({"", "~", "null", "Null", "NULL"})
BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
INTEGER = re.compile(r"-?(?:0|[1-9]\d{0,18})", re.ASCII)
FLOAT = re.compile(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?", re.ASCII)
INT64 = range(-(2**63), 2**63)
FLOAT_LENGTH = 32  # no float prints longer; longer digits need no parsing to be text


def typed(text: str) -> Any:
    """None, bool, int, float or the text itself."""
    if text in NULLS:
        return None
    if text in BOOLEANS:
        return BOOLEANS[text]
    return number(text)


def number(text: str) -> int | float | str:
    """The number that prints as `text`, else `text`."""
    if INTEGER.fullmatch(text) and text != "-0" and int(text) in INT64:
        return int(text)
    if len(text) <= FLOAT_LENGTH and FLOAT.fullmatch(text):
        value = float(text)
        if math.isfinite(value) and repr(value) == text:
            return value
    return text
