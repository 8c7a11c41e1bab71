"""The table of formats: names, suffixes, media types; no implementation."""

from __future__ import annotations

from collections.abc import Iterable

from service.model.errors import Place, ValidationFailed
from service.readers import READERS
from service.writers import WRITERS

# By these an archive's article is told from its pictures.
SUFFIXES = frozenset(suffix for reader in READERS.values() for suffix in reader.suffixes)


def check_targets(targets: Iterable[str]) -> None:
    """Raises ValidationFailed for a format that no writer makes."""
    for target in targets:
        if target not in WRITERS:
            known = ", ".join(WRITERS)
            raise ValidationFailed(
                f"Unknown format {target!r}; known: {known}.", places=[Place(f"Must be one of: {known}.", "/to")]
            )
