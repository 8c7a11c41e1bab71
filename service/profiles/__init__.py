"""The looks: a profile is a folder here with its style sheets, page template and reference document."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from service.errors import Place, ValidationFailed

FOLDER = Path(__file__).parent


@cache
def names() -> tuple[str, ...]:
    return tuple(sorted(folder.name for folder in FOLDER.iterdir() if folder.is_dir() and not folder.name.startswith(("_", "."))))


def path(profile: str, name: str) -> Path:
    """A file of a profile. Raises ValidationFailed for a profile that there is not; never a path of the caller's making."""
    if profile not in names():
        known = ", ".join(names())
        place = Place(f"Must be one of: {known}.", "/profile")
        raise ValidationFailed(f"Unknown profile {profile!r}; known: {known}.", places=[place])
    return FOLDER / profile / name


@cache
def text(profile: str, name: str) -> str:
    return path(profile, name).read_text(encoding="utf-8")
