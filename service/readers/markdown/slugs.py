"""Identifiers of headings as GitHub makes them: what links within Markdown texts are written for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

REMOVED = re.compile(r"[^\w\-\s]")
WHITE = re.compile(r"\s")


@dataclass
class Slugs:
    """The identifiers of one text, each given once."""

    given: dict[str, int] = field(default_factory=dict)

    def of(self, heading: str) -> str:
        """The identifier of the next heading with this text."""
        slug = WHITE.sub("-", REMOVED.sub("", heading.lower()))
        times = self.given.get(slug, 0)
        self.given[slug] = times + 1
        return f"{slug}-{times}" if times and slug else slug
