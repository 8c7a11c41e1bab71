"""Page breaks in every spelling as one shape: an empty Div of the class "page-break".

Read are `\\newpage`, `\\pagebreak` and `\\clearpage` alone in a paragraph, Hugo's and Quarto's `{{< pagebreak >}}`, a comment
such as `<!-- pagebreak -->`, and an empty element with such a style or class. Runs before raw HTML is read, which removes
styles.
"""

from __future__ import annotations

import re
from dataclasses import replace

from service.ast.pandoc_ast import Node, attr, div, text, walk_blocks
from service.model.document import Conversion, Document

CLASS = "page-break"
LONGEST = 200  # characters of a spelling
COMMANDS = frozenset({
    "\\newpage", "\\pagebreak", "\\clearpage", "\\cleardoublepage", "{{< pagebreak >}}", "{{% pagebreak %}}", "{{<pagebreak>}}",
})  # fmt: skip
COMMENTS = frozenset({"pagebreak", "page-break", "page break", "newpage", "new page", "nextpage"})
ELEMENT = re.compile(r"<(div|p|hr|br|span)\b([^<>]*+)>\s*+(?>(?:&nbsp;\s*+)?)(?:</\1\s*+>)?", re.IGNORECASE)
STYLE = re.compile(r"(?:page-)?break-(?:after|before)\s*:\s*(?:always|page|left|right)", re.IGNORECASE)
NAMES = frozenset({"page-break", "pagebreak", "new-page", "newpage"})  # classes


def run(document: Document, conversion: Conversion) -> Document:  # noqa: ARG001
    return replace(document, blocks=walk_blocks(document.blocks, _visit, {"Para", "RawBlock"}))


def _visit(node: Node) -> Node:
    return div([], attr(classes=[CLASS])) if _is_break(node) else node


def _is_break(node: Node) -> bool:
    if node["t"] == "Para":
        inlines = node["c"]
        if len(inlines) > 5 or any(each["t"] not in {"Str", "Space", "RawInline"} for each in inlines):
            return False
        if all(each["t"] == "Str" or each["t"] == "Space" for each in inlines):
            return text(inlines).strip() in COMMANDS
        raw = "".join(each["c"][1] if each["t"] == "RawInline" else text([each]) for each in inlines)
        return _is_raw_break(raw)
    return _is_raw_break(node["c"][1])


def _is_raw_break(raw: str) -> bool:
    raw = raw.strip()
    if len(raw) > LONGEST:
        return False
    if raw.startswith("<!--") and raw.endswith("-->"):
        return raw[4:-3].strip().lower() in COMMENTS
    found = ELEMENT.fullmatch(raw)
    if not found:
        return raw in COMMANDS
    attributes = found[2].lower().replace('"', " ").replace("'", " ").replace("=", " ").split()
    return STYLE.search(found[2]) is not None or ("class" in attributes and not NAMES.isdisjoint(attributes))
