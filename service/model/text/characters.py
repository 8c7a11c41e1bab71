"""Characters: the ranges, sets and widths that several rooms need. Ranges are written as in the brackets of a pattern."""

from __future__ import annotations

import re

# The characters of Chinese, Japanese and Korean, with their punctuation and full-width forms.
CJK = "\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"


# XML 1.0 cannot contain these, not even as character references.
ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal(text: str) -> str:
    """`text` with U+FFFD for characters that XML cannot contain. The embedded record keeps the original."""
    return ILLEGAL.sub("\ufffd", text)


# C0 except tab and line ends, DEL, C1, noncharacters: they are not text, and XML 1.0 forbids most of them.
CONTROLS = re.compile(
    "[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ud800-\udfff"
    + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)


# Languages written from right to left (CLDR, scriptMetadata), by their primary subtag.
RIGHT_TO_LEFT = frozenset({"ar", "he", "fa", "ur", "yi", "dv", "ps", "sd", "ug", "ckb"})
WIDE = "\u2e80"  # from here on a character takes two columns


def is_wide(character: str) -> bool:
    """Whether the character is as wide as an ideograph."""
    return character >= WIDE


def is_right_to_left(lang: str) -> bool:
    return lang.partition("-")[0].lower() in RIGHT_TO_LEFT


def clipped(text: str, columns: int) -> str:
    """`text` on one line of at most `columns`; a longer text ends with `…`."""
    words, width = " ".join(text.split()), 0
    for index, character in enumerate(words):
        width += 1 + (character >= WIDE)
        if width > columns:
            return words[:index].rstrip() + "…"
    return words
