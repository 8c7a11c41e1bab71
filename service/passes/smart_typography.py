"""Replaces straight quotes, double hyphens and three dots by the marks of the language; `typography=as-is` keeps them.

`auto` follows the author: if a kind of mark is in its typographic form anywhere in the article, this kind is not
changed. Code, formulas, addresses and attributes do not change, nor do Markdown and JSON, which other programs read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from service.ast.pandoc_ast import INLINE_CONTAINERS, Node, walk_blocks
from service.model.blocks import Blocks, Survey
from service.model.document import Block, Conversion, Document
from service.model.text import quotation_marks, smart_text

OWN: Mapping[str, str] = {
    smart_text.DOUBLE: "“”„«»‹›″", smart_text.SINGLE: "‘’‚′", smart_text.DASHES: "–—", smart_text.DOTS: "…",
    smart_text.SPACES: "\u00a0\u202f",
}  # fmt: skip
TYPED_MARK = re.compile(r"""["'?!;:]|--|\.\.\.|(?<![^\s-])-(?![^\s-])""")
UNTOUCHED = frozenset({"markdown", "ast"})
ADDRESS = re.compile(r"://|^www\.|@|^[~./\\]|\\")
OBJECT = "\ufffc"  # represents code, a formula, a picture: like a letter
LISTS = frozenset({"Para", "Plain", "Header"})
# Tag → the class of one that a bibliography writes; a Cite is always one.
CITED: Mapping[str, str] = {"Cite": "", "Span": "citation", "Div": "references"}
VERBATIM = frozenset({"kbd", "samp", "var", "math", "uri", "url"})  # classes of spans


def run(document: Document, conversion: Conversion) -> Document:
    asked = conversion.typography
    languages = {document.metadata.lang, *map(_lang, document.blocks)}
    if asked == "as-is" or UNTOUCHED.issuperset(conversion.to) or not any(map(quotation_marks.of, languages)):
        return document
    words = _typed(document.blocks) + document.metadata.title
    kinds = frozenset(kind for kind in smart_text.KINDS if asked == "smart" or not any(mark in words for mark in OWN[kind]))
    lang = document.metadata.lang
    title, subtitle = (smart_text.applied(text, lang, kinds) for text in (document.metadata.title, document.metadata.subtitle))
    blocks = _Setting(lang, kinds).blocks(document.blocks)
    return replace(document, blocks=blocks, shown_title=title, shown_subtitle=subtitle)


def _typed(blocks: Blocks) -> str:
    """The author's words. Citations and lists of references have the marks of a citation style or of their source."""
    may_cite = set(blocks.holding(CITED.keys()))
    own = (each.words for place, each in enumerate(blocks.surveys) if place not in may_cite)
    return " ".join([*own, *(_without_citations(blocks[place]) for place in sorted(may_cite))])


def _without_citations(block: Block) -> str:
    """The text of all Str, in no order."""
    found, waiting = list[str](), list[Any]([block])
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting += part
        elif isinstance(part, dict) and part.get("t") == "Str":
            found.append(part["c"])
        elif isinstance(part, dict) and not _is_cited(part):
            waiting.append(part.get("c"))
    return " ".join(found)


def _is_cited(node: Node) -> bool:
    name = CITED.get(node.get("t", ""))
    return name is not None and (not name or name in node["c"][0][1])


@dataclass(frozen=True, slots=True)
class _Setting:
    lang: str
    kinds: frozenset[str]

    def blocks(self, blocks: Blocks) -> Blocks:
        """Divisions in another language have the marks of that language."""
        own = [(place, lang) for place, block in enumerate(blocks) if (lang := _lang(block)) and lang != self.lang]
        changed = list(walk_blocks(blocks, self._visit, LISTS, _is_typed))
        for place, lang in own:
            attributes, inner = blocks[place]["c"]
            inside = _Setting(lang, self.kinds).blocks(Blocks(inner))
            changed[place] = {"t": "Div", "c": [attributes, list(inside)]}
        return Blocks(changed, like=None)

    def _visit(self, node: Block) -> Block:
        content = node["c"][2] if node["t"] == "Header" else node["c"]
        pieces = list(_pieces(content))
        text = "".join(piece for _, piece in pieces)
        found = smart_text.edits(text, self.lang, self.kinds) if TYPED_MARK.search(text) else []
        if not found:
            return node
        changed = iter(_changed(pieces, found))
        inlines = _rebuilt(content, changed)
        return {"t": node["t"], "c": [*node["c"][:2], inlines] if node["t"] == "Header" else inlines}


def _is_typed(found: Survey) -> bool:
    return TYPED_MARK.search(found.words) is not None or " - " in found.words


def _lang(block: Block) -> str:
    """The language of a division by its attributes."""
    return next((value for key, value in block["c"][0][2] if key == "lang"), "") if block["t"] == "Div" else ""


def _pieces(inlines: Sequence[Node]) -> Iterator[tuple[Node, str]]:
    """The leaves of a paragraph in order, each with its text for the rules."""
    for node in inlines:
        kind = node["t"]
        if kind == "Str":
            yield node, OBJECT * len(node["c"]) if ADDRESS.search(node["c"]) else node["c"]
        elif kind in ("Space", "SoftBreak", "LineBreak"):
            yield node, " "
        elif kind == "Note":
            yield node, ""
        elif kind in INLINE_CONTAINERS and not _is_verbatim(node):
            yield from _pieces(_inside(node))
        else:
            yield node, OBJECT


def _is_verbatim(node: Node) -> bool:
    """Pictures, spans of code or in another language, and links that show their address."""
    if node["t"] == "Span":
        _, classes, pairs = node["c"][0]
        return not VERBATIM.isdisjoint(classes) or any(key == "lang" for key, _ in pairs)
    return node["t"] == "Image" or (node["t"] == "Link" and not VERBATIM.isdisjoint(node["c"][0][1]))


def _inside(node: Node) -> Sequence[Node]:
    place = INLINE_CONTAINERS[node["t"]]
    content: Sequence[Node] = node["c"] if place is None else node["c"][place]
    return content


def _changed(pieces: Sequence[tuple[Node, str]], found: Sequence[smart_text.Edit]) -> Iterator[Node]:
    """Each leaf with its edits; one that reaches into the next leaf is left out."""
    start, waiting = 0, list(reversed(found))
    for node, text in pieces:
        end, done, out = start + len(text), start, ""
        while waiting and waiting[-1].start < end:
            edit = waiting.pop()
            if edit.start >= done and edit.end <= end and node["t"] in ("Str", "Space"):
                out += text[done - start : edit.start - start] + edit.text
                done = edit.end
        yield node if done == start else {"t": "Str", "c": out + text[done - start :]}
        start = end


def _rebuilt(inlines: Sequence[Node], leaves: Iterator[Node]) -> list[Node]:
    """The paragraph with its leaves replaced by `leaves`."""
    out: list[Node] = []
    for node in inlines:
        if node["t"] in INLINE_CONTAINERS and not _is_verbatim(node):
            inside, place = _rebuilt(_inside(node), leaves), INLINE_CONTAINERS[node["t"]]
            content = inside if place is None else [*node["c"][:place], inside, *node["c"][place + 1 :]]
            out.append({"t": node["t"], "c": content})
        else:
            out.append(next(leaves))
    return out
