"""Checks the profiles of COLOPHON_PROFILES before anything is served. An error in one stops the start."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from schemas import options
from service.model.errors import ValidationFailed
from service.model.options import OPTIONS
from service.model.profiles import house

# Options that a profile cannot set: the profile, how a text is read, the caller's metadata and files.
NOT_OF_A_PROFILE = frozenset({
    "profile", "from", "dialect", "metadata", "metadata_defaults", "combine", "strict", "css", "reference", "bibliography", "csl",
    "charset", "lang",
})  # fmt: skip


def problems(folder: Path) -> list[str]:
    """The errors of the profile in a folder, one per line; empty without errors."""
    try:
        found = house.read(folder)
    except house.Broken as error:
        return str(error).split("\n")
    return [f"{folder.name}/{house.ABOUT}: {each}" for each in _of_options(found)]


def check() -> None:
    """Raises ValueError with all errors of the folder and its profiles."""
    top = house.configured()
    if top is None:
        return
    if not top.is_dir():
        raise ValueError(f"COLOPHON_PROFILES: {top} is not a folder. Create it, or unset the variable.")
    if found := [problem for folder in house.folders().values() for problem in problems(folder)]:
        raise ValueError("COLOPHON_PROFILES: " + "\n".join(found))


def _of_options(profile: house.House) -> Iterator[str]:
    names = {str(name).replace("-", "_"): value for name, value in profile.options.items()}
    yield from (f"options: {name} cannot be an option of a profile." for name in names if name in NOT_OF_A_PROFILE)
    wanted = {name: value for name, value in names.items() if name not in NOT_OF_A_PROFILE}
    cover = str(wanted.get("cover", ""))
    if "cover" in wanted and cover not in OPTIONS["cover"].offered:
        yield f"options: cover must be one of {', '.join(OPTIONS['cover'].offered)}."
    try:
        options.load(("pdf", "epub", "docx"), wanted)
    except ValidationFailed as error:
        yield from (f"options{(place.pointer or '').replace('/', ': ')}: {place.detail}" for place in error.places)
