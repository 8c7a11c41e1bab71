"""Our own checks of what a PDF claims find what veraPDF finds: on sound files nothing, on broken ones the rule that is broken."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from schemas import options
from service.engines import Engines
from service.inspect import pdf_rules
from service.inspect.pdf_structure import File
from service.model.document import Asset, Source
from service.pipeline import steps
from tests.writers.conftest import PICTURE
from tests.writers.test_pdf_variants import failures

TEXT = """---
title: Lamps
lang: en
---

Text with a [link](https://lamps.example/), a [part](#two), $x^2$ and a note.[^1]

![A lamp](lamp.png)

## Two

- one

1. two

### Three

| a | b |
|---|---|
| 1 | 2 |
| 3 | 4 |

[^1]: The note.
"""
# Variant → profile of veraPDF → claim of this service.
PROFILES = {"": "ua1", "pdf/ua-2": "ua2", "pdf/a-3u+ua-1": "3u", "pdf/a-4f+ua-2": "4f"}
CLAIMS = {"ua1": "ua-1", "ua2": "ua-2", "3u": "a-3", "4f": "a-4"}


def elements(pdf: pikepdf.Pdf, role: str) -> list[Any]:
    return [node.element for node in File(pdf, "").of(role)]


def of_type(pdf: pikepdf.Pdf, name: str) -> list[Any]:
    return [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == name]


def _rename(role: str, other: str, number: int = 0) -> Callable[[pikepdf.Pdf], None]:
    def rename(pdf: pikepdf.Pdf) -> None:
        elements(pdf, role)[number]["/S"] = pikepdf.Name(other)

    return rename


def _remove(key: str) -> Callable[[pikepdf.Pdf], None]:
    def remove(pdf: pikepdf.Pdf) -> None:
        del pdf.Root[key]

    return remove


def _untitled(pdf: pikepdf.Pdf) -> None:
    data = pdf.Root.Metadata.read_bytes()
    start, end = data.index(b"<dc:title>"), data.index(b"</dc:title>") + len(b"</dc:title>")
    pdf.Root.Metadata.write(data[:start] + data[end:])


def _undescribed(pdf: pikepdf.Pdf) -> None:
    del elements(pdf, "/Figure")[0]["/Alt"]


def _silent_links(pdf: pikepdf.Pdf) -> None:
    for each in (link for page in pdf.pages for link in page.get("/Annots", [])):
        del each["/Contents"]


def _links_elsewhere(pdf: pikepdf.Pdf) -> None:
    for each in elements(pdf, "/Link"):
        each["/S"] = pikepdf.Name("/Span")


def _unnumbered(pdf: pikepdf.Pdf) -> None:
    for each in elements(pdf, "/L"):
        del each["/A"]


def _without_scope(pdf: pikepdf.Pdf) -> None:
    for each in (*elements(pdf, "/TH"), *elements(pdf, "/TD")):
        for key in {"/Scope", "/Headers"} & set(each["/A"].keys()):
            del each["/A"][key]


def _uneven(pdf: pikepdf.Pdf) -> None:
    del elements(pdf, "/TR")[2]["/K"][1]


def _without_font(pdf: pikepdf.Pdf) -> None:
    for each in of_type(pdf, "/FontDescriptor"):
        for key in {"/FontFile2", "/FontFile3"} & set(each.keys()):
            del each[key]


def _without_characters(pdf: pikepdf.Pdf) -> None:
    for each in of_type(pdf, "/Font"):
        if "/ToUnicode" in each:
            del each["/ToUnicode"]


def _without_tabs(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        del page["/Tabs"]


def _plain_destination(pdf: pikepdf.Pdf) -> None:
    names = pdf.Root.Names.Dests.Names
    names[1] = names[1]["/D"]


def _interpolated(pdf: pikepdf.Pdf) -> None:
    for each in pdf.objects:
        if isinstance(each, pikepdf.Stream) and each.get("/Subtype") == "/Image":
            each["/Interpolate"] = True


def _unrelated(pdf: pikepdf.Pdf) -> None:
    for each in of_type(pdf, "/Filespec"):
        del each["/AFRelationship"]


def _program(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pdf.make_indirect(pikepdf.Dictionary(S=pikepdf.Name("/JavaScript"), JS="1"))


# What breaks a file, and the variants in which that is against a rule.
BREAKS: dict[str, tuple[Callable[[pikepdf.Pdf], None], tuple[str, ...]]] = {
    "not marked": (_remove("/MarkInfo"), ("", "pdf/ua-2")),
    "no language": (_remove("/Lang"), ("", "pdf/ua-2")),
    "title not shown": (_remove("/ViewerPreferences"), ("", "pdf/ua-2")),
    "no title": (_untitled, ("", "pdf/ua-2")),
    "no description": (_undescribed, ("", "pdf/ua-2")),
    "skipped level": (_rename("/H2", "/H5"), ("",)),
    "silent links": (_silent_links, ("",)),
    "links elsewhere": (_links_elsewhere, ("", "pdf/ua-2")),
    "row elsewhere": (_rename("/TR", "/Div", 1), ("", "pdf/ua-2")),
    "item without body": (_rename("/LBody", "/P"), ("", "pdf/ua-2")),
    "unnumbered list": (_unnumbered, ("pdf/ua-2",)),
    "no scope": (_without_scope, ("",)),
    "uneven rows": (_uneven, ("", "pdf/ua-2")),
    "no font": (_without_font, ("", "pdf/ua-2", "pdf/a-3u+ua-1", "pdf/a-4f+ua-2")),
    "no characters": (_without_characters, ("", "pdf/ua-2")),
    "no tabs": (_without_tabs, ("", "pdf/ua-2")),
    "plain destination": (_plain_destination, ("pdf/ua-2",)),
    "no output intent": (_remove("/OutputIntents"), ("pdf/a-3u+ua-1", "pdf/a-4f+ua-2")),
    "interpolated": (_interpolated, ("pdf/a-3u+ua-1", "pdf/a-4f+ua-2")),
    "unrelated files": (_unrelated, ("pdf/a-3u+ua-1", "pdf/a-4f+ua-2")),
    "a program": (_program, ("pdf/a-3u+ua-1",)),
}


@pytest.fixture(scope="module")
def sound(engines: Engines) -> dict[str, bytes]:
    """The file of each variant."""
    found = {}
    for variant in PROFILES:
        recipe = options.load(("pdf",), {"pdf_variant": variant, "toc": True, "verify": "full"})
        source = Source("a.md", TEXT.encode(), assets=(Asset("lamp.png", PICTURE.read_bytes()),))
        made = steps.write(steps.read(source, recipe, engines), recipe, "pdf", engines)
        assert "claim-broken" not in {each.code for each in made.notices}
        assert made.report["conformance"]["claims"] and not made.report["conformance"]["findings"]
        found[variant] = made.data
    return found


def broken(data: bytes, change: Callable[[pikepdf.Pdf], None], version: str = "") -> bytes:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        change(pdf)
        out = io.BytesIO()
        pdf.save(out, static_id=True, force_version=version)
        return out.getvalue()


@pytest.mark.skipif(not shutil.which("java"), reason="no Java for veraPDF (Debian: default-jre-headless)")
def test_what_verapdf_finds_is_found(sound: dict[str, bytes], tmp_path: Path) -> None:
    ours: dict[str, set[str]] = {}
    for name, (change, variants) in BREAKS.items():
        for variant in variants:
            path = tmp_path / f"{len(ours)}-{name}.pdf"
            path.write_bytes(broken(sound[variant], change))
            found = pdf_rules.findings(path.read_bytes())[1]
            ours[f"{PROFILES[variant]}={path}"] = {one.rule for one in found if one.claim == CLAIMS[PROFILES[variant]]}
    for variant, version in (("", "2.0"), ("pdf/ua-2", "1.7"), ("pdf/a-4f+ua-2", "1.7")):
        path = tmp_path / f"{len(ours)}.pdf"
        path.write_bytes(broken(sound[variant], lambda _: None, version))
        found = pdf_rules.findings(path.read_bytes())[1]
        ours[f"{PROFILES[variant]}={path}"] = {one.rule for one in found if one.claim == CLAIMS[PROFILES[variant]]}
    theirs = failures(list(ours))
    for argument, rules in ours.items():
        clauses = [each.partition(" ")[0] if each[:5] != "Table" else "Table 5" for each in theirs[argument]]
        assert rules and rules <= set(clauses), (argument, rules, clauses)


def test_every_rule_is_broken_by_a_test(sound: dict[str, bytes]) -> None:
    messages = {
        finding.message
        for change, variants in BREAKS.values()
        for variant in variants
        for finding in pdf_rules.findings(broken(sound[variant], change))[1]
    }
    messages |= {finding.message for finding in pdf_rules.findings(broken(sound[""], lambda _: None, "2.0"))[1]}
    with pikepdf.open(io.BytesIO(sound["pdf/a-3u+ua-1"])) as pdf:
        pdf.save(out := io.BytesIO(), encryption=pikepdf.Encryption(owner="lamp", metadata=False))
    messages |= {finding.message for finding in pdf_rules.findings(out.getvalue())[1]}
    assert messages == {rule.message for rule in pdf_rules.RULES}


def test_a_broken_claim_is_a_warning(engines: Engines, monkeypatch: pytest.MonkeyPatch) -> None:
    finding = pdf_rules.Finding("ua-1", "7.3-1", "A picture or formula has no description.", "element 3 (Figure)")
    monkeypatch.setattr(pdf_rules, "findings", lambda _: (["ua-1"], [finding]))
    recipe = options.load(("pdf",), {"verify": "full"})
    made = steps.write(steps.read(Source("a.md", b"# T\n\nText."), recipe, engines), recipe, "pdf", engines)
    reported = next(each for each in made.notices if each.code == "claim-broken")
    assert reported.severity == "warning" and reported.data["places"] == ["element 3 (Figure)"] and "7.3-1" in reported.message
    assert made.report["conformance"]["findings"][0]["rule"] == "7.3-1"
