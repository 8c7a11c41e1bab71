"""Checks the claims of a PDF by the rules that a writer can break: fast, in this process, without a validator.

`RULES` is the table: a rule, the clause of each standard, a function that finds the places that break it, and how to repair it.
The clauses are those of veraPDF's profiles for ISO 14289-1 (`ua-1`), ISO 14289-2 (`ua-2`; `Table 5` is of ISO/TS 32005),
ISO 19005-1 to -3 (`a-1`, `a-2`, `a-3`) and ISO 19005-4 (`a-4`). This is not a validation: the content of pages is not checked.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pikepdf

from service.inspect.pdf_structure import File, listed
from service.model.errors import InvalidDocument

MOST = 20  # places of one rule that are reported
# Exceptions of an access to a malformed file: its rule cannot be checked.
MALFORMED = (pikepdf.PdfError, ValueError, TypeError, AttributeError, KeyError, IndexError, OverflowError, RuntimeError)
CLAIM = {
    "a": re.compile(r"""pdfaid:part(?:>|=["'])[ \r\n\t]*+(\d)"""),
    "ua": re.compile(r"""pdfuaid:part(?:>|=["'])[ \r\n\t]*+(\d)"""),
}
WTPDF = re.compile(r"pdfa\.org/declarations/wtpdf#(accessibility|reuse)1\.0")
LEVEL = re.compile(r"""pdfaid:conformance(?:>|=["'])[ \r\n\t]*+([A-Za-z])""")
HEADINGS = ("/H1", "/H2", "/H3", "/H4", "/H5", "/H6")
SIMPLE_FONTS = ("/Type1", "/TrueType", "/MMType1")  # without a descriptor: a standard font of the viewer
GROUPS = frozenset({"/THead", "/TBody", "/TFoot"})
# The parents of each part of a list or table.
PARENTS: Mapping[str, frozenset[str]] = {
    "/LI": frozenset({"/L"}), "/LBody": frozenset({"/LI"}), "/THead": frozenset({"/Table"}), "/TBody": frozenset({"/Table"}),
    "/TFoot": frozenset({"/Table"}), "/TR": GROUPS | {"/Table"}, "/TH": frozenset({"/TR"}), "/TD": frozenset({"/TR"}),
}  # fmt: skip


class Finding(NamedTuple):
    """A broken rule: the claim, its clause, the error, its place, and the repair."""

    claim: str
    rule: str
    message: str
    place: str
    fix: str = ""


Found = Iterable[str]


def _marked(file: File) -> Found:
    info = file.pdf.Root.get("/MarkInfo")
    if "/StructTreeRoot" not in file.pdf.Root or info is None or not info.get("/Marked"):
        yield "document"


def _language(file: File) -> Found:
    if not str(file.pdf.Root.get("/Lang", "")).strip():
        yield "document"


def _display_title(file: File) -> Found:
    preferences = file.pdf.Root.get("/ViewerPreferences")
    if preferences is None or not preferences.get("/DisplayDocTitle"):
        yield "document"


def _title(file: File) -> Found:
    if "<dc:title" not in file.xmp and "dc:title=" not in file.xmp:
        yield "metadata"


def _descriptions(file: File) -> Found:
    return (node.place for node in file.of("/Figure", "/Formula") if not {"/Alt", "/ActualText"} & set(node.element.keys()))


def _heading_levels(file: File) -> Found:
    last = 0
    for node in file.of(*HEADINGS):
        level = HEADINGS.index(node.role) + 1
        if level > last + 1:
            yield node.place
        last = level


def _link_contents(file: File) -> Found:
    return (place for place, link in file.links() if not str(link.get("/Contents", "")))


def _link_elements(file: File) -> Found:
    for node in file.nodes:
        for kid in node.kids():
            is_object = isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/OBJR"
            if is_object and kid["/Obj"].get("/Subtype") == "/Link" and node.role not in ("/Link", "/Reference"):
                yield node.place


def _parts_in_place(file: File) -> Found:
    return (node.place for node in file.nodes if node.role in PARENTS and node.parent not in PARENTS[node.role])


def _items(file: File) -> Found:
    """An item contains a label and a body."""
    for node in file.of("/LI"):
        roles = {str(kid["/S"]) for kid in node.kids() if isinstance(kid, pikepdf.Dictionary) and "/S" in kid}
        if roles - {"/Lbl", "/LBody"}:
            yield node.place


def _numbering(file: File) -> Found:
    """A list with labels has an attribute for its numbering."""
    labelled = {node.element.get("/P").objgen for node in file.of("/Lbl") if node.parent == "/LI"}
    for node in file.of("/L"):
        items = (kid for kid in node.kids() if isinstance(kid, pikepdf.Dictionary) and kid.objgen in labelled)
        styles = {str(each.get("/ListNumbering", "/None")) for each in listed(node.element.get("/A"))} - {"/None"}
        if any(True for _ in items) and not styles:
            yield node.place


def _heads(file: File) -> Found:
    """A head has a scope, unless each value names its heads."""
    named = any("/Headers" in each for node in file.of("/TD") for each in listed(node.element.get("/A")))
    for node in file.of("/TH"):
        if not named and not any("/Scope" in each for each in listed(node.element.get("/A"))):
            yield node.place


def _rows(file: File) -> Found:
    """The rows of a group have the same number of columns, with the columns that cells of rows above span."""
    for node in file.of("/Table", *GROUPS):
        rows = [kid for kid in node.kids() if isinstance(kid, pikepdf.Dictionary) and kid.get("/S") == "/TR"]
        if len(set(_lengths(rows))) > 1:
            yield node.place


def _lengths(rows: Sequence[Any]) -> Iterator[int]:
    spanning: list[tuple[int, int]] = []  # columns, rows left
    for row in rows:
        length = sum(wide for wide, _ in spanning)
        spanning = [(wide, left - 1) for wide, left in spanning if left > 1]
        for cell in listed(row.get("/K")):
            abouts = listed(cell.get("/A")) if isinstance(cell, pikepdf.Dictionary) else []
            wide = max((int(each.get("/ColSpan", 1)) for each in abouts), default=1)
            down = max((int(each.get("/RowSpan", 1)) for each in abouts), default=1)
            length += wide
            spanning += [(wide, down - 1)] if down > 1 else []
        yield length


def _fonts(file: File) -> Found:
    for each in file.objects():
        if each.get("/Type") == "/Font" and each.get("/Subtype") in SIMPLE_FONTS and "/FontDescriptor" not in each:
            yield f"font {str(each.get('/BaseFont'))[1:]}"
        if each.get("/Type") == "/FontDescriptor" and not {"/FontFile", "/FontFile2", "/FontFile3"} & set(each.keys()):
            yield f"font {str(each.get('/FontName'))[1:]}"


def _unicode(file: File) -> Found:
    for each in file.objects():
        if each.get("/Type") == "/Font" and each.get("/Subtype") == "/Type0" and "/ToUnicode" not in each:
            yield f"font {str(each.get('/BaseFont'))[1:]}"


def _tabs(file: File) -> Found:
    for number, page in enumerate(file.pdf.pages, 1):
        if "/Annots" in page and page.get("/Tabs") != "/S":
            yield f"page {number}"


def _destinations(file: File) -> Found:
    """Named destinations and the outline must lead to elements of the structure."""
    names = file.pdf.Root.get("/Names", pikepdf.Dictionary()).get("/Dests", pikepdf.Dictionary())
    for name, target in zip(*[iter(listed(names.get("/Names")))] * 2, strict=False):
        if not isinstance(target, pikepdf.Dictionary) or "/SD" not in target:
            yield f"destination {str(name)[:80]}"
    for each in file.objects():
        if "/Title" in each and "/Parent" in each and ("/Dest" in each or "/SD" not in each.get("/A", pikepdf.Dictionary())):
            yield f"bookmark {str(each['/Title'])[:80]}"


def _version(file: File) -> Found:
    """PDF/UA-1 is of PDF 1.7, PDF/UA-2 and PDF/A-4 are of PDF 2.0."""
    if (file.pdf.pdf_version >= "2.0") != _is_of_2(file):
        yield f"PDF {file.pdf.pdf_version}"


def _is_of_2(file: File) -> bool:
    return bool({"ua-2", "a-4"} & set(claims_of(file.xmp)))


def _output_intent(file: File) -> Found:
    if "/OutputIntents" not in file.pdf.Root:
        yield "document"


def _interpolation(file: File) -> Found:
    return (f"object {each.objgen[0]}" for each in file.objects() if each.get("/Interpolate"))


def _relationships(file: File) -> Found:
    for each in file.objects():
        if each.get("/Type") == "/Filespec" and "/AFRelationship" not in each:
            yield f"file {str(each.get('/UF', each.get('/F')))[:80]}"


def _encryption(file: File) -> Found:
    if file.pdf.is_encrypted:
        yield "document"


def _programs(file: File) -> Found:
    return (f"object {each.objgen[0]}" for each in file.objects() if each.get("/S") in ("/JavaScript", "/Launch"))


class Rule(NamedTuple):
    """`name` is for machines, `clauses`: claim → clause. `find` yields the places that break the rule, `fix` is the repair."""

    name: str
    message: str
    clauses: Mapping[str, str]
    find: Callable[[File], Found]
    fix: str


def _both(first: str, second: str) -> Mapping[str, str]:
    return {"ua-1": first, "ua-2": second}


def _archival(first: str, second: str, fourth: str) -> Mapping[str, str]:
    """Of PDF/A-1, of PDF/A-2 and PDF/A-3, and of PDF/A-4."""
    return {"a-1": first, "a-2": second, "a-3": second, "a-4": fourth}


HEADER = {"ua-1": "6.1-1", "ua-2": "6.1-1", "a-2": "6.1.2-1", "a-3": "6.1.2-1", "a-4": "6.1.2-1"}
RULES: tuple[Rule, ...] = (
    Rule("not-tagged", "The document is not marked as tagged.", _both("6.2-1", "6.2-1"), _marked,
         "Export a tagged PDF: set Marked in MarkInfo, and write a structure tree."),
    Rule("no-language", "The document has no language.", _both("7.2-2", "8.4.4-1"), _language,
         "Set Lang in the catalog, for example en or zh-Hans."),
    Rule("title-not-shown", "The window does not show the title.", _both("7.1-10", "8.11.2-1"), _display_title,
         "Set DisplayDocTitle in ViewerPreferences to true."),
    Rule("no-title", "The metadata has no title.", _both("7.1-9", "8.11.1-1"), _title, "Write dc:title into the XMP metadata."),
    Rule("no-description", "A picture or formula has no description.", _both("7.3-1", "8.2.5.28.2-1"), _descriptions,
         "Give the element a description (Alt), or mark a decorative picture as an artifact."),
    Rule("skipped-heading", "A heading skips a level.", {"ua-1": "7.4.2-1"}, _heading_levels,
         "Use the next heading level, without a gap."),
    Rule("link-without-text", "A link has no description.", {"ua-1": "7.18.5-2"}, _link_contents,
         "Write what the link leads to into Contents of its annotation."),
    Rule("link-not-tagged", "A link is not in a Link element.", _both("7.18.5-1", "8.2.5.20-1"), _link_elements,
         "Put the annotation into a Link element of the structure."),
    Rule("part-out-of-place", "A part of a list or table is outside of one.", _both("7.2-9", "Table 5"), _parts_in_place,
         "Put items into lists, rows into tables and cells into rows."),
    Rule("item-malformed", "An item of a list contains more than a label and a body.", _both("7.2-20", "Table 5"), _items,
         "Put everything in the item but its label into one LBody."),
    Rule("list-not-numbered", "A list with labels does not say how it is numbered.", {"ua-2": "8.2.5.25-1"}, _numbering,
         "Set the attribute ListNumbering of the list."),
    Rule("head-without-scope", "A head of a table has no scope.", {"ua-1": "7.5-1"}, _heads,
         "Set Scope of the TH element to Row or Column, or Headers of each TD."),
    Rule("rows-uneven", "The rows of a table differ in length.", _both("7.2-43", "8.2.5.26-4"), _rows,
         "Give each row the same number of cells, spans included."),
    Rule("font-not-embedded", "A font is not embedded.",
         {**_both("7.21.4.1-1", "8.4.5.5.1-1"), **_archival("6.3.4-1", "6.2.11.4.1-1", "6.2.10.4.1-1")}, _fonts,
         "Embed all fonts when the PDF is exported."),
    Rule("font-without-unicode", "A font does not say which characters it has.", _both("7.21.7-1", "8.4.5.8-1"), _unicode,
         "Write a ToUnicode table for the font."),
    Rule("tab-order", "The order of the tab key is not that of the structure.", _both("7.18.3-1", "8.9.3.3-1"), _tabs,
         "Set Tabs of the page to S."),
    Rule("destination-not-structural", "A destination is not in the structure.", {"ua-2": "8.8-1"}, _destinations,
         "Give the destination or bookmark a structure destination (SD)."),
    Rule("wrong-version", "The version of PDF is not that of the standard.", HEADER, _version,
         "Write PDF 1.7 for PDF/UA-1, PDF/A-2 and PDF/A-3; PDF 2.0 for PDF/UA-2 and PDF/A-4."),
    Rule("no-output-intent", "The document has no output intent.", _archival("6.2.3.3-1", "6.2.4.3-2", "6.2.4.3-2"),
         _output_intent, "Add an output intent with an ICC profile, for example sRGB."),
    Rule("picture-interpolated", "A picture is interpolated.", _archival("6.2.4-3", "6.2.8-3", "6.2.7.1-3"), _interpolation,
         "Set Interpolate of the image to false."),
    Rule("file-without-relationship", "An attached file does not say its relationship.", {"a-3": "6.8-3", "a-4": "6.9-4"},
         _relationships, "Set AFRelationship of the file specification."),
    Rule("program", "The document contains a program.", {"a-1": "6.6.1-1", "a-2": "6.5.1-1", "a-3": "6.5.1-1"}, _programs,
         "Remove actions of the types JavaScript and Launch."),
    Rule("encrypted", "The document is encrypted.", {"a-1": "6.1.3-2", "a-2": "6.1.3-2", "a-3": "6.1.3-2"}, _encryption,
         "Save the document without a password and without restrictions."),
)  # fmt: skip


def claims_of(xmp: str) -> list[str]:
    """The claims in the metadata: `ua-1`, `ua-2`, `a-1` to `a-4`, as elements and as attributes; the declarations of Well-Tagged
    PDF, `wtpdf-accessibility` and `wtpdf-reuse`.
    """
    claims = [f"{name}-{found[1]}" for name, pattern in CLAIM.items() if (found := pattern.search(xmp))]
    return claims + [f"wtpdf-{level}" for level in dict.fromkeys(WTPDF.findall(xmp))]


def clause_of(rule: Rule, claim: str) -> str:
    """Of the standard; empty if it does not belong to the claim. WTPDF for accessibility has the clauses of PDF/UA-2 (6.1.3)."""
    return rule.clauses.get("ua-2" if claim == "wtpdf-accessibility" else claim, "")


def full_name(claim: str, xmp: str) -> str:
    """A claim with its level of conformance: `pdf/a-3u`, `pdf/ua-2`, `wtpdf-1.0-accessibility`."""
    if claim.startswith("wtpdf-"):
        return claim.replace("-", "-1.0-")
    level = LEVEL.search(xmp) if claim.startswith("a-") else None
    return f"pdf/{claim}{level[1].lower() if level else ''}"


def opened(data: bytes) -> pikepdf.Pdf:
    """Raises InvalidDocument if it is not a PDF, or needs a password."""
    try:
        return pikepdf.open(io.BytesIO(data))
    except pikepdf.PasswordError as error:
        raise InvalidDocument("The PDF is encrypted and needs a password. Save it without a password.") from error
    except (*MALFORMED, RecursionError) as error:
        raise InvalidDocument("The PDF is damaged and cannot be repaired.") from error


def xmp_of(pdf: pikepdf.Pdf) -> str:
    try:
        stream = pdf.Root.get("/Metadata")
        return stream.read_bytes().decode("utf-8", "replace") if isinstance(stream, pikepdf.Stream) else ""
    except MALFORMED:
        return ""


def findings(data: bytes) -> tuple[list[str], list[Finding]]:
    """The claims of a PDF, and the rules of them that it breaks. Raises InvalidDocument if it is not a PDF."""
    with opened(data) as pdf:
        xmp = xmp_of(pdf)
        claims = claims_of(xmp)
        return claims, [finding for _, finding in broken(File(pdf, xmp), claims) if finding.claim]


def broken(file: File, claims: Sequence[str]) -> Iterator[tuple[Rule, Finding]]:
    """The broken rules of the claims; a finding without a claim is a rule that could not be checked."""
    for rule in RULES:
        claimed = [claim for claim in claims if clause_of(rule, claim)]
        try:
            for _, place in zip(range(MOST), rule.find(file) if claimed else (), strict=False):
                yield from ((rule, Finding(claim, clause_of(rule, claim), rule.message, place, rule.fix)) for claim in claimed)
        except MALFORMED:
            yield rule, Finding("", "", "A rule could not be checked: the file is malformed.", rule.name, rule.fix)
