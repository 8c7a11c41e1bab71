"""Options that do not apply to a format, by the column `formats` of their rows: a notice for each artifact."""

from __future__ import annotations

from collections.abc import Iterator

from service.model import extensions, profiles
from service.model.document import Conversion, Document, Notice
from service.model.notices import notice
from service.model.options import OPTIONS, Option
from service.writers.epub import vertical


def reported(document: Document, conversion: Conversion, target: str) -> tuple[Notice, ...]:
    """A notice of the options that are set and have no effect on this artifact; empty without such options."""
    names = list(_unused(document, conversion, target))
    if not names:
        return ()
    where = "a text in this language" if target == "epub" and "writing_mode" in names else target.upper()
    what = f"The option {names[0]} has" if len(names) == 1 else f"The options {', '.join(names)} have"
    return (notice("option-ignored", f"{what} no effect on {where}.", stage=target, data={"options": names}),)


def _unused(document: Document, conversion: Conversion, target: str) -> Iterator[str]:
    if target in extensions.of(extensions.WRITERS):
        return  # only that writer knows which ones it uses
    defaults = profiles.load(conversion.profile).options
    for option in OPTIONS.values():
        is_set = conversion[option.attribute] not in (defaults.get(option.name, option.default), option.default, "none")
        if is_set and not _applies(option, document, target):
            yield option.name


def _applies(option: Option, document: Document, target: str) -> bool:
    if option.name == "writing_mode" and target == "epub":
        return vertical.is_possible(document.metadata.lang)
    return not option.formats or target in option.formats
