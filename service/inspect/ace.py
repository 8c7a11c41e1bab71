"""Ace by DAISY: the accessibility of an EPUB, by axe-core in a browser. It runs in `service.workers.validation`.

Ace is a program of Node.js (MIT) that drives Chromium without the sandbox of the browser, so that it needs one of this service.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

PROGRAM = ("node_modules", "@daisy", "ace-cli", "bin", "ace.js")
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
HEAP = 512  # MB of JavaScript in Node.js
SERIOUS = ("critical", "serious")  # impacts that EPUB Accessibility 1.1 forbids for rules of WCAG
MOST = 200  # findings


def validate(path: str, claims: Sequence[str], folder: str, installed: str) -> dict[str, Any]:
    """`name`, `version` and `findings` of one EPUB. `installed` is the folder where npm installed Ace.

    Raises ModuleNotFoundError if Ace, Node.js or a browser is missing, RuntimeError if it writes no report.
    """
    program, node = Path(installed).joinpath(*PROGRAM), shutil.which("node")
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    for name, found in (("ace-cli", program.is_file()), ("node", node), ("chromium", browser)):
        if not found:
            raise ModuleNotFoundError(name, name=name)
    environment = {
        "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": folder, "TMPDIR": folder, "XDG_CONFIG_HOME": folder,
        "XDG_CACHE_HOME": folder, "PUPPETEER_EXECUTABLE_PATH": str(browser), "ACE_TIMEOUT_INITIAL": "120000",
    }  # fmt: skip
    out = Path(folder) / "ace"
    argv = [str(node), f"--max-old-space-size={HEAP}", str(program), "--silent", "--outdir", str(out), path]
    subprocess.run(
        argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, check=False
    )
    if not (out / "report.json").is_file():
        raise RuntimeError("no report")
    return report(json.loads((out / "report.json").read_text(encoding="utf-8")), claims)


def report(reported: Any, claims: Sequence[str]) -> dict[str, Any]:
    """Ace never confirms a claim, because a person must check the rest. It can refute one."""
    version = str(reported["earl:assertedBy"]["doap:release"]["doap:revision"])
    findings = list(_findings(reported["assertions"], claims[0] if claims else ""))
    return {"name": "Ace by DAISY", "version": version, "validated": [], "findings": findings[:MOST]}


def _findings(parts: Any, claim: str) -> Iterator[dict[str, Any]]:
    for part in parts:
        for each in part["assertions"]:
            test, result = each["earl:test"], each["earl:result"]
            is_of_wcag = any(tag.startswith("wcag") for tag in test.get("rulesetTags", ()))
            breaks = bool(claim) and test["earl:impact"] in SERIOUS and is_of_wcag
            place = str(part["earl:testSubject"]["url"]).removeprefix("/")
            pointer = next(iter(result.get("earl:pointer", {}).get("css", ())), "")
            yield {
                "rule": f"ace/{test['dct:title']}",
                "severity": "error" if breaks else "warning" if test["earl:impact"] in (*SERIOUS, "moderate") else "info",
                "message": str(test["help"]["dct:description"])[:500],
                "place": f"{place}, {pointer}" if pointer else place,
                "detail": str(result["dct:description"]).partition("\n")[0][:300],
                "fix": f"See {test['help']['url']}", "clause": test["dct:title"], "claim": claim if breaks else "",
            }  # fmt: skip
