"""A file checked: by our own rules in a worker, and by a full validator in a process of its own, where the settings say so."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from service.conversion.bounded_workers import Workers
from service.model.document import Source
from service.model.settings import Settings
from service.workers.cancellation import Cancellation

VALIDATORS = {"pdf": "veraPDF", "epub": "epubcheck"}
LARGEST_REPORT = 2_000_000
SEVERITIES = ("error", "warning", "info")
_one = threading.BoundedSemaphore(1)  # a Java machine takes half a gigabyte


def check(source: Source, workers: Workers, settings: Settings, cancellation: Cancellation | None = None) -> dict[str, Any]:
    """The report of `service.inspect.check`, and what a validator found. Raises what a worker does."""
    report, _ = workers.call("check", {"name": source.name}, [source.data], cancellation=cancellation)
    report = {"name": source.name, **report}
    if settings.validators == "on" and report["format"] in VALIDATORS:
        _add(report, _validated(source.data, report, settings))
    return report


def _add(report: dict[str, Any], told: Mapping[str, Any]) -> None:
    """What a validator says joins the report: its findings, who it is, and whether claims hold."""
    name = VALIDATORS[report["format"]]
    own = {"line": None, "detail": "", "fix": "", "checked_by": name}
    report["findings"] = sorted(
        [*report["findings"], *({**own, **each} for each in told.get("findings", ()))],
        key=lambda each: SEVERITIES.index(each["severity"]),
    )
    checker = {"name": name, "version": told.get("version", ""), "kind": "validator", "problem": told.get("problem", "")}
    report["checked_by"].append(checker)
    broken = {each["claim"] for each in report["findings"] if each["severity"] == "error"}
    for claim in report["claims"]:
        if claim["claim"] in told.get("validated", ()):
            claim |= {"holds": claim["claim"] not in broken, "checked_by": [*claim["checked_by"], name]}
    report["counts"] = {each: sum(one["severity"] == each for one in report["findings"]) for each in SEVERITIES}
    report["passed"] = not report["counts"]["error"]


def _validated(data: bytes, report: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
    """The validator's report, or `problem`: it is not installed, busy, too slow, or it failed."""
    if not _one.acquire(timeout=settings.validator_deadline):
        return {"problem": "it is busy"}
    try:
        with tempfile.TemporaryDirectory(prefix="colophon-check-") as name:
            folder, kind = Path(name), report["format"]
            claims = [each["claim"] for each in report["claims"]]
            given = {"kind": kind, "name": f"file.{kind}", "claims": claims, "seconds": settings.validator_deadline}
            (folder / given["name"]).write_bytes(data)
            (folder / "request.json").write_text(json.dumps(given | {"sandbox": settings.sandbox}), encoding="utf-8")
            return _run(folder, settings.validator_deadline)
    finally:
        _one.release()


def _run(folder: Path, seconds: float) -> dict[str, Any]:
    command = [sys.executable, "-m", "service.workers.validation", str(folder)]
    nothing = subprocess.DEVNULL
    environ = {"LANG": "C.UTF-8", "HOME": str(folder), "TMPDIR": str(folder)}
    process = subprocess.Popen(
        command, stdin=nothing, stdout=nothing, stderr=nothing, env=environ, cwd=Path(__file__).parents[2], start_new_session=True
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return {"problem": f"it took longer than {seconds:g} seconds"}
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    report = folder / "report.json"
    if not report.is_file() or report.stat().st_size > LARGEST_REPORT:
        return {"problem": "it failed"}
    told: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return told
