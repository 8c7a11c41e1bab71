"""Checks a file: by its rules in a worker and, if the settings say so, by full validators in separate processes."""

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
from service.model.devices import ANY
from service.model.document import Source
from service.model.settings import Settings
from service.workers.cancellation import Cancellation

# Format → its validators: the key in `service.workers.validation`, and the name.
VALIDATORS = {"pdf": {"verapdf": "veraPDF"}, "epub": {"epubcheck": "epubcheck", "ace": "Ace by DAISY"}}
LARGEST_REPORT = 2_000_000
SEVERITIES = ("error", "warning", "info")
_one = threading.BoundedSemaphore(1)  # a Java machine and a browser take half a gigabyte


def check(
    source: Source, workers: Workers, settings: Settings, cancellation: Cancellation | None = None, device: str = ANY
) -> dict[str, Any]:
    """The report of `service.inspect.check` for a device, with the findings of validators. Raises the errors of a worker."""
    report, _ = workers.call("check", {"name": source.name, "device": device}, [source.data], cancellation=cancellation)
    report = {"name": source.name, **report}
    claims = [each["claim"] for each in report["claims"]]
    for validator, name in VALIDATORS.get(report["format"], {}).items() if settings.validators == "on" else ():
        if validator != "ace" or settings.ace:
            given = {"validator": validator, "name": f"file.{report['format']}", "claims": claims}
            _add(report, name, _validated(source.data, given, settings))
    return report


def _add(report: dict[str, Any], name: str, reported: Mapping[str, Any]) -> None:
    """Adds a validator's result to the report: its findings, its name, and whether claims hold."""
    own = {"line": None, "detail": "", "fix": "", "checked_by": name}
    report["findings"] = sorted(
        [*report["findings"], *({**own, **each} for each in reported.get("findings", ()))],
        key=lambda each: SEVERITIES.index(each["severity"]),
    )
    checker = {"name": name, "version": reported.get("version", ""), "kind": "validator", "problem": reported.get("problem", "")}
    report["checked_by"].append(checker)
    broken = {each["claim"] for each in report["findings"] if each["severity"] == "error"}
    for claim in report["claims"]:
        if claim["claim"] in reported.get("validated", ()):
            claim |= {"holds": claim["claim"] not in broken, "checked_by": [*claim["checked_by"], name]}
        elif claim["claim"] in broken:
            claim["holds"] = False
    report["counts"] = {each: sum(one["severity"] == each for one in report["findings"]) for each in SEVERITIES}
    report["passed"] = not report["counts"]["error"]


def _validated(data: bytes, given: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
    """The validator's report, or `problem`: it is not installed, busy, too slow, or it failed."""
    if not _one.acquire(timeout=settings.validator_deadline):
        return {"problem": "it is busy"}
    try:
        with tempfile.TemporaryDirectory(prefix="colophon-check-", ignore_cleanup_errors=True) as name:
            folder = Path(name)
            (folder / given["name"]).write_bytes(data)
            reported = {**given, "seconds": settings.validator_deadline, "sandbox": settings.sandbox, "ace": settings.ace}
            (folder / "request.json").write_text(json.dumps(reported), encoding="utf-8")
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
    reported: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return reported
