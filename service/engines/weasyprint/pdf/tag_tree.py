"""Fixes the structure tree and the file attachments that WeasyPrint 70 writes, so that the PDF passes PDF/UA-1 and PDF/A.

What is wrong without it, by veraPDF's rules: 7.2-20 (a loose list's item holds more than Lbl and LBody), 7.18.5-1 (a
link's inner box is annotated but not tagged as Link), 7.3-1 (a decorative picture is a Figure without Alt); of tables see
`tables`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pydyf

from service.engines.weasyprint.pdf import tables

Element = Any  # a pydyf.Dictionary


def fix(pdf: Any) -> None:
    for each in pdf.objects:
        if getattr(each, "extra", None) and each.extra.get("Interpolate") == "true":
            each.extra["Interpolate"] = "false"  # PDF/A, 6.2.8-3; readers smooth what they scale down anyway
    links = _links(pdf)
    _describe_links(pdf)
    for element in list(_elements(pdf)):
        role = element["S"]
        if role == "/LI":
            _tighten(pdf, element)
        elif role == "/Figure" and not element.get("Alt"):
            element["S"] = "/NonStruct"
            element.pop("A", None)
        elif role != "/Link" and not links.isdisjoint(element["K"]):
            element["S"] = "/Link"
    tables.fix(pdf, list(_elements(pdf)))


def associate(pdf: Any, relationships: Mapping[str, str]) -> None:
    """Names the relationship of each attachment to the document, once; by file name."""
    found: Iterator[Any] = (each for each in pdf.objects if isinstance(each, dict))
    files = [each for each in found if each.get("Type") == "/Filespec"]
    for each in files:
        each["AFRelationship"] = f"/{relationships.get(each['UF'].string, 'Unspecified')}"
    if files:
        pdf.catalog["AF"] = pydyf.Array([each.reference for each in files])


def _elements(pdf: Any) -> Iterator[Element]:
    found: Iterator[Any] = (each for each in pdf.objects if isinstance(each, dict))
    return (each for each in found if each.get("Type") == "/StructElem")


def _resolve(pdf: Any, kid: Any) -> Any:
    """The object behind a reference (`b"12 0 R"`); not for a marked-content number."""
    return pdf.objects[int(kid.split()[0])] if isinstance(kid, bytes) else None


def _links(pdf: Any) -> set[Any]:
    """The references to all that represents a link's annotation in the structure."""
    found: Iterator[Any] = (each for each in pdf.objects if isinstance(each, dict))
    annotated = (each for each in found if each.get("Type") == "/OBJR")
    return {each.reference for each in annotated if _resolve(pdf, each["Obj"]).get("Subtype") == "/Link"}


def _describe_links(pdf: Any) -> None:
    """A link that is a picture says what the picture says (PDF/UA-2, 8.9.4.2-1)."""
    for element in _elements(pdf):
        for kid in element["K"] if "Alt" in element else ():
            found = _resolve(pdf, kid)
            if found is not None and found.get("Type") == "/OBJR":
                _resolve(pdf, found["Obj"])["Contents"] = element["Alt"]


def _tighten(pdf: Any, item: Element) -> None:
    """Everything in a list item but its label goes into one LBody."""
    roles = [(kid, _resolve(pdf, kid)) for kid in item["K"]]
    if all(found is not None and found.get("S") in ("/Lbl", "/LBody") for _, found in roles):
        return
    body = pydyf.Dictionary({"Type": "/StructElem", "S": "/LBody", "K": pydyf.Array(), "P": item.reference})
    if "Pg" in item:
        body["Pg"] = item["Pg"]
    pdf.add_object(body)
    labels: list[Any] = []
    for kid, found in roles:
        if found is not None and found.get("S") == "/Lbl":
            labels.append(kid)
        elif found is not None and found.get("S") == "/LBody":
            _adopt(pdf, body, found["K"])
            found["K"] = pydyf.Array()
        else:
            _adopt(pdf, body, [kid])
    item["K"] = pydyf.Array([*labels, body.reference])


def _adopt(pdf: Any, body: Element, kids: Any) -> None:
    for kid in kids:
        body["K"].append(kid)
        found = _resolve(pdf, kid)
        if found is not None and "P" in found:
            found["P"] = body.reference
