"""The quotation marks of languages, with their blanks: CLDR 47, `delimiters` (not in Babel's data)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

THIN = "\u202f"  # narrow no-break space


class Marks(NamedTuple):
    """Marks around a quotation, and around one within it."""

    opening: str
    closing: str
    inner_opening: str
    inner_closing: str


def _rows(*rows: str) -> dict[str, Marks]:
    """`"en nl: “ ” ‘ ’"` as a row for each language."""
    split = (row.split(": ") for row in rows)
    return {tag: Marks(*marks.split()) for tags, marks in split for tag in tags.split()}


# By BCP 47 tag. A region without a row uses the row of its language.
MARKS: Mapping[str, Marks] = _rows(
    "en nl pt tr vi id ms sw fil tl ga cy mt lv eu gl da af ca-ES-valencia: “ ” ‘ ’",
    "de cs sk sl is hsb dsb: „ “ ‚ ‘",
    "de-CH de-LI fr-CH it-CH rm gsw: « » ‹ ›",
    "fr fr-CA: « » “ ”",
    "it es ca pt-PT el: « » “ ”",
    "ru uk be hy: « » „ “",
    "nb no nn: « » ‘ ’",
    "sv fi: ” ” ’ ’",
    "pl ro: „ ” « »",
    "hu: „ ” » «",
    "bg lt: „ “ ‘ ’",
    "hr: „ ” ‚ ’",
    "sr bs mk: „ “ ‘ ’",
    "et ka: „ “ « »",
)
SPACED = frozenset({"fr"})  # languages with a thin blank within « » and before high punctuation (not in Switzerland)
SPACED_COLON = frozenset({"fr", "fr-CA"})
LONG_DASHES = frozenset({"ru", "uk", "be", "bg", "sr", "mk"})  # a dash between blanks is an em long


def of(tag: str) -> Marks | None:
    """The marks for a BCP 47 tag; None for a language without a row, whose marks stay as they are."""
    return MARKS.get(row(tag))


def row(tag: str) -> str:
    """The name of the row of a tag: de-AT → de, fr-CH → fr-CH."""
    parts = tag.replace("_", "-").split("-")
    region = next((part.upper() for part in parts[1:] if len(part) == 2), "")
    known = f"{parts[0].lower()}-{region}"
    return known if known in MARKS else parts[0].lower()
