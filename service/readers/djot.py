"""Djot, the successor of CommonMark by its author: parsed in linear time except for runs of one mark. It includes no files."""

from __future__ import annotations

import re

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.blocks import Blocks
from service.model.document import Conversion, Document, Source
from service.readers.base import Reader
from service.readers.shared import letters, nesting, open_marks
from service.readers.shared import text as texts

FORMAT = "djot"
MOST = {"_": 3_000, "*": 3_000, "~": 3_000, "^": 3_000, "[": 1_500, "{": 1_500}
LABEL = re.compile(r"^\{[^{}\n]*\}[ \t]*$|\{[=+*_-]|[=+*_-]\}|:[a-z_]+:|^[ \t]*:{3,}.*$|^\[\^?[^\]\n]+\]:.*$", re.M)
FENCE = re.compile(r"^[ \t>]*+(?:`{3,}+|~{3,}+).*+$", re.M)
BOXES = {"[x]": "☒", "[X]": "☒", "[ ]": "☐"}
TARGET = re.compile(r"\]\([^()\n]*\)|\]\[[^\[\]\n]*\]")
NOTE = re.compile(r"\[\^[^\[\]\s]+\]:?")
ATTRIBUTES = re.compile(r"\{[^{}\n]*\}")
ADDRESS = re.compile(r"<?https?://[^\s<>]*>?")
SIGN = re.compile(r"^[ \t>*+-]*\(?(?:\d{1,9}|[A-Za-z])[.)](?=\s)|\[[ xX]\]", re.M)


def read(source: Source, conversion: Conversion, engines: Engines) -> Document:
    text = texts.opened(source, conversion, engines)
    nesting.refuse_indentation(text.body, text.line)
    open_marks.refuse(text.body, text.line, MOST)
    for number, line in enumerate(text.body.split("\n"), text.line):
        nesting.refuse(len(line) - len(line.lstrip(" >")), 2 * nesting.MAX_INDENTS, number, "quotations in one another")
    found = texts.parsed(text.body + "\n", FORMAT, engines, None, text.line)
    blocks = pandoc_ast.walk_blocks(Blocks(found.blocks), _opened, {"Div"})
    return texts.document(source, text, {}, pandoc_ast.walk_blocks(blocks, _boxed, {"BulletList"}))


def _boxed(node: pandoc_ast.Node) -> pandoc_ast.Node:
    """A list whose items begin with a box, `[ ]` or `[x]`, which pandoc reads as words."""
    items = [list(item) for item in node["c"]]
    for item in items:
        words = item[0]["c"] if item and item[0]["t"] in ("Para", "Plain") else []
        if len(words) > 1 and words[0]["t"] == "Str" and (box := BOXES.get(words[0]["c"])):
            item[0] = {"t": item[0]["t"], "c": [pandoc_ast.string(box), *words[1:]]}
    return {"t": "BulletList", "c": items}


def _opened(node: pandoc_ast.Node) -> pandoc_ast.Node | list[pandoc_ast.Node]:
    """The content of a section, which pandoc creates for each heading and the blocks below."""
    attributes = node["c"][0]
    content: list[pandoc_ast.Node] = node["c"][1]
    if attributes[1] != ["section"]:
        return node
    if content and content[0]["t"] == "Header" and not content[0]["c"][1][0]:  # the section has the heading's id
        level, own, words = content[0]["c"]
        content = [pandoc_ast.header(level, words, [attributes[0], *own[1:]]), *content[1:]]
    return content


def plain(text: str) -> str:
    """The text without markup, addresses and fences."""
    return letters.without(text, LABEL, FENCE, TARGET, NOTE, ATTRIBUTES, ADDRESS, SIGN)


READER = Reader("djot", read, passages=letters.of_text(plain))
