"""GOALS: what the measurements are held to, on an idle machine with two cores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

CORES = 2


@dataclass(frozen=True, slots=True)
class Goal:
    """`key` of the first row of `section` that has it, and for which all of `where` holds, is to be at most `limit`."""

    work: str
    against: str
    limit: float
    section: str
    key: str
    where: Mapping[str, object] = field(default_factory=dict)

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


def _page(limit: float, who: str) -> Goal:
    return Goal("182 pages → PDF, CPU a page", who, limit, "manual", "page_cpu_ratio", {"format": "pdf", "who": who})


def _growth(section: str, work: str, to: str) -> Goal:
    return Goal(work, "the exponent of growth", 1.05, section, "exponent", {"format": to, "who": "Colophon"})


TYPST = "Typst library, fonts kept"
GOALS: tuple[Goal, ...] = (
    _ratio("seed", "model article → EPUB over HTTP", 0.20, "epub", "pandoc"),
    _ratio("seed", "model article → DOCX over HTTP", 0.35, "docx", "pandoc"),
    _ratio("corpus", "100 real articles → EPUB", 0.9, "epub", "pandoc, kept"),
    _ratio("corpus", "100 real articles → DOCX", 1.1, "docx", "pandoc, kept"),
    _ratio("seed", "model article → PDF", 1.1, "pdf", TYPST),
    _ratio("corpus", "100 real articles → PDF", 1.2, "pdf", TYPST),
    _page(1.0, "Chromium, warm"),
    _page(1.4, TYPST),
    _ratio("manual", "182 pages → DOCX", 0.6, "docx", "pandoc"),
    _ratio("manual", "182 pages → EPUB", 0.3, "epub", "pandoc"),
    Goal("bytes of the 182-page PDF", "Chromium's", 1.1, "manual", "bytes_ratio", {"format": "pdf", "who": "Chromium, warm"}),
    _growth("growth-pages", "10 to 500 pages → PDF", "pdf"),
    _growth("growth-text", "10 KB to 5 MB → EPUB", "epub"),
    _growth("growth-text", "10 KB to 5 MB → DOCX", "docx"),
    _ratio("batch", "1,000 real articles → PDF", 0.15, "pdf", "pandoc + WeasyPrint, xargs"),
    Goal("1,000 real articles → PDF, seconds each", "the clock", 1 / 20, "batch", "each_seconds", {"who": "Colophon"}),
    Goal("10,000 real articles → EPUB, seconds each", "the clock", 1 / 110, "batch-epub", "each_seconds", {"workers": CORES}),
    Goal("a worker at rest, bytes", "the kernel's count", 120e6, "memory", "worker_memory"),
    Goal("500 pages, peak bytes of the service", "the kernel's count", 700e6, "memory", "memory", {"at": "peak"}),
    Goal(
        "service, to its first PDF, seconds", "the clock", 2.5, "start", "seconds", {"what": "colophon serve, to the first PDF"}
    ),
    Goal(
        "colophon convert → EPUB, CPU seconds", "the kernel's count", 0.8, "start", "cpu", {"what": "colophon convert, to EPUB"}
    ),
    Goal("colophon --help, CPU seconds", "the kernel's count", 0.3, "start", "cpu", {"what": "colophon --help"}),
    Goal("HTTP, validation and passes, model article → PDF", "the engines", 0.10, "profile", "overhead", {"format": "pdf"}),
    Goal("memory after all conversions of the soak", "after a tenth of them", 1.1, "soak", "memory_ratio"),
    Goal("the same request again, seconds", "the clock", 0.005, "cache", "seconds", {"what": "again"}),
)
