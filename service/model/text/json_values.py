"""Values that JSON and every metadata format can represent. Other values are kept as text; nothing is refused or lost.

Limits: integers of 64 bits (orjson, SQLite and the formats' own types), finite numbers (RFC 8259), whole characters (a half of
a surrogate pair has no UTF-8), and a depth that every writer of JSON takes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

INT64 = range(-(2**63), 2**63)
INTEGER_LENGTH = 20  # digits of the longest integer of 64 bits
DEEPEST = 64


def integer(text: str) -> int | str:
    """The integer in `text`; the text itself if it needs more than 64 bits."""
    if len(text.strip()) > INTEGER_LENGTH:
        return text
    value = int(text)
    return value if value in INT64 else text


def decimal(text: str) -> float | str:
    """The finite number in `text`, else the text."""
    value = float(text)
    return value if math.isfinite(value) else text


def whole(text: str) -> str:
    """The text with U+FFFD for each unpaired surrogate."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def kept(value: Any, depth: int = 0) -> Any:
    """`value` with text for everything that JSON cannot represent."""
    if value is None or isinstance(value, (bool, int, float)):
        return _number(value)
    if depth < DEEPEST and isinstance(value, Mapping):
        return {whole(str(key)): kept(each, depth + 1) for key, each in value.items()}
    if depth < DEEPEST and isinstance(value, (list, tuple, set, frozenset)):
        return [kept(each, depth + 1) for each in value]
    return whole(value if isinstance(value, str) else str(value))


def _number(value: float | None) -> float | str | None:
    if isinstance(value, float):
        return value if math.isfinite(value) else repr(value)
    if value is None or value in INT64:
        return value
    return hex(value) if value.bit_length() > 10_000 else str(value)  # Python's limit for decimal digits
