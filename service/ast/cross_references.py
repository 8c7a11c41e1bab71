"""The targets of cross-references: identifiers such as `fig:dunes`, `tbl-birds`, `eq:model` (pandoc-crossref, Quarto)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from service.ast.pandoc_ast import ATTRIBUTES_AT, Node, query

# Prefix → the name of its label in `construct_labels`; formulas, listings and sections have none.
KINDS: Mapping[str, str] = {"fig": "figure", "tbl": "table", "tab": "table", "eq": "", "lst": "", "sec": ""}
IDENTIFIER = re.compile(r"(?P<kind>fig|tbl|tab|eq|lst|sec)[:-]")


class Target(NamedTuple):
    """A node that can be referred to; `number` counts the nodes with its `prefix`, or with its label if it has one."""

    node: Node
    prefix: str
    number: int

    @property
    def label(self) -> str:
        return KINDS[self.prefix]


def targets(blocks: Sequence[Node]) -> Mapping[str, Target]:
    """Identifier → the first node that has it, in document order."""
    found: dict[str, Target] = {}
    counts: Counter[str] = Counter()
    for node in query(blocks, ATTRIBUTES_AT.keys()):
        identifier = node["c"][ATTRIBUTES_AT[node["t"]]][0]
        match = IDENTIFIER.match(identifier)
        if match and identifier not in found:
            name = KINDS[match["kind"]] or match["kind"]
            counts[name] += 1
            found[identifier] = Target(node, match["kind"], counts[name])
    return found
