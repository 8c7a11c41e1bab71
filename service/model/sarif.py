"""Reports of checks as SARIF 2.1.0 (OASIS, 2020), which code hosts and editors show next to the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from service import __version__

MEDIA_TYPE = "application/sarif+json"
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def log(reports: Sequence[tuple[str, Mapping[str, Any]]]) -> dict[str, Any]:
    """One run for each program that checked; `reports` are name and report of each file."""
    names = dict.fromkeys(each["name"] for _, report in reports for each in report["checked_by"]) or {"colophon": None}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(name, reports) for name in names]}


def _run(checker: str, reports: Sequence[tuple[str, Mapping[str, Any]]]) -> dict[str, Any]:
    found = [(name, each) for name, report in reports for each in report["findings"] if each["checked_by"] == checker]
    rules = {each["rule"]: each for _, each in reversed(found)}
    order = {rule: index for index, rule in enumerate(sorted(rules))}
    versions = [each["version"] for _, report in reports for each in report["checked_by"] if each["name"] == checker]
    driver: dict[str, Any] = {"name": checker, "version": next(iter(versions), "") or __version__}
    driver["rules"] = [_rule(rules[name]) for name in order]
    return {
        "tool": {"driver": driver},
        "artifacts": [{"location": {"uri": quote(name)}} for name, _ in reports],
        "results": [_result(name, each, order[each["rule"]]) for name, each in found],
        "columnKind": "unicodeCodePoints",
    }


def _rule(finding: Mapping[str, Any]) -> dict[str, Any]:
    rule = {"id": finding["rule"], "shortDescription": {"text": finding["message"]}}
    help_text = {"help": {"text": finding["fix"]}} if finding["fix"] else {}
    return rule | help_text | {"properties": {"clause": finding["clause"]}}


def _result(name: str, finding: Mapping[str, Any], index: int) -> dict[str, Any]:
    message = " ".join(filter(None, [finding["message"], finding["detail"], finding["fix"]]))
    location: dict[str, Any] = {"physicalLocation": {"artifactLocation": {"uri": quote(name)}}}
    if finding["place"]:
        location["logicalLocations"] = [{"fullyQualifiedName": finding["place"]}]
    return {
        "ruleId": finding["rule"], "ruleIndex": index, "level": LEVELS[finding["severity"]], "message": {"text": message},
        "locations": [location], "properties": {"claim": finding["claim"]},
    }  # fmt: skip
