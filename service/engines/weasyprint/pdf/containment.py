"""The allowed nesting in the structure of a PDF 2.0 (ISO/TS 32005, table 5): text in paragraphs, parts of lists in lists.

WeasyPrint writes an element for each box. Boxes may nest in ways that elements must not: an anonymous line of
text in a division, a paragraph in a link, a list in a heading. An element in a wrong place becomes a span or a division, which
has less meaning but no wrong one; lines of text get a paragraph around them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any, NamedTuple

import pydyf

Element = Any  # a pydyf.Dictionary of Type StructElem


class Context(NamedTuple):
    """Rules for the content of an element: `forbidden` roles become `instead`; with `wraps`, lines of text get a paragraph."""

    forbidden: frozenset[str]
    instead: str
    wraps: bool = False


def _roles(names: str) -> frozenset[str]:
    return frozenset(f"/{name}" for name in names.split())


HEADINGS = _roles("H1 H2 H3 H4 H5 H6")
ROWS = _roles("TBody TD TFoot TH THead TR")
ITEMS = _roles("LI LBody")
GROUPS = _roles("Document Sect Art BlockQuote")
LINES = HEADINGS | _roles("P Span Lbl Link Quote Em Strong Code")
TRANSPARENT = _roles("NonStruct Div Part")  # their content counts as content of their parent
INLINE = _roles("Span Lbl Quote Em Strong")
BLOCKS = HEADINGS | ITEMS | ROWS | _roles("Art Sect BlockQuote Div Part P Caption")
CONTEXTS: Mapping[str, Context] = {
    **dict.fromkeys(GROUPS, Context(ITEMS | ROWS | _roles("Caption Lbl"), "/Div", wraps=True)),
    **dict.fromkeys(LINES, Context(BLOCKS | _roles("L Table"), "/Span")),
    "/P": Context(BLOCKS, "/Span"),
    "/Lbl": Context(BLOCKS | _roles("L Table Lbl"), "/Span"),
    "/FENote": Context(HEADINGS | ITEMS | ROWS | _roles("Caption"), "/Div"),
    "/LBody": Context(ITEMS | ROWS | _roles("Caption Lbl"), "/Div"),
    **dict.fromkeys(_roles("TD TH"), Context(ITEMS | ROWS | _roles("BlockQuote Caption Part"), "/Div")),
    **dict.fromkeys(_roles("Caption Figure Formula"), Context(ITEMS | ROWS | _roles("Caption"), "/Div")),
}
FREE = Context(frozenset(), "")
RENAMED = ("A", "ID")  # the parts of a role


def fix(pdf: Any) -> None:
    """Changes the tree in place, from the document down."""
    root = pdf.objects[int(pdf.catalog["StructTreeRoot"].split()[0])]
    document = _at(pdf, root["K"][0])
    for each in list(_below(pdf, document)):
        _join_captions(pdf, each)
    _settle(pdf, document, CONTEXTS["/Document"])


def _at(pdf: Any, kid: Any) -> Any:
    """The element behind a reference; None for marked content and annotations."""
    found = pdf.objects[int(kid.split()[0])] if isinstance(kid, bytes) else None
    return found if isinstance(found, dict) and found.get("Type") == "/StructElem" else None


def _below(pdf: Any, top: Element) -> Iterator[Element]:
    todo = [top]
    while todo:
        element = todo.pop()
        yield element
        todo += [kid for each in element["K"] if (kid := _at(pdf, each)) is not None]


def _join_captions(pdf: Any, element: Element) -> None:
    """The caption of one picture is in its Figure, that of a table before its rows; of several the first (8.2.5.27)."""
    kids = [(reference, kid) for reference in element["K"] if (kid := _at(pdf, reference)) is not None]
    captions = [(reference, kid) for reference, kid in kids if kid["S"] == "/Caption"]
    if not captions:
        return
    figures = [kid for _, kid in kids if kid["S"] == "/Figure"]
    if element["S"] not in ("/Table", "/Figure", "/L") and len(figures) == 1:
        for reference, kid in captions:
            element["K"].remove(reference)
            figures[0]["K"].append(reference)
            kid["P"] = figures[0].reference
    elif element["S"] == "/Table":
        for reference, _ in reversed(captions):
            element["K"].remove(reference)
            element["K"].insert(0, reference)
    for reference, kid in captions[1:]:
        first = captions[0][1]
        holder = _at(pdf, kid["P"])
        holder["K"].remove(reference)
        first["K"].append(reference)
        kid["S"], kid["P"] = "/Div", first.reference


def _settle(pdf: Any, element: Element, context: Context) -> None:
    for reference in element["K"]:
        kid = _at(pdf, reference)
        if kid is None:
            continue
        if kid["S"] in context.forbidden:
            kid["S"] = context.instead
            for name in RENAMED:
                kid.pop(name, None)
        _settle(pdf, kid, context if kid["S"] in TRANSPARENT else CONTEXTS.get(kid["S"], FREE))
    if context.wraps and (element["S"] in GROUPS or element["S"] in TRANSPARENT):
        _wrap(pdf, element)


def _wrap(pdf: Any, element: Element) -> None:
    """Puts a paragraph around each run of text; a division of nothing else is one."""
    runs = [(is_line, list(run)) for is_line, run in groupby(element["K"], lambda kid: _is_line(pdf, kid))]
    if not any(is_line and any(_is_text(pdf, kid) for kid in run) for is_line, run in runs):
        return
    if len(runs) == 1 and element["S"] == "/Div":
        element["S"] = "/P"
        return
    kids: list[Any] = []
    for is_line, run in runs:
        if not is_line or not any(_is_text(pdf, kid) for kid in run):
            kids += run
            continue
        made = pydyf.Dictionary({"Type": "/StructElem", "S": "/P", "K": pydyf.Array(run), "P": element.reference})
        first = next((kid for reference in run if (kid := _at(pdf, reference)) is not None), element)
        made |= {"Pg": first["Pg"]} if "Pg" in first else {}
        pdf.add_object(made)
        for reference in run:
            if (kid := _at(pdf, reference)) is not None:
                kid["P"] = made.reference
        kids.append(made.reference)
    element["K"] = pydyf.Array(kids)


def _is_text(pdf: Any, reference: Any) -> bool:
    """Whether it needs a paragraph around it: a span, or content of a transparent element."""
    kid = _at(pdf, reference)
    if kid is None:
        return False
    return kid["S"] in INLINE or (
        kid["S"] in TRANSPARENT and any(_is_text(pdf, each) or isinstance(each, int) for each in kid["K"])
    )


def _is_line(pdf: Any, reference: Any) -> bool:
    """Whether it may be in a paragraph."""
    kid = _at(pdf, reference)
    if kid is None:
        return not isinstance(reference, int)
    if kid["S"] in TRANSPARENT:
        return kid["S"] == "/NonStruct" and all(isinstance(each, int) or _is_line(pdf, each) for each in kid["K"])
    return kid["S"] in INLINE | {"/Link", "/Figure", "/Formula"}
