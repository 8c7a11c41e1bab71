"""Tables in the structure tree: rows and cells in their places, and heads that say what they are heads of.

What is wrong without it, by veraPDF's rules of PDF/UA-1: 7.5-1 (a TH without Scope), 7.2-14 (a THead without TBody), and 7.2-4
to 7.2-39 (parts of a table outside of one: a table too tall for pages is set as blocks, see `completeness`), and 7.2-41 to 7.2-43
(rows of different lengths: a cell that spans rows does so over the end of a page).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import pydyf

Element = Any  # a pydyf.Dictionary of Type StructElem
GROUPS = frozenset({"/THead", "/TBody", "/TFoot"})
CELLS = frozenset({"/TH", "/TD"})
# What each part of a table may hold, where it is not a cell.
CONTENT: Mapping[str, frozenset[str]] = {
    "/Table": GROUPS | {"/TR", "/Caption"}, "/THead": frozenset({"/TR"}), "/TBody": frozenset({"/TR"}),
    "/TFoot": frozenset({"/TR"}), "/TR": CELLS,
}  # fmt: skip
PARTS = CONTENT.keys() | CELLS


def fix(pdf: Any, elements: Sequence[Element]) -> None:
    """`elements` are all of the tree of `pdf`, parents before what is in them."""
    known = {each.reference: each for each in elements}
    parts = [each for each in elements if each["S"] in PARTS]
    for part in parts:
        if part["S"] == "/Table" and not _is_whole(part, known):
            _dissolve(part, known)
    for part in parts:
        if part["S"] in PARTS - {"/Table"} and part["S"] not in CONTENT.get(_role(known.get(part["P"])), ()):
            _make_plain(part)
    for part in parts:
        if part["S"] == "/Table":
            _even(pdf, [*_row_groups(part, known)], known)
        elif part["S"] == "/TH":
            part.setdefault("A", pydyf.Dictionary({"O": "/Table"}))["Scope"] = _scope(known[part["P"]], known)


def _role(element: Element | None) -> str:
    return str(element["S"]) if element is not None else ""


def _kids(element: Element, known: Mapping[Any, Element]) -> list[Element | None]:
    """The content of the element; None for marked content and annotations."""
    return [known.get(kid) if isinstance(kid, bytes) else None for kid in element["K"]]


def _is_whole(part: Element, known: Mapping[Any, Element]) -> bool:
    """Whether the table, or a part of it, holds what it may hold. Heads alone become the body."""
    kids = _kids(part, known)
    roles = {_role(kid) for kid in kids}
    if not roles <= CONTENT[part["S"]]:
        return False
    if "/THead" in roles and "/TBody" not in roles:
        for kid in kids:
            if kid is not None and kid["S"] == "/THead":
                kid["S"] = "/TBody"
    return all(kid is None or kid["S"] not in CONTENT or _is_whole(kid, known) for kid in kids)


def _dissolve(table: Element, known: Mapping[Any, Element]) -> None:
    """The table and its parts as divisions, down to further tables in it."""
    waiting = [table]
    while waiting:
        element = waiting.pop()
        if element["S"] in PARTS:
            _make_plain(element)
        waiting += [kid for kid in _kids(element, known) if kid is not None and kid["S"] != "/Table"]


def _make_plain(element: Element) -> None:
    element["S"] = "/Div"
    element.pop("A", None)
    element.pop("ID", None)


def _scope(row: Element, known: Mapping[Any, Element]) -> str:
    """A head in a row with values is that of the row; among heads alone it is that of its column."""
    in_head = _role(known.get(row["P"])) == "/THead"
    return "/Row" if not in_head and any(_role(kid) == "/TD" for kid in _kids(row, known)) else "/Column"


def _row_groups(table: Element, known: Mapping[Any, Element]) -> Iterator[list[Element]]:
    """The rows of each group; no cell spans rows of two."""
    kids = [kid for kid in _kids(table, known) if kid is not None]
    yield [kid for kid in kids if kid["S"] == "/TR"]
    for group in kids:
        if group["S"] in GROUPS:
            yield [kid for kid in _kids(group, known) if kid is not None]


def _even(pdf: Any, groups: Sequence[Sequence[Element]], known: Mapping[Any, Element]) -> None:
    """Gives all rows of a table the same number of columns: spans end with their group, and empty cells fill up the rest."""
    lengths = [(row, length) for rows in groups for row, length in zip(rows, _lengths(rows, known), strict=True)]
    columns = max((length for _, length in lengths), default=0)
    for row, length in lengths:
        if length < columns:
            about = pydyf.Dictionary({"O": "/Table"} | ({"ColSpan": columns - length} if columns - length > 1 else {}))
            cell = pydyf.Dictionary({"Type": "/StructElem", "S": "/TD", "K": pydyf.Array(), "P": row.reference, "A": about})
            pdf.add_object(cell)
            row["K"].append(cell.reference)


def _lengths(rows: Sequence[Element], known: Mapping[Any, Element]) -> Iterator[int]:
    """The number of columns of each row, with cells that span from the rows above."""
    spanned: dict[int, int] = {}  # column → rows that a cell above still covers
    for number, row in enumerate(rows):
        covered, at = {column: left - 1 for column, left in spanned.items() if left > 1}, 0
        taken = set(spanned)
        for cell in filter(None, _kids(row, known)):
            while at in taken:
                at += 1
            wide, down = _spans(cell, taken, at, len(rows) - number)
            taken |= set(range(at, at + wide))
            covered |= dict.fromkeys(range(at, at + wide), down - 1) if down > 1 else {}
            at += wide
        spanned = covered
        yield len(taken)


def _spans(cell: Element, taken: Collection[int], at: int, rows: int) -> tuple[int, int]:
    """The columns and rows that the cell spans, cut to those that are free and there."""
    about = cell.get("A") or {}
    wide, down = int(about.get("ColSpan", 1)), min(int(about.get("RowSpan", 1)), rows)
    wide = next((free for free in range(1, wide) if at + free in taken), wide)
    for name, value in (("ColSpan", wide), ("RowSpan", down)):
        if about.get(name, 1) != value:
            about[name] = value
    return wide, down
