"""Org: `#+KEY: value` lines are its front matter, anywhere outside blocks.

pandoc knows only a few keys. Every key that is not an instruction to an exporter is kept. `#+INCLUDE` reads nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.document import Conversion, Document, Notice, Source
from service.model.notices import notice
from service.readers.base import Reader
from service.readers.org import limits, planning
from service.readers.org.plain import not_exported, plain
from service.readers.shared import letters
from service.readers.shared import text as texts
from service.readers.shared.latex_leftovers import Leftovers

FORMAT = "org-smart-citations"
KEY = re.compile(r"[ \t]*+#\+([A-Za-z][\w-]*+):(?:[ \t](.*))?$")
BLOCK = re.compile(r"[ \t]*#\+(begin|end)_(\w+)", re.IGNORECASE)
INCLUDED = frozenset({"include", "setupfile", "bibliography"})
# Instructions, and what belongs to the element below.
INSTRUCTION_WORDS = """
    options startup property todo seq_todo typ_todo priorities macro link archive columns constants exclude_tags
    select_tags caption name label header headers results plot tblfm call lob tblname source srcname toc index include
    setupfile bind print_bibliography cite_export creator html_head html_head_extra html_doctype html_container
    html_mathjax html_equation_reference_format latex_class latex_class_options latex_compiler latex_header
    latex_header_extra latex export_file_name attr html beamer ascii odt odt_styles_file texinfo bibliography tags
    drawers infojs_opt"""
INSTRUCTIONS = frozenset(INSTRUCTION_WORDS.split())
NAMES = {"filetags": "keywords", "category": "categories", "language": "lang"}
STAMP = re.compile(r"[<\[](\d{4}-\d\d-\d\d)(?>(?:[ ]++[^\s\d>\]]++)?)(?>(?:[ ]++(\d{1,2}:\d\d))?)[^<>\[\]]*+[>\]]")


def read(source: Source, conversion: Conversion, engines: Engines) -> Document:
    text = texts.opened(source, conversion, engines)
    body, one = limits.settled(text.body, text.line)
    found = texts.parsed(body + "\n", FORMAT, engines, one, text.line)
    said, included = _keys(text.body, text.line)
    native = {**{key: value for key, value in found.meta.items() if key == "abstract"}, **said}
    left = Leftovers({}, {})
    blocks = texts.with_abstract(found.blocks, found.abstract, str(native.get("lang", "")))
    blocks = pandoc_ast.walk(blocks, left.visit, {"RawInline", "RawBlock"})
    reported = [*texts.not_read(included), *left.notices(), *_not_exported(text), *planning.reported(text.body, text.line)]
    return texts.document(source, text, native, blocks, reported)


def _not_exported(text: texts.Text) -> list[Notice]:
    lines = text.body.split("\n")
    places = not_exported(text.body)
    if not places:
        return []
    message = f"{len(places)} parts that the author marked as not for export (:noexport:) were left out."
    removed = ["\n".join(lines[start:end])[:2_000] for start, end in places[:50]]
    return [notice("comment-removed", message, stage="read", line=text.line + places[0][0], data={"removed": removed})]


def _keys(text: str, first_line: int) -> tuple[dict[str, Any], list[tuple[int, str]]]:
    """The values of the lines, and the files that they would include. A repeated key continues its value."""
    said: dict[str, Any] = {}
    included: list[tuple[int, str]] = []
    for number, key, value in _lines(text, first_line):
        if key in INCLUDED and value:
            included.append((number, value))
        if not value or key in INSTRUCTIONS or key.startswith(("attr_", "begin_", "end_", "html_", "latex_", "odt_", "beamer_")):
            continue
        name = NAMES.get(key, key)
        if name in ("author", "keywords", "categories"):
            said[name] = [*said.get(name, ()), *_parts(key, value)]
        else:
            shown = _dated(value) if name == "date" else value
            said[name] = f"{said[name]} {shown}" if name in said else shown
    return said, included


def _lines(text: str, first_line: int) -> Iterator[tuple[int, str, str]]:
    inside = ""
    for number, line in enumerate(text.split("\n"), first_line):
        if "#+" not in line:
            continue
        if mark := BLOCK.match(line):
            kind = mark[2].lower()
            inside = inside or kind if mark[1].lower() == "begin" else "" if kind == inside else inside
        elif not inside and (found := KEY.match(line)):
            yield number, found[1].lower(), (found[2] or "").strip(" \t")


def _parts(key: str, value: str) -> list[str]:
    """Authors have one line each or semicolons; tags are between colons; keywords have commas, else blanks."""
    if key == "filetags":
        return [tag for tag in re.split(r"[:\s]+", value) if tag]
    separator = ";" if key == "author" else r"[,;]" if re.search(r"[,;]", value) else r"\s+"
    return [part.strip() for part in re.split(separator, value) if part.strip()]


def _dated(value: str) -> str:
    """`<2024-11-21 Thu 10:00>` without its brackets and the name of the day."""
    found = STAMP.fullmatch(value.strip())
    return value if not found else found[1] + (f"T{found[2]:0>5}" if found[2] else "")


READER = Reader("org", read, passages=letters.of_text(plain))
