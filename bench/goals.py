"""GOALS: what the measurements are held to. They were set for an idle machine with 4 cores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

CORES = 4


@dataclass(frozen=True, slots=True)
class Goal:
    """`key` of the first row of `section` that has it, and for which all of `where` holds, is to be at most `limit`."""

    work: str
    against: str
    limit: float
    section: str
    key: str
    where: Mapping[str, str] = field(default_factory=dict)

    def measured(self, results: Mapping[str, Any]) -> float | None:
        """None where it was not measured."""
        for row in results.get(self.section, {}).get("rows", ()):
            if row.get(self.key) is not None and all(row.get(name) == value for name, value in self.where.items()):
                return float(row[self.key])
        return None

    def verdict(self, results: Mapping[str, Any]) -> str:
        measured = self.measured(results)
        if measured is None:
            return "not measured"
        return "met" if measured <= self.limit else "not met"


def _ratio(section: str, work: str, limit: float, to: str, who: str) -> Goal:
    return Goal(work, who, limit, section, "ratio", {"format": to, "who": who})


GOALS: tuple[Goal, ...] = (
    _ratio("seed", "seed → DOCX over HTTP", 0.45, "docx", "pandoc"),
    _ratio("seed", "seed → EPUB over HTTP", 0.30, "epub", "pandoc"),
    _ratio("seed", "seed → PDF over HTTP", 0.15, "pdf", "pandoc + WeasyPrint"),
    _ratio("seed", "seed → PDF over HTTP", 0.45, "pdf", "Chromium, warm"),
    _ratio("seed", "seed → PDF over HTTP", 2.0, "pdf", "Typst library"),
    _ratio("manual", "150-page document → PDF", 1.0, "pdf", "Chromium, started anew"),
    _ratio("batch", "1,000 corpus articles → PDF", 0.15, "pdf", "pandoc + WeasyPrint, xargs"),
    Goal("memory after all conversions of the soak", "after a tenth of them", 1.1, "soak", "memory_ratio"),
    Goal("bytes of the seed's PDF", "Chromium's", 0.25, "seed", "bytes_ratio", {"format": "pdf", "who": "Chromium, warm"}),
    Goal("the same request again, seconds", "the clock", 0.005, "cache", "seconds", {"what": "again"}),
    Goal("HTTP, validation and passes, seed → PDF", "the engines' own time", 0.10, "profile", "overhead", {"format": "pdf"}),
)
