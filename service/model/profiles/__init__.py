"""Profiles: folders here, or of the operator, with style sheets, a page template and a reference document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from service.model import extensions
from service.model.errors import Place, ValidationFailed
from service.model.profiles import house
from service.model.profiles.house import House

FOLDER = Path(__file__).parent
USUAL = "article"  # the profile that lends its files to a profile without files


@dataclass(frozen=True, slots=True)
class Profile:
    """The content of profile.yaml; `page`, `title_page` and the style sheets are the texts of the files that it names.

    `opening_css` is only for the first pages: those before the first chapter of a long document, or all of a short one.
    `house` is the operator's part of a profile in COLOPHON_PROFILES. `options` are this profile's defaults. `paper`,
    `margin` and `font_size` (points) are those of print.css, in the form of the options. If it is `mirrored`, margins
    change sides from page to page, and chapters begin on right-hand pages. With `chapter_heads` its running heads name the
    chapter. `title_fields` are the fields under the title.
    """

    name: str
    title: str
    description: str
    page: str
    title_page: str
    print_css: tuple[str, ...]
    opening_css: tuple[str, ...]
    screen_css: tuple[str, ...]
    epub_css: str
    options: Mapping[str, Any]
    paper: str
    margin: str
    font_size: float
    mirrored: bool
    chapter_heads: bool
    title_fields: tuple[str, ...]
    house: House | None = None


@cache
def folders() -> Mapping[str, Path]:
    """Profile → folder: those of this package, then those that the operator installed."""
    own = {file.parent.name: file.parent for file in sorted(FOLDER.glob("*/profile.yaml"))}
    own |= extensions.profile_folders(own)
    return own | {name: folder for name, folder in house.folders().items() if name not in own}


@cache
def _house(profile: str) -> House | None:
    """The profile of the operator; None for others. Raises ValidationFailed if it is broken."""
    folder = house.folders().get(profile)
    if folder is None or folders().get(profile) != folder:
        return None
    try:
        return house.read(folder)
    except house.Broken as error:
        raise ValidationFailed(f"The profile {profile!r} is broken.", places=[Place(str(error), "/profile")]) from error


def forget() -> None:
    """Clears the cache of profiles, because their folder has changed."""
    for each in (folders, _house, text, load):
        each.cache_clear()


def names() -> tuple[str, ...]:
    return tuple(folders())


def path(profile: str, name: str) -> Path:
    """A file of a profile. Raises ValidationFailed for an unknown profile. A caller cannot choose another path."""
    if profile not in names():
        known = ", ".join(names())
        place = Place(f"Must be one of: {known}.", "/profile")
        raise ValidationFailed(f"Unknown profile {profile!r}. Supported: {known}.", places=[place])
    if name.startswith("../"):  # of another profile, wherever its folder is
        return path(*name.removeprefix("../").split("/", 1))
    if made := _house(profile):
        return path(made.extends, name)
    own = folders()[profile] / name
    return own if own.is_file() else FOLDER / USUAL / name


@cache
def text(profile: str, name: str) -> str:
    return path(profile, name).read_text(encoding="utf-8")


@cache
def load(profile: str) -> Profile:
    """The profile, read once. Raises ValidationFailed for a profile that does not exist or is broken."""
    if made := _house(profile):
        base = load(made.extends)
        options = MappingProxyType({**base.options, **made.options})
        description = made.description or base.description
        return replace(base, name=profile, title=made.title, description=description, options=options, house=made)
    said = yaml.safe_load(text(profile, "profile.yaml"))

    def texts(key: str) -> tuple[str, ...]:
        return tuple(text(profile, name) for name in said[key])

    return Profile(
        name=profile,
        title=said["title"],
        description=said["description"],
        page=text(profile, said["page"]),
        title_page=text(profile, said["title_page"]),
        print_css=texts("print"),
        opening_css=texts("opening"),
        screen_css=texts("screen"),
        epub_css="\n".join(texts("epub")),
        options=MappingProxyType(said.get("options", {})),
        paper=said["paper"],
        margin=said["margin"],
        font_size=said["font_size"],
        mirrored=said.get("mirrored", False),
        chapter_heads=said.get("chapter_heads", False),
        title_fields=tuple(said["title_fields"]),
    )
