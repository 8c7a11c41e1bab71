"""Elements without a meaning in the structure of a PDF are removed, and all content still belongs to an element."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
import pytest

from service.engines.weasyprint import rendering
from service.engines.weasyprint.pdf import bare_elements
from tests.engines.weasyprint.pdf.test_tables import BOTH, printed

LIST = "<ul><li>one <em>two</em> three<li><p>loose</p><p>item</p></ul>"
LINKED = "<p>before <a href='#there'>a <b>link</b></a> behind</p><p id=there>there</p>"
LONG = "<p>" + "word " * 900 + "</p>"
BODIES = {"list": LIST, "link": LINKED, "table": BOTH, "long": LONG, "all": LIST + LINKED + BOTH + LONG}


def elements(pdf: pikepdf.Pdf) -> Iterator[Any]:
    todo = [pdf.Root.StructTreeRoot.K[0]]
    while todo:
        element = todo.pop()
        yield element
        todo += [kid for kid in kids(element) if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/StructElem"]


def kids(element: Any) -> list[Any]:
    held = element.get("/K", [])
    return list(held) if isinstance(held, pikepdf.Array) else [held]


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_no_paragraph_holds_a_span_that_says_nothing(body: str) -> None:
    with pikepdf.open(io.BytesIO(printed(body))) as pdf:
        for element in elements(pdf):
            bare = [
                kid
                for kid in kids(element)
                if isinstance(kid, pikepdf.Dictionary) and set(kid.keys()) <= {f"/{n}" for n in bare_elements.BARE}
            ]
            assert not (str(element.S) in bare_elements.HOLDERS and any(kid.get("/S") in ("/Span", "/NonStruct") for kid in bare))


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_content_and_parent_tree_agree(body: str) -> None:
    """ISO 32000-2, 14.7.5.4: the element at the place of a content's number is the one that holds it."""
    with pikepdf.open(io.BytesIO(printed(body))) as pdf:
        numbers = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
        owners = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))
        held = 0
        for element in elements(pdf):
            for kid in kids(element):
                if isinstance(kid, int):
                    owner = owners[int(element.Pg.StructParents)][kid]
                    assert owner.objgen == element.objgen
                    held += 1
                elif kid.get("/Type") == "/StructElem":
                    assert kid.P.objgen == element.objgen
        assert held == sum(len(owners[int(page.obj.StructParents)]) for page in pdf.pages)


def test_what_a_destination_leads_to_stays() -> None:
    body = "<h1>T</h1><p>to <a href='#x'>x</a></p><p>a <span id=x>place</span></p>"
    data = rendering.render(f"<!DOCTYPE html><html lang=en><title>T</title>{body}</html>", [], {}, variant="pdf/ua-2").data
    with pikepdf.open(io.BytesIO(data)) as pdf:
        named = list(pdf.Root.Names.Dests.Names)
        target = dict(zip(map(str, named[::2]), named[1::2], strict=True))["x"]
        assert target.SD[0].get("/Type") == "/StructElem"
