"""The digits of a language: CLDR's default numbering system of its locale."""

from __future__ import annotations

import functools
from collections.abc import Mapping

LATIN = "latn"
# Numbering system → its zero. Systems without a counter style in CSS Counter Styles 3 (chapter 6) use Latin digits.
ZEROS: Mapping[str, str] = {"arab": "\u0660", "arabext": "\u06f0", "deva": "\u0966", "beng": "\u09e6", "mymr": "\u1040",
                            "tibt": "\u0f20"}  # fmt: skip
COUNTERS: Mapping[str, str] = {"arab": "arabic-indic", "arabext": "persian", "deva": "devanagari", "beng": "bengali",
                               "mymr": "myanmar", "tibt": "tibetan"}  # fmt: skip
ARAB_REGIONS = (
    "ye", "ss", "kw", "sy", "iq", "mr", "td", "bh", "il", "ps", "sd", "er", "dj", "jo", "eg", "km", "lb", "sa", "om", "so", "qa",
)  # fmt: skip
# Primary languages, or with a region, that do not write Latin digits; a look-up without loading Babel's locale.
WRITTEN: Mapping[str, str] = {
    "fa": "arabext", "ps": "arabext", "ks": "arabext", "mzn": "arabext", "lrc": "arabext", "ur-in": "arabext", "ckb": "arab",
    "sd": "arab", "mr": "deva", "ne": "deva", "sa": "deva", "bho": "deva", "bn": "beng", "as": "beng", "mni": "beng",
    "my": "mymr", "dz": "tibt",
    **{f"ar-{region}": "arab" for region in ARAB_REGIONS},
}  # fmt: skip


@functools.lru_cache(maxsize=64)
def system(tag: str) -> str:
    """The numbering system for a BCP 47 tag. An extension (`ar-u-nu-arab`) decides, else the region, else the language."""
    parts = tag.lower().replace("_", "-").split("-")
    if "nu" in parts[:-1]:
        asked = parts[parts.index("nu") + 1]
        return asked if asked in ZEROS else LATIN
    region = next((part for part in parts[1:] if len(part) == 2), "")
    return WRITTEN.get(f"{parts[0]}-{region}") or WRITTEN.get(parts[0], LATIN)


def written(text: str, tag: str) -> str:
    """`text` with its digits as readers of the language write them."""
    zero = ZEROS.get(system(tag))
    return text if zero is None else text.translate({ord("0") + digit: chr(ord(zero) + digit) for digit in range(10)})


def counter(tag: str) -> str:
    """The CSS counter style of the language; empty if it is decimal."""
    return COUNTERS.get(system(tag), "")
