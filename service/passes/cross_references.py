"""References to figures, tables, equations, listings and sections: `@fig:dunes`, `[@fig-dunes]` → a link "Figure 1".

The spellings are those of pandoc-crossref and Quarto. A reference without its target in the document stays text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from service.ast.cross_references import targets
from service.ast.pandoc_ast import Node, attr, link, query, span, string, text, walk_blocks, words
from service.model.blocks import Blocks, Survey
from service.model.document import Conversion, Document
from service.model.text import construct_labels

REFERENCE = re.compile(r"(?<![\w@])[\[{]?-?@(?P<id>(?:fig|tbl|tab|eq|lst|sec)[:-][\w:-]{1,200})[\]}]?", re.IGNORECASE)
LABEL = re.compile(r"\\label\{\s*(?P<id>eq[:-][\w:-]{1,200})\s*\}")
CALL = re.compile(r"\\(?:eqref|ref|cref|autoref)\{(?P<id>eq[:-][\w:-]{1,200})\}")
EQUATION = re.compile(r"\{#(?P<id>eq[:-][\w:-]{1,200})\}")


def run(document: Document, conversion: Conversion) -> Document:
    blocks = walk_blocks(document.blocks, _equations, {"Para", "Plain"}, _may_be_equation)
    if all("@" not in node["c"] for node in query(blocks, {"Str"})):
        return document if blocks is document.blocks else replace(document, blocks=blocks)
    shown = _shown(blocks, conversion.lang or document.metadata.lang)

    def visit(node: Node) -> Node | list[Node]:
        return _with_links(node, shown) if "@" in node["c"] else node

    return replace(document, blocks=walk_blocks(blocks, visit, {"Str"}) if shown else blocks)


def _may_be_equation(found: Survey) -> bool:
    return found.count("Math") > 0


def _equations(node: Node) -> Node:
    """`$$…$$ {#eq:a}` and `\\label{eq:a}`: the formula gets the id. `$\\eqref{eq:a}$` is a reference."""
    if not any(map(_may_be_label, node["c"])):
        return node
    out: list[Node] = []
    for each in map(_labelled, node["c"]):
        found = EQUATION.fullmatch(each["c"]) if each["t"] == "Str" else None
        while found and out and out[-1]["t"] in {"Space", "SoftBreak", "LineBreak"}:
            out.pop()
        if found and out and out[-1]["t"] == "Math":
            out[-1] = span([out[-1]], attr(found["id"]))
        else:
            out.append(each)
    return {"t": node["t"], "c": out}


def _may_be_label(node: Node) -> bool:
    if node["t"] == "Math":
        return "ref{" in node["c"][1] or "\\label" in node["c"][1]
    return bool(node["t"] == "Str" and node["c"].startswith("{#eq"))


def _labelled(node: Node) -> Node:
    """A formula with a label becomes one with an id; a call of a label becomes the text of a reference."""
    if node["t"] != "Math":
        return node
    if call := CALL.fullmatch(node["c"][1].strip()):
        return string(f"@{call['id']}")
    label = LABEL.search(node["c"][1])
    if label is None:
        return node
    tex = LABEL.sub("", node["c"][1], count=1).strip()
    return span([{"t": "Math", "c": [node["c"][0], tex]}], attr(label["id"]))


def _shown(blocks: Blocks, lang: str) -> dict[str, str]:
    """Id → the text of a reference: the word of its kind and its number, or the words of a heading."""
    shown: dict[str, str] = {}
    for identifier, target in targets(blocks).items():
        word = construct_labels.word(target.label, lang) if target.label else ""
        number = f"{word} {target.number}" if word else f"({target.number})"
        shown[identifier] = text(target.node["c"][2]) if target.node["t"] == "Header" else number
    return shown


def _with_links(node: Node, shown: Mapping[str, str]) -> Node | list[Node]:
    out: list[Node] = []
    done = 0
    for found in REFERENCE.finditer(node["c"]):
        identifier = found["id"].rstrip(":-")
        known = next((one for one in (identifier, identifier[:1].lower() + identifier[1:]) if one in shown), "")
        if not known:
            continue
        stop = found.end() if found[0][-1] in "]}" else found.start("id") + len(identifier)
        before = node["c"][done : found.start()]
        out += [*([string(before)] if before else []), link(words(shown[known]), f"#{known}")]
        done = stop
    rest = node["c"][done:]
    return [*out, *([string(rest)] if rest else [])] if out else node
