"""bench/results.json: what was measured, in named sections. Each part replaces its own and leaves the others.

A section is `{"title", "notes": [text], "columns": [name], "rows": [{name: value}], "picture": file or "", "made": {...}}`.
bench/RESULTS.md is made from it, and the goals are looked up in it: see `bench.render` and `bench.goals`. After a change there,
`python -m bench.results` makes the page again.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import plots, render
from service.engines import installation

FILE = Path(__file__).with_name("results.json")
PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
TRIAL = Path(__file__).resolve().parent.parent / "out" / "bench"


class Results:
    """`folder` is where the JSON and the page are; a trial run has one of its own, so that it never passes for a real one."""

    def __init__(self, trial: bool = False) -> None:
        self.trial = trial
        self.file = TRIAL / FILE.name if trial else FILE
        self.page = self.file.with_name("RESULTS.md")
        self.pictures = TRIAL if trial else PICTURES

    def load(self) -> dict[str, Any]:
        return json.loads(self.file.read_text(encoding="utf-8")) if self.file.exists() else {}

    def save(
        self,
        name: str,
        title: str,
        *,
        columns: Sequence[str],
        rows: Sequence[Mapping[str, Any]],
        notes: Sequence[str] = (),
        picture: str = "",
        made: Mapping[str, Any],
    ) -> None:
        """Puts the section in its place and makes the page again."""
        section = {
            "title": title, "notes": list(notes), "columns": list(columns),
            "rows": [_rounded(row) for row in rows], "picture": picture, "made": dict(made),
        }  # fmt: skip
        self.file.parent.mkdir(parents=True, exist_ok=True)
        known = self.load() | {name: section}
        self.file.write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        self.write_page()

    def rendered(self) -> str:
        return render.page(self.load(), os.path.relpath(self.pictures, self.page.parent))

    def write_page(self) -> None:
        self.page.write_text(self.rendered(), encoding="utf-8")

    def plot(self, name: str, draw: plots.Draw) -> str:
        """The picture's file name, or nothing where matplotlib is not installed."""
        self.pictures.mkdir(parents=True, exist_ok=True)
        return name if plots.save(self.pictures / name, draw) else ""


def _rounded(row: Mapping[str, Any]) -> dict[str, Any]:
    """Four digits are more than any of this is sure of."""
    return {name: float(f"{value:.4g}") if isinstance(value, float) else value for name, value in row.items()}


def made(command: str, versions: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Call it before the work: `load` says how busy the machine was with other things."""
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    if load > cores / 4:
        print(f"the machine is busy (load {load:.1f} on {cores} cores): what is measured now is worth little", file=sys.stderr)
    return {
        "command": command,
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": machine(),
        "cores": cores,
        "load": round(load, 1),
        "versions": {**installation.versions(), **(versions or {})},
    }


def machine() -> str:
    gigabytes = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return f"{_processor()}, {os.cpu_count()} cores, {gigabytes:.0f} GiB, {platform.system()} {platform.release().split('-')[0]}"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


if __name__ == "__main__":
    Results().write_page()
