"""Checks of the text of an option, beyond its length. Each check raises ValueError with the error."""

from __future__ import annotations

import re
from datetime import UTC, datetime

PLACEHOLDERS = ("title", "author", "date", "source", "page", "pages")


def known_placeholders(value: str) -> None:
    for name in re.findall(r"\{([^{}]*)\}", value):
        if name not in PLACEHOLDERS:
            known = ", ".join(f"{{{each}}}" for each in PLACEHOLDERS)
            raise ValueError(f"Unknown placeholder {{{name[:40]}}}; known: {known}.")


def web_address(value: str) -> None:
    if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]{1,1000}", value):
        raise ValueError("Must be a URL that starts with http:// or https://.")


def moment(value: str) -> datetime:
    """A date or time of ISO 8601, in UTC without a zone. Raises ValueError for other text."""
    try:
        found = datetime.fromisoformat(value.strip())
    except ValueError:
        raise ValueError("Must be a date or time, for example 2025-03-04 or 2025-03-04T06:00:00Z.") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
