"""Numbers of list labels: decimal, letters, Roman numerals."""

from __future__ import annotations

TYPES = {"a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman", "1": "decimal"}
ROMAN: tuple[tuple[int, str], ...] = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"),
    (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def label(number: int, kind: str) -> str:
    """`number` as `kind`, the `type` of an `ol`: a, A, i, I or 1; decimal if the kind cannot represent it."""
    if kind in {"a", "A"} and number > 0:
        found = _alphabetic(number)
    elif kind in {"i", "I"} and 0 < number < 4_000:
        found = _roman(number)
    else:
        return str(number)
    return found.upper() if kind.isupper() else found


def _alphabetic(number: int) -> str:
    """a … z, aa, ab …"""
    found = ""
    while number:
        number, letter = divmod(number - 1, 26)
        found = chr(ord("a") + letter) + found
    return found


def _roman(number: int) -> str:
    found = ""
    for value, letters in ROMAN:
        count, number = divmod(number, value)
        found += letters * count
    return found
