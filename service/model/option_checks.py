"""What the text of an option must be, beyond its length. Each check raises ValueError with what is wrong."""

from __future__ import annotations

import re

PLACEHOLDERS = ("title", "author", "date", "source", "page", "pages")


def known_placeholders(value: str) -> None:
    for name in re.findall(r"\{([^{}]*)\}", value):
        if name not in PLACEHOLDERS:
            known = ", ".join(f"{{{each}}}" for each in PLACEHOLDERS)
            raise ValueError(f"Unknown placeholder {{{name[:40]}}}; known: {known}.")


def web_address(value: str) -> None:
    if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]{1,1000}", value):
        raise ValueError("Must be a URL that starts with http:// or https://.")
