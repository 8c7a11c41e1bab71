"""Options that are of one format alone, where another one is made or the text can't follow them: a notice each time."""

from __future__ import annotations

from schemas.options import OPTIONS
from service.model.document import Conversion, Document, Notice
from service.model.notices import notice
from service.writers.epub import vertical

OF_EPUB = ("writing_mode", "certified_by", "certifier_report")


def told(document: Document, conversion: Conversion, target: str) -> tuple[Notice, ...]:
    """A notice of the options of EPUB that have no effect on this artifact; none where all are at their defaults."""
    asked = [name for name in OF_EPUB if conversion[name] != OPTIONS.fields[name].load_default]
    if target == "epub":
        asked = [name for name in asked if name == "writing_mode" and not vertical.is_possible(document.metadata.lang)]
    if not asked:
        return ()
    where = "a text in this language" if target == "epub" else target.upper()
    names = ", ".join(asked)
    message = (
        f"The option {names} has no effect on {where}." if len(asked) == 1 else f"The options {names} have no effect on {where}."
    )
    return (notice("option-ignored", message, stage=target, data={"options": asked}),)
