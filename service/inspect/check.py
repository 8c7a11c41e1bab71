"""The check of a file: its claims, whether they hold, and each finding with its rule, place and repair.

Any PDF, EPUB or DOCX, of any program. The checks are those of `pdf_rules`, `epub_rules` and `docx_rules`; they are not a
validation, so the report names its checkers, and a claim without a finding has `holds: null` until a validator confirms it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from service import __version__
from service.containers import onix
from service.containers.epub import accessibility
from service.containers.parts import opened
from service.engines import Engines
from service.inspect import device_checks, docx_package, docx_rules, epub_book, epub_rules, format_of, pdf_rules, signatures
from service.inspect.pdf_structure import File
from service.model.devices import ANY, DEVICES, EVERY, SHOPS, Rule

OWN = "colophon"
MOST = 20  # places of one rule that are reported
SEVERITIES = ("error", "warning", "info")
Findings = list[dict[str, Any]]


def check(data: bytes, device: str = ANY) -> dict[str, Any]:
    """The report; with `device` the findings include what that e-reader or shop requires; `all` means each of them.

    Raises UnsupportedFormat, InvalidDocument and ArchiveTooLarge if it cannot be opened.
    """
    target = format_of(data)
    claims, findings, facts = CHECKS[target](data, device)
    findings.sort(key=lambda each: SEVERITIES.index(each["severity"]))
    broken = {each["claim"] for each in findings if each["severity"] == "error"}
    return {
        "format": target,
        "claims": [{"claim": claim, "holds": False if claim in broken else None, "checked_by": [OWN]} for claim in claims],
        "findings": findings,
        "counts": count(findings),
        "passed": not any(each["severity"] == "error" for each in findings),
        "checked_by": [{"name": OWN, "version": __version__, "kind": "own checks", "problem": ""}],
        "facts": facts,
    }


def count(findings: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    found = Counter(each["severity"] for each in findings)
    return {severity: found[severity] for severity in SEVERITIES}


def _finding(rule: str, severity: str, message: str, fix: str, **more: Any) -> dict[str, Any]:
    known = {"rule": rule, "severity": severity, "message": message, "fix": fix}
    return known | {"clause": "", "claim": "", "place": "", "line": None, "detail": "", "checked_by": OWN} | more


def _pdf(data: bytes, _: str) -> tuple[list[str], Findings, dict[str, Any]]:
    """Violations of its claims are errors. Without a claim of PDF/UA, violations of its rules are warnings."""
    with pdf_rules.opened(data) as pdf:
        xmp = pdf_rules.xmp_of(pdf)
        claims = pdf_rules.claims_of(xmp)
        about = {each: pdf_rules.full_name(each, xmp) for each in claims}
        file = File(pdf, xmp)
        found = [_of_pdf(rule, each, "error", about.get(each.claim, "")) for rule, each in pdf_rules.broken(file, claims)]
        if not any(each.startswith(("ua", "wtpdf-accessibility")) for each in claims):
            part = "ua-2" if pdf.pdf_version >= "2.0" else "ua-1"
            found += [_of_pdf(rule, each, "warning", "") for rule, each in pdf_rules.broken(file, [part])]
        signed = signatures.of(pdf, data)
        facts: dict[str, Any] = {"pages": len(pdf.pages), "pdf_version": str(pdf.pdf_version)}
        facts |= {"encrypted": bool(pdf.is_encrypted), "signatures": signed, "onix": onix.of_pdf(about.values())}
    for broken, place, detail in signatures.findings(signed):
        found.append(_finding(f"pdf/{broken.name}", broken.severity, broken.message, broken.fix, place=place, detail=detail))
    return list(about.values()), found, facts


def _of_pdf(rule: pdf_rules.Rule, found: pdf_rules.Finding, severity: str, claim: str) -> dict[str, Any]:
    if not found.claim:  # it could not be checked
        return _finding(rule.name, "warning", found.message, "Save the file again with another program.", place="document")
    clause = f"{found.claim.upper()} {found.rule}"
    return _finding(f"pdf/{rule.name}", severity, rule.message, rule.fix, clause=clause, claim=claim, place=found.place)


def _epub(data: bytes, device: str) -> tuple[list[str], Findings, dict[str, Any]]:
    """Violations of EPUB are errors. Violations of accessibility rules are errors if the book claims conformance."""
    with opened(data, "EPUB") as parts:
        book = epub_book.read(parts)
        claims = list(dict.fromkeys([*book.properties("dcterms:conformsTo"), *_linked(book)]))
        found = []
        for rule in epub_rules.RULES:
            claim = claims[0] if claims and rule.name in epub_rules.ACCESSIBILITY else ""
            found += list(_of_parts(rule, "epub", "error" if claim else rule.severity, claim, rule.find(book)))
        facts: dict[str, Any] = {"epub_version": book.version, "documents": len(book.documents), "files": len(parts.names)}
        facts["devices"] = _for_devices(book, len(data), device, found)
        said = accessibility(book.package) if book.package is not None else {}
        return claims, found, facts | {"onix": onix.of_epub(said)}


def _for_devices(book: epub_book.Book, size: int, device: str, findings: Findings) -> dict[str, Any]:
    """For each shop: whether it accepts the book, and the names of the rules that are broken. Adds those of `device`."""
    reported = {shop: {"accepted": True, "refused_by": list[str](), "advice": list[str]()} for shop in SHOPS}
    for rule, places in device_checks.broken(book, size, SHOPS):
        about: dict[str, Any] = reported[rule.device]
        about["refused_by" if rule.refuses else "advice"].append(rule.name)
        about["accepted"] = not about["refused_by"]
        if device in (rule.device, EVERY):
            findings += _of_device(rule, places)
    return reported


def _of_device(rule: Rule, places: Sequence[epub_book.Place]) -> Iterator[dict[str, Any]]:
    for each in places:
        shown = f"{each.part}, line {each.line}" if each.line else each.part
        message = f"{DEVICES[rule.device].label}{' refuses it' if rule.refuses else ''}: {rule.message}"
        yield _finding(
            rule.key, "warning" if rule.refuses else "info", message, rule.fix,
            clause=rule.source, place=shown, line=each.line or None, detail=each.detail,
        )  # fmt: skip


def _linked(book: epub_book.Book) -> Iterator[str]:
    """Conformance claimed by a link of the package (EPUB Accessibility 1.0)."""
    for each in book.package.iter("{*}link") if book.package is not None else ():
        if "dcterms:conformsTo" in (each.get("rel") or "").split():
            yield each.get("href", "")


def _docx(data: bytes, _: str) -> tuple[list[str], Findings, dict[str, Any]]:
    with opened(data, "DOCX") as parts:
        package = docx_package.read(parts)
        found: Findings = []
        for rule in docx_rules.RULES:
            found += list(_of_parts(rule, "docx", rule.severity, "", rule.find(package)))
        # A part that a rule parsed last may not be well-formed either.
        found += list(_of_parts(docx_rules.RULES[0], "docx", "error", "", package.unreadable[_reported(found) :]))
        return [], found, {"files": len(parts.names), "headings": len(package.headings)}


def _reported(found: Findings) -> int:
    return sum(each["rule"] == "docx/not-well-formed" for each in found)


def _of_parts(
    rule: epub_rules.Rule | docx_rules.Rule, kind: str, severity: str, claim: str, places: Iterable[epub_book.Place]
) -> Iterator[dict[str, Any]]:
    for place in islice(places, MOST):
        shown = f"{place.part}, line {place.line}" if place.line else place.part
        yield _finding(
            f"{kind}/{rule.name}", severity, rule.message, rule.fix,
            clause=rule.source, claim=claim, place=shown, line=place.line or None, detail=place.detail,
        )  # fmt: skip


CHECKS: Mapping[str, Callable[[bytes, str], tuple[list[str], Findings, dict[str, Any]]]] = {
    "pdf": _pdf, "epub": _epub, "docx": _docx,
}  # fmt: skip


def serve_check(header: Mapping[str, Any], blobs: Sequence[bytes], _: Engines) -> tuple[dict[str, Any], list[bytes]]:
    """The worker's operation."""
    return check(blobs[0], header.get("device", ANY)), []
