"""WeasyPrint's own tests, with and without the patches: `python -m bench.weasyprint_suite [-- PYTEST_OPTIONS]`.

The source of the tested version comes from the package index into out/ and is not committed. Its tests run three times: without
patches, with those that save time, and with all. Printed are the counts, and each test that only passes without patches.
Tests that draw need Ghostscript (`gs`); without it they are left out.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tarfile
from collections import Counter
from importlib import import_module
from pathlib import Path
from xml.etree import ElementTree

from service.engines.weasyprint.patches.table import OUTPUT, PATCHES, REQUIRED, SPEED
from service.engines.weasyprint.tested_versions import TESTED

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "out" / "weasyprint"
CHOSEN = "BENCH_WEASYPRINT_PATCHES"
NONE, SPEED_ONLY, ALL = "without patches", "speed patches", "all patches"


def pytest_configure() -> None:
    """This module is also the plugin that installs the patches in the process of the tests."""
    chosen = os.environ.get(CHOSEN, NONE)
    kinds = {ALL: {REQUIRED, OUTPUT, SPEED}, SPEED_ONLY: {SPEED}}.get(chosen, set())
    for patch in PATCHES:
        if patch.kind in kinds:
            import_module(f"service.engines.weasyprint.{patch.module}").install()


def fetch() -> Path:
    """The folder of the tests; the installed WeasyPrint is tested, not the copy in the archive."""
    folder = OUT / f"weasyprint-{TESTED['weasyprint']}"
    if not folder.is_dir():
        wanted = f"weasyprint=={TESTED['weasyprint']}"
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-binary", "weasyprint", "--dest", str(OUT), wanted]
        subprocess.run(command, check=True)
        with tarfile.open(OUT / f"{folder.name}.tar.gz") as archive:
            archive.extractall(OUT)
        shutil.rmtree(folder / "weasyprint")
    return folder


def outcomes(folder: Path, chosen: str, options: list[str]) -> dict[str, str]:
    """Test → passed, failed or skipped."""
    report = OUT / f"{chosen.replace(' ', '-')}.xml"
    drawing = [] if shutil.which("gs") else ["--ignore=tests/draw", "--deselect=tests/test_api.py::test_python_render"]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "bench.weasyprint_suite", "-p", "no:cacheprovider", "tests", *drawing]
    environ = os.environ | {"PYTHONPATH": str(ROOT), CHOSEN: chosen}
    subprocess.run([*command, f"--junit-xml={report}", *options], cwd=folder, env=environ, check=False)
    cases = ElementTree.parse(report).iter("testcase")
    return {f"{case.get('classname')}::{case.get('name')}": _outcome(case) for case in cases}


def _outcome(case: ElementTree.Element) -> str:
    kinds = {each.tag for each in case}
    return "failed" if kinds & {"failure", "error"} else "skipped" if "skipped" in kinds else "passed"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("options", nargs="*", help="options of pytest, behind --")
    arguments = parser.parse_args()
    folder = fetch()
    found = {chosen: outcomes(folder, chosen, arguments.options) for chosen in (NONE, SPEED_ONLY, ALL)}
    for chosen, tests in found.items():
        print(f"{chosen}: {dict(Counter(tests.values()))}")
        for name, outcome in tests.items():
            if outcome == "failed" and found[NONE].get(name) == "passed":
                print(f"  {name}")


if __name__ == "__main__":
    main()
