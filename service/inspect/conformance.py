"""Whether a PDF holds what it claims, by the rules that a writer can break: fast, in this process, without a validator.

`RULES` is the table: a rule, the clause of each standard, and a function that finds the places that break it. The clauses are
those of veraPDF's profiles for ISO 14289-1 (`ua-1`), ISO 14289-2 (`ua-2`; `Table 5` is of ISO/TS 32005), ISO 19005-2 and -3
(`a-2`, `a-3`) and ISO 19005-4 (`a-4`). This is no validation: the content of pages is not looked at.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pikepdf

from service.model.errors import InvalidDocument

MOST = 20  # places of one rule that are reported
HEADINGS = ("/H1", "/H2", "/H3", "/H4", "/H5", "/H6")
GROUPS = frozenset({"/THead", "/TBody", "/TFoot"})
# What each part of a list or table stands in.
PARENTS: Mapping[str, frozenset[str]] = {
    "/LI": frozenset({"/L"}), "/LBody": frozenset({"/LI"}), "/THead": frozenset({"/Table"}), "/TBody": frozenset({"/Table"}),
    "/TFoot": frozenset({"/Table"}), "/TR": GROUPS | {"/Table"}, "/TH": frozenset({"/TR"}), "/TD": frozenset({"/TR"}),
}  # fmt: skip


class Finding(NamedTuple):
    """A broken rule: the claim, its clause, what is wrong, and where."""

    claim: str
    rule: str
    message: str
    place: str


class Node(NamedTuple):
    """An element of the structure, its role, and that of its parent; `number` counts in the order of reading."""

    element: Any
    role: str
    parent: str
    number: int

    @property
    def place(self) -> str:
        return f"element {self.number} ({self.role[1:]})"

    def kids(self) -> list[Any]:
        return _listed(self.element.get("/K"))


@dataclass
class File:
    """A PDF with what several rules look at, gathered once."""

    pdf: pikepdf.Pdf
    xmp: str
    nodes: list[Node] = field(default_factory=list)

    def __post_init__(self) -> None:
        root = self.pdf.Root.get("/StructTreeRoot")
        todo = [(kid, "") for kid in reversed(_listed(root.get("/K")) if root is not None else [])]
        while todo:
            element, parent = todo.pop()
            if isinstance(element, pikepdf.Dictionary) and "/S" in element:
                node = Node(element, str(element["/S"]), parent, len(self.nodes) + 1)
                self.nodes.append(node)
                todo += [(kid, node.role) for kid in reversed(node.kids())]

    def of(self, *roles: str) -> Iterator[Node]:
        return (node for node in self.nodes if node.role in roles)

    def links(self) -> Iterator[tuple[str, Any]]:
        """The link annotations, with the page of each."""
        for number, page in enumerate(self.pdf.pages, 1):
            for each in _listed(page.get("/Annots")):
                if each.get("/Subtype") == "/Link":
                    yield f"page {number}", each

    def objects(self) -> Iterator[Any]:
        return (each for each in self.pdf.objects if isinstance(each, pikepdf.Dictionary | pikepdf.Stream))


Found = Iterable[str]


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, pikepdf.Array) else [] if value is None else [value]


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
    if "<dc:title>" not in file.xmp:
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
    """An item holds a label and a body."""
    for node in file.of("/LI"):
        roles = {str(kid["/S"]) for kid in node.kids() if isinstance(kid, pikepdf.Dictionary) and "/S" in kid}
        if roles - {"/Lbl", "/LBody"}:
            yield node.place


def _numbering(file: File) -> Found:
    """A list whose items have labels says how it is numbered."""
    labelled = {node.element.get("/P").objgen for node in file.of("/Lbl") if node.parent == "/LI"}
    for node in file.of("/L"):
        items = (kid for kid in node.kids() if isinstance(kid, pikepdf.Dictionary) and kid.objgen in labelled)
        styles = {str(each.get("/ListNumbering", "/None")) for each in _listed(node.element.get("/A"))} - {"/None"}
        if any(True for _ in items) and not styles:
            yield node.place


def _heads(file: File) -> Found:
    """A head says what it is the head of, unless each value names its heads."""
    named = any("/Headers" in each for node in file.of("/TD") for each in _listed(node.element.get("/A")))
    for node in file.of("/TH"):
        if not named and not any("/Scope" in each for each in _listed(node.element.get("/A"))):
            yield node.place


def _rows(file: File) -> Found:
    """The rows of a group have as many columns each, those that cells of rows above span among them."""
    for node in file.of("/Table", *GROUPS):
        rows = [kid for kid in node.kids() if isinstance(kid, pikepdf.Dictionary) and kid.get("/S") == "/TR"]
        if len(set(_lengths(rows))) > 1:
            yield node.place


def _lengths(rows: Sequence[Any]) -> Iterator[int]:
    spanning: list[tuple[int, int]] = []  # columns, rows left
    for row in rows:
        length = sum(wide for wide, _ in spanning)
        spanning = [(wide, left - 1) for wide, left in spanning if left > 1]
        for cell in _listed(row.get("/K")):
            abouts = _listed(cell.get("/A")) if isinstance(cell, pikepdf.Dictionary) else []
            wide = max((int(each.get("/ColSpan", 1)) for each in abouts), default=1)
            down = max((int(each.get("/RowSpan", 1)) for each in abouts), default=1)
            length += wide
            spanning += [(wide, down - 1)] if down > 1 else []
        yield length


def _fonts(file: File) -> Found:
    for each in file.objects():
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
    """Named destinations and the outline lead to elements of the structure."""
    names = file.pdf.Root.get("/Names", pikepdf.Dictionary()).get("/Dests", pikepdf.Dictionary())
    for name, target in zip(*[iter(_listed(names.get("/Names")))] * 2, strict=False):
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


def _programs(file: File) -> Found:
    return (f"object {each.objgen[0]}" for each in file.objects() if each.get("/S") in ("/JavaScript", "/Launch"))


class Rule(NamedTuple):
    """`clauses`: claim → clause. `find` yields the places that break the rule."""

    message: str
    clauses: Mapping[str, str]
    find: Callable[[File], Found]


def _both(first: str, second: str) -> Mapping[str, str]:
    return {"ua-1": first, "ua-2": second}


HEADER = {"ua-1": "6.1-1", "ua-2": "6.1-1", "a-2": "6.1.2-1", "a-3": "6.1.2-1", "a-4": "6.1.2-1"}
RULES: tuple[Rule, ...] = (
    Rule("The document is not marked as tagged.", _both("6.2-1", "6.2-1"), _marked),
    Rule("The document has no language.", _both("7.2-2", "8.4.4-1"), _language),
    Rule("The window does not show the title.", _both("7.1-10", "8.11.2-1"), _display_title),
    Rule("The metadata has no title.", _both("7.1-9", "8.11.1-1"), _title),
    Rule("A picture or formula has no description.", _both("7.3-1", "8.2.5.28.2-1"), _descriptions),
    Rule("A heading skips a level.", {"ua-1": "7.4.2-1"}, _heading_levels),
    Rule("A link has no description.", {"ua-1": "7.18.5-2"}, _link_contents),
    Rule("A link is not in a Link element.", _both("7.18.5-1", "8.2.5.20-1"), _link_elements),
    Rule("A part of a list or table is outside of one.", _both("7.2-9", "Table 5"), _parts_in_place),
    Rule("An item of a list holds more than a label and a body.", _both("7.2-20", "Table 5"), _items),
    Rule("A list with labels does not say how it is numbered.", {"ua-2": "8.2.5.25-1"}, _numbering),
    Rule("A head of a table has no scope.", {"ua-1": "7.5-1"}, _heads),
    Rule("The rows of a table differ in length.", _both("7.2-43", "8.2.5.26-4"), _rows),
    Rule("A font is not embedded.", {**_both("7.21.4.1-1", "8.4.5.5.1-1"), "a-2": "6.2.11.4.1-1", "a-3": "6.2.11.4.1-1",
                                     "a-4": "6.2.10.4.1-1"}, _fonts),
    Rule("A font does not say which characters it has.", _both("7.21.7-1", "8.4.5.8-1"), _unicode),
    Rule("The order of the tab key is not that of the structure.", _both("7.18.3-1", "8.9.3.3-1"), _tabs),
    Rule("A destination is none of the structure.", {"ua-2": "8.8-1"}, _destinations),
    Rule("The version of PDF is not that of the standard.", HEADER, _version),
    Rule("The document has no output intent.", {"a-2": "6.2.4.3-2", "a-3": "6.2.4.3-2", "a-4": "6.2.4.3-2"}, _output_intent),
    Rule("A picture is interpolated.", {"a-2": "6.2.8-3", "a-3": "6.2.8-3", "a-4": "6.2.7.1-3"}, _interpolation),
    Rule("An attached file does not say its relationship.", {"a-3": "6.8-3", "a-4": "6.9-4"}, _relationships),
    Rule("The document holds a program.", {"a-2": "6.5.1-1", "a-3": "6.5.1-1"}, _programs),
)  # fmt: skip


def claims_of(xmp: str) -> list[str]:
    """What the metadata claims: `ua-1`, `ua-2`, `a-2`, `a-3`, `a-4`."""
    found = []
    for prefix, name in (("pdfaid", "a"), ("pdfuaid", "ua")):
        _, mark, rest = xmp.partition(f"<{prefix}:part>")
        if mark:
            found.append(f"{name}-{rest.partition('<')[0].strip()}")
    return found


def findings(data: bytes) -> tuple[list[str], list[Finding]]:
    """The claims of a PDF, and the rules of them that it breaks. Raises InvalidDocument for what is no PDF."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            stream = pdf.Root.get("/Metadata")
            xmp = stream.read_bytes().decode("utf-8", "replace") if stream is not None else ""
            return claims_of(xmp), list(_broken(File(pdf, xmp), claims_of(xmp)))
    except (pikepdf.PdfError, RecursionError) as error:
        raise InvalidDocument("The file is not a PDF that can be read.") from error


def _broken(file: File, claims: Sequence[str]) -> Iterator[Finding]:
    for rule in RULES:
        claimed = [claim for claim in claims if claim in rule.clauses]
        for _, place in zip(range(MOST), rule.find(file) if claimed else (), strict=False):
            yield from (Finding(claim, rule.clauses[claim], rule.message, place) for claim in claimed)
