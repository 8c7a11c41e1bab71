"""The PDF variants: the name in WeasyPrint, and the part of PDF/UA that the file may claim.

A file of PDF/A-2 or PDF/A-3 is PDF 1.7 and may claim PDF/UA-1 (ISO 14289-1); one of PDF/A-4 is PDF 2.0 and may claim PDF/UA-2
(ISO 14289-2). A name with `+ua` requests both, and a notice reports if the second does not hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from service.model.errors import Place, ValidationFailed


class Variant(NamedTuple):
    """`engine`: WeasyPrint's name, empty for a plain PDF. `part`: of PDF/UA, 0 for none. `asked`: the caller named PDF/UA."""

    engine: str
    part: int
    asked: bool = False

    @property
    def is_of_2(self) -> bool:
        """Whether the file is PDF 2.0."""
        return self.part == 2 or self.engine.startswith("pdf/a-4")


_WITH_UA_1 = ("pdf/a-2a", "pdf/a-2b", "pdf/a-2u", "pdf/a-3a", "pdf/a-3b", "pdf/a-3u")
VARIANTS: Mapping[str, Variant] = {
    **{name: Variant(name, 1) for name in _WITH_UA_1},
    "pdf/a-4e": Variant("pdf/a-4e", 0),
    "pdf/a-4f": Variant("pdf/a-4f", 0),
    "pdf/ua-1": Variant("pdf/ua-1", 1, asked=True),
    "pdf/ua-2": Variant("pdf/ua-2", 2, asked=True),
    **{f"{name}+ua-1": Variant(name, 1, asked=True) for name in _WITH_UA_1},
    "pdf/a-4e+ua-2": Variant("pdf/a-4e", 2, asked=True),
    "pdf/a-4f+ua-2": Variant("pdf/a-4f", 2, asked=True),
}
PLAIN = Variant("", 1)


def of(asked: str) -> tuple[str, Variant]:
    """The name and the variant: `PDF/A-2b`, `pdf/a-2b` and `a-2b` are alike. Raises ValidationFailed for an unknown one."""
    if not asked.strip():
        return "", PLAIN
    name = "pdf/" + "+".join(_bare(part) for part in asked.split("+"))
    if name not in VARIANTS:
        known = ", ".join(VARIANTS)
        place = Place(f"Must be one of: {known}.", "/pdf_variant")
        raise ValidationFailed(f"Unknown PDF variant {asked!r}. Supported: {known}.", places=[place])
    return name, VARIANTS[name]


def _bare(part: str) -> str:
    return part.strip().lower().removeprefix("pdf").lstrip("/-")
