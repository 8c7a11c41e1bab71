"""Any key as the name of an XML property, and back."""

from __future__ import annotations

import re


def property_name(key: str) -> str:
    """Any key as a property name: ASCII letters, digits, `.`, `-` and `_` stay, the rest becomes `_xHHHH_`."""
    if not key:
        return "_x_"
    return re.sub(r"_(?=x[0-9A-F]{4,6}_)|[^A-Za-z0-9._\-]|^[0-9.\-]", lambda match: f"_x{ord(match[0]):04X}_", key)


def property_key(name: str) -> str:
    """The key that `property_name` was given."""
    return "" if name == "_x_" else re.sub(r"_x([0-9A-F]{4,6})_", lambda match: chr(int(match[1], 16)), name)
