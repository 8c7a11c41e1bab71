"""The font family for a script that the profile's families do not cover.

The profiles name Latin and ideographic families. For other scripts fontconfig uses the first installed font in its
list: DejaVu Sans for Arabic and Hebrew, a sans-serif for the rest. These rules add the family of the same design to the
profile's: a serif text stays a serif text. A family that is not installed changes nothing.

Source: fontconfig's user manual, "match target=pattern"; Pango gives each pattern the language of the script.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

BASES = ("Noto Serif", "Noto Sans", "Noto Sans Mono")
# Languages of a script, and its families next to BASES.
ROWS = """
ar ks pa-pk sd ug ckb ku-iq az-ir | Noto Naskh Arabic | Noto Sans Arabic
fa ps | Noto Naskh Arabic | Noto Sans Arabic
ur | Noto Naskh Arabic | Noto Sans Arabic
he yi | Noto Serif Hebrew | Noto Sans Hebrew
hi mr ne sa bho kok mai | Noto Serif Devanagari | Noto Sans Devanagari
bn as | Noto Serif Bengali | Noto Sans Bengali
pa | Noto Serif Gurmukhi | Noto Sans Gurmukhi
gu | Noto Serif Gujarati | Noto Sans Gujarati
or | Noto Serif Oriya | Noto Sans Oriya
ta | Noto Serif Tamil | Noto Sans Tamil
te | Noto Serif Telugu | Noto Sans Telugu
kn | Noto Serif Kannada | Noto Sans Kannada
ml | Noto Serif Malayalam | Noto Sans Malayalam
si | Noto Serif Sinhala | Noto Sans Sinhala
th | Noto Serif Thai | Noto Sans Thai
lo | Noto Serif Lao | Noto Sans Lao
my | Noto Serif Myanmar | Noto Sans Myanmar
km | Noto Serif Khmer | Noto Sans Khmer
bo dz | Noto Serif Tibetan | Noto Sans Tibetan
ka | Noto Serif Georgian | Noto Sans Georgian
hy | Noto Serif Armenian | Noto Sans Armenian
am ti gez | Noto Serif Ethiopic | Noto Sans Ethiopic
"""


def families() -> Mapping[str, tuple[str, str]]:
    """Language → the serif and the sans-serif family of its script."""
    found = dict[str, tuple[str, str]]()
    for row in ROWS.strip().splitlines():
        languages, serif, sans = (part.strip() for part in row.split("|"))
        found |= dict.fromkeys(languages.split(), (serif, sans))
    return found


def rules() -> bytes:
    """The rules as a fontconfig file."""
    return ("<?xml version='1.0'?><fontconfig>" + "".join(_rules()) + "</fontconfig>").encode()


def _rules() -> Iterator[str]:
    for language, (serif, sans) in families().items():
        for base, family in zip(BASES, (serif, sans, sans), strict=True):
            yield (
                f"<match target='pattern'><test name='lang' compare='contains'><string>{language}</string></test>"
                f"<test qual='any' name='family'><string>{base}</string></test>"
                f"<edit name='family' mode='append' binding='strong'><string>{family}</string></edit></match>"
            )
