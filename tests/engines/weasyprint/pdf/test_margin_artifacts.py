"""Running heads and page numbers are marked as artifacts and have no elements."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pikepdf

from service.engines.weasyprint import rendering

CSS = '@page { @bottom-center { content: counter(page) } @top-left { content: "Head"; border-bottom: 1px solid } }'
HTML = "<!DOCTYPE html><html lang=en><head><title>T</title></head><body><h1>Title</h1><p>Text.</p></body></html>"


def marks(page: Any) -> Iterator[tuple[str, str]]:
    """The marks around each piece of text, and the type of an artifact."""
    open_marks: list[tuple[str, str]] = []
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "BDC":
                open_marks.append((str(operands[0]), str(operands[1].get("/Type", ""))))
            case "BMC":
                open_marks.append((str(operands[0]), ""))
            case "EMC":
                open_marks.pop()
            case "Tj" | "TJ":
                yield open_marks[0]


def elements(element: Any) -> Iterator[Any]:
    yield element.objgen
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/StructElem":
            yield from elements(kid)


def test_margins_are_artifacts() -> None:
    made = rendering.render(HTML, [CSS], {})
    with pikepdf.open(io.BytesIO(made.data)) as pdf:
        found = list(marks(pdf.pages[0]))
        root = pdf.Root.StructTreeRoot
        reached = set(elements(root.K[0]))
        owners = [each.objgen for each in root.ParentTree.Nums[1]]
    assert found.count(("/Artifact", "/Pagination")) == 2
    assert [mark for mark, _ in found].count("/Span") == 2
    assert len(owners) == 2 and reached.issuperset(owners)
