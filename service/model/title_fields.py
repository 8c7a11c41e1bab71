"""The metadata fields under the title: those of the profile, changed by the option `title_fields`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.model import profiles
from service.model.text.labels import TITLE_FIELDS

if TYPE_CHECKING:
    from service.model.options import Options

SUBTITLE, ABSTRACT, NONE = "subtitle", "abstract", "none"
KEYWORDS, STATEMENTS = "keywords", ("funding", "conflict_of_interest")  # below the abstract, and after the text
NAMES = (SUBTITLE, *TITLE_FIELDS, ABSTRACT, KEYWORDS, *STATEMENTS)


def of(options: Options) -> tuple[str, ...]:
    """The fields that are shown, of NAMES and in their order. If the option names authors, their affiliations are included."""
    own = profiles.load(options.profile).title_fields
    asked = parsed(options.title_fields)
    hidden = {name.removeprefix("-") for name in asked if name.startswith("-")}
    wanted = {name for name in asked if not name.startswith("-")}
    if wanted == {NONE}:
        return ()
    if "authors" in wanted:
        wanted.add("affiliations")
    return tuple(name for name in NAMES if name in (wanted or own) and name not in hidden)


def parsed(option: str) -> tuple[str, ...]:
    """The names of an option such as `authors,date` or `-license,-abstract`. Raises ValueError for an unknown one."""
    pieces = [piece.strip().lower() for piece in option.split(",") if piece.strip()]
    names = tuple("-" * piece.startswith("-") + piece.removeprefix("-").replace("-", "_") for piece in pieces)
    for name in names:
        if name.removeprefix("-") not in NAMES and names != (NONE,):
            raise ValueError(f"Unknown field {name[:40]!r}. Supported: {', '.join(NAMES)}, or none alone.")
    return names
