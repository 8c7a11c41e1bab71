"""Relations between elements of the structure of a PDF 2.0: a note and its calls, a formula and its MathML.

A note is an FENote; it and the elements that call it refer to each other (ISO 14289-2, 8.2.5.14). A formula has its MathML as
an associated file (ISO 14289-2, 8.2.5.29; ISO 32000-2, 14.13). Sections of a long document do both before they are joined.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pydyf

from service.engines.weasyprint.pdf.structure_destinations import Places

Numbers = tuple[dict[str, int], dict[str, list[int]]]  # anchor of a note → its number, and those of its calls
MATHML = "/application#2Fmathml+xml"


def mark_notes(pdf: Any, places: Places) -> None:
    """Notes at the foot of a page become FENotes. Before other elements get the roles that may be in them."""
    root = pdf.objects[int(pdf.catalog["StructTreeRoot"].split()[0])]
    for each in (*places.notes.values(), *places.continued):
        if each["S"] == "/Span":
            each |= {"S": "/FENote", "NS": root["Namespaces"][0], "A": _attributes("Footnote")}


def fix(pdf: Any, places: Places) -> None:
    """Notes at the end become FENotes, and formulas get their MathML. After all elements have their roles."""
    root = pdf.objects[int(pdf.catalog["StructTreeRoot"].split()[0])]
    for name, element in list(places.notes.items()):
        note = element if element["S"] == "/FENote" else _of_item(pdf, element, root["Namespaces"][0])
        if note is None:
            del places.notes[name]
        else:
            places.notes[name] = note
    files: dict[str, bytes] = {}
    for element, mathml in places.formulas:
        if mathml not in files:
            files[mathml] = _file(pdf, mathml, len(files) + 1)
        element["AF"] = pydyf.Array([files[mathml]])


def forget(places: Places) -> None:
    """For a PDF before 2.0, whose elements cannot refer to each other."""
    places.notes.clear()
    places.calls.clear()


def numbers(places: Places) -> Numbers:
    """The numbers of the notes and of their calls."""
    calls = {name: [each.number for each in elements] for name, elements in places.calls.items()}
    return {name: each.number for name, each in places.notes.items()}, calls


def refer(places: Places, notes: Mapping[str, int], calls: Mapping[str, Sequence[int]]) -> None:
    """Notes and calls of one PDF refer to each other by the `numbers` of all of it."""
    for name, element in places.notes.items():
        if calls.get(name):
            element["Ref"] = pydyf.Array([f"{number} 0 R" for number in calls[name]])
    for name, elements in places.calls.items():
        for element in elements if name in notes else ():
            element["Ref"] = pydyf.Array([f"{notes[name]} 0 R"])


def _of_item(pdf: Any, item: Any, namespace: bytes) -> Any:
    """A new FENote around all that is in the body of a list's item; None for an item without such a body."""
    kids = [pdf.objects[int(kid.split()[0])] for kid in item["K"] if isinstance(kid, bytes)]
    body = next((kid for kid in kids if kid.get("S") == "/LBody"), None) if item["S"] == "/LI" else None
    if body is None or not body["K"] or not all(isinstance(kid, bytes) for kid in body["K"]):
        return None
    note = pydyf.Dictionary({
        "Type": "/StructElem", "S": "/FENote", "K": body["K"], "P": body.reference, "NS": namespace, "A": _attributes("Endnote"),
    })  # fmt: skip
    if "Pg" in body:
        note["Pg"] = body["Pg"]
    pdf.add_object(note)
    for kid in note["K"]:
        held = pdf.objects[int(kid.split()[0])]
        if "P" in held:
            held["P"] = note.reference
    body["K"] = pydyf.Array([note.reference])
    return note


def _attributes(kind: str) -> Any:
    return pydyf.Dictionary({"O": "/FENote", "NoteType": f"/{kind}"})


def _file(pdf: Any, mathml: str, number: int) -> bytes:
    data = pydyf.Stream([mathml.encode()], {"Type": "/EmbeddedFile", "Subtype": MATHML}, compress=True)
    pdf.add_object(data)
    name = pydyf.String(f"formula-{number}.mml")
    held = pydyf.Dictionary({
        "Type": "/Filespec", "F": name, "UF": name, "AFRelationship": "/Supplement",
        "EF": pydyf.Dictionary({"F": data.reference, "UF": data.reference}),
    })  # fmt: skip
    pdf.add_object(held)
    reference: bytes = held.reference
    return reference
