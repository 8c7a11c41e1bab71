"""The structure of a PDF, read once: its elements with their roles and places, its links and objects.

Uploaded files can be malformed in every way: circles, elements that are not dictionaries, trees of a million nodes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pikepdf

MOST_NODES = 200_000


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
        return listed(self.element.get("/K"))


@dataclass
class File:
    """A PDF with data that several rules use, collected once."""

    pdf: pikepdf.Pdf
    xmp: str
    nodes: list[Node] = field(default_factory=list)

    def __post_init__(self) -> None:
        root, seen = self.pdf.Root.get("/StructTreeRoot"), set[tuple[int, int]]()
        todo = [(kid, "") for kid in reversed(listed(root.get("/K")) if isinstance(root, pikepdf.Dictionary) else [])]
        while todo and len(self.nodes) < MOST_NODES:
            element, parent = todo.pop()
            if isinstance(element, pikepdf.Dictionary) and "/S" in element and element.objgen not in seen:
                seen |= {element.objgen} - {(0, 0)}
                node = Node(element, str(element["/S"]), parent, len(self.nodes) + 1)
                self.nodes.append(node)
                todo += [(kid, node.role) for kid in reversed(node.kids())]

    def of(self, *roles: str) -> Iterator[Node]:
        return (node for node in self.nodes if node.role in roles)

    def links(self) -> Iterator[tuple[str, Any]]:
        """The link annotations, with the page of each."""
        for number, page in enumerate(self.pdf.pages, 1):
            for each in listed(page.get("/Annots")):
                if isinstance(each, pikepdf.Dictionary) and each.get("/Subtype") == "/Link":
                    yield f"page {number}", each

    def objects(self) -> Iterator[Any]:
        return (each for each in self.pdf.objects if isinstance(each, pikepdf.Dictionary | pikepdf.Stream))


def listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, pikepdf.Array) else [] if value is None else [value]
