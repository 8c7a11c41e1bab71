"""The report of a batch: one line per article for programs, written as it ends, and a page for people at the end."""

from __future__ import annotations

import heapq
import json
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from service.commands.batches.manifest import Entry

LINES, PAGE = "colophon-report.jsonl", "colophon-report.md"
MOST_SLOW, MOST_EXAMPLES = 10, 5
MOST_WARNED = 200  # articles whose warnings the page lists


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one article: converted, unchanged or failed. `seconds` is its duration, `entry` is for the manifest.

    `files` are the paths of its artifacts below the folder of the batch.
    """

    name: str
    state: str
    seconds: float = 0.0
    title: str = ""
    notices: Sequence[Mapping[str, Any]] = ()
    problem: Mapping[str, Any] | None = None
    files: Sequence[str] = ()
    entry: Entry | None = None

    def warnings(self) -> list[str]:
        """`line 3: image-missing: …` for each warning."""
        found = [each for each in self.notices if each.get("severity") == "warning"]
        lines = (f"{_line(each)}{each['code']}: {each.get('message', '')}" for each in found)
        return list(dict.fromkeys(lines))

    def line(self) -> dict[str, Any]:
        out: dict[str, Any] = {"name": self.name, "state": self.state}
        out |= {"files": list(self.files)} if self.files else {}
        if self.state == "converted":
            out |= {"title": self.title, "seconds": round(self.seconds, 3), "notices": list(self.notices)}
        return out | ({"problem": dict(self.problem)} if self.problem else {})


@dataclass
class Report:
    """A context manager. `page` is always written at its end."""

    folder: Path
    total: int
    counts: Counter[str] = field(default_factory=Counter)
    notices: Counter[str] = field(default_factory=Counter)
    failures: defaultdict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    warned: list[tuple[str, Sequence[str]]] = field(default_factory=list)
    without_list: int = 0  # articles with warnings beyond MOST_WARNED
    slowest: list[tuple[float, str]] = field(default_factory=list)
    interrupted: bool = False

    def __enter__(self) -> Report:
        self._file = (self.folder / LINES).open("w", encoding="utf-8")
        self._started = time.monotonic()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()
        self.seconds = time.monotonic() - self._started
        (self.folder / PAGE).write_text(self.page(), encoding="utf-8")

    def add(self, result: Result) -> None:
        self._file.write(json.dumps(result.line(), ensure_ascii=False) + "\n")
        self.counts[result.state] += 1
        self.notices.update(str(notice["code"]) for notice in result.notices)
        if warnings := result.warnings():
            if len(self.warned) < MOST_WARNED:
                self.warned.append((result.name, warnings))
            else:
                self.without_list += 1
        if result.problem:
            self.failures[str(result.problem["code"])].append((result.name, str(result.problem["detail"])))
        if result.state == "converted":
            heapq.heappush(self.slowest, (result.seconds, result.name))
            if len(self.slowest) > MOST_SLOW:
                heapq.heappop(self.slowest)

    def sentence(self) -> str:
        return ", ".join(f"{count} {state}" for state, count in sorted(self.counts.items())) or "nothing done"

    def page(self) -> str:
        left = self.total - sum(self.counts.values())
        rate = self.counts["converted"] / self.seconds if self.seconds else 0.0
        head = [f"{self.sentence()}, in {self.seconds:.1f} s: {rate:.1f} articles a second."]
        if self.interrupted:
            head.append(f"The batch was interrupted with {left} left. Run the same command to continue.")
        parts = ["# Colophon: report of a batch", " ".join(head)]
        if self.failures:
            parts += ["## Failures", *(self._failure(code, found) for code, found in sorted(self.failures.items()))]
        if self.warned:
            parts += ["## Warnings by article", *map(self._warnings, sorted(self.warned))]
            parts += [f"And {self.without_list} more articles with warnings."] if self.without_list else []
        if self.notices:
            rows = "\n".join(f"| `{code}` | {count} |" for code, count in self.notices.most_common())
            parts += ["## Notices", "| notice | times |\n|---|---|\n" + rows]
        if self.slowest:
            rows = "\n".join(f"| {seconds:.2f} | {_cell(name)} |" for seconds, name in sorted(self.slowest, reverse=True))
            parts += ["## The slowest", "| seconds | article |\n|---|---|\n" + rows]
        return "\n\n".join(parts) + f"\n\nArticle by article: {LINES}.\n"

    def _warnings(self, of: tuple[str, Sequence[str]]) -> str:
        name, warnings = of
        lines = [f"- {_cell(each)}" for each in warnings[:MOST_EXAMPLES]]
        more = [f"- and {len(warnings) - MOST_EXAMPLES} more"] if len(warnings) > MOST_EXAMPLES else []
        return "\n".join([_cell(name), "", *lines, *more])

    def _failure(self, code: str, found: Sequence[tuple[str, str]]) -> str:
        lines = [f"- {_cell(name)}: {_cell(detail)}" for name, detail in found[:MOST_EXAMPLES]]
        more = [f"- and {len(found) - MOST_EXAMPLES} more"] if len(found) > MOST_EXAMPLES else []
        return "\n".join([f"`{code}`: {len(found)}", "", *lines, *more])


def _line(notice: Mapping[str, Any]) -> str:
    return f"line {notice['line']}: " if notice.get("line") else ""


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
