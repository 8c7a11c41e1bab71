"""RTF: the info group is its front matter. Pictures are moved out of the text; characters are decoded before."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from service.ast import pandoc_ast
from service.engines import Engines
from service.input.frontmatter import FrontMatter
from service.model.document import Asset, Conversion, Document, Source
from service.model.errors import EmptyDocument, Place, TooComplex, TooLarge
from service.model.notices import notice
from service.readers.base import Reader
from service.readers.rtf import characters, page_headers, structure
from service.readers.rtf.passages import passages
from service.readers.shared import page_headers as running
from service.readers.shared import text as texts

MAGIC = b"{\\rtf"
PART = "part/"
PICTURES = 5  # times the limit on text: pictures are text here
DEEPEST = 1000
NESTED = "A table in the cell of another is shown as paragraphs of that cell."
NAMES = {
    "title": "title", "subject": "subtitle", "author": "author", "keywords": "keywords", "doccomm": "description",
    "category": "categories", "company": "publisher", "manager": "manager", "hlinkbase": "url", "operator": "last_modified_by",
    "comment": "comment",
}  # fmt: skip
STAMPS = {"creatim": "date", "revtim": "modified", "printim": "printed_on", "buptim": "backed_up_on"}
STAMP = re.compile(r"\\yr(\d{4})\\mo(\d{1,2})\\dy(\d{1,2})(?:\\hr(\d{1,2})\\min(\d{1,2}))?")
CONTENT = r"((?>(?:[^{}\\]++|\\.)*))"
# A name and a value; or an escape, so that no match starts inside one.
PROPERTY = re.compile(rf"\\.|\{{\\propname {CONTENT}\}}\s*+\\proptype\d++\s*+\{{\\staticval {CONTENT}\}}")


def read(source: Source, _: Conversion, engines: Engines) -> Document:
    limit = PICTURES * engines.settings.max_text
    if len(source.data) > limit:
        raise TooLarge(f"The file has {len(source.data):,} bytes. The limit is {limit:,}.", extra={"limit": limit})
    text, nested = structure.straightened(characters.decoded(structure.without_binary(source.data)))
    if line := characters.line_of_depth(text, DEEPEST + 1):
        detail = f"The file nests more than {DEEPEST:,} groups up to line {line}."
        raise TooComplex(detail, places=[Place(detail, line=line)], extra={"limit": DEEPEST})
    found = texts.parsed(text, "rtf", engines)
    if not found.blocks:
        raise EmptyDocument()
    blocks = pandoc_ast.walk(found.blocks, lambda node: _pointed(node, found.media))
    assets = [Asset(PART + name, data, mime) for name, (mime, data) in found.media.items()]
    reported = (notice("table-clamped", NESTED, stage="read"),) if nested else ()
    said = _said(text)
    reported = (*reported, *running.reported(page_headers.lines(text), said))
    return texts.document(source, texts.Text(FrontMatter(), ()), said, blocks, reported, assets)


def _pointed(node: pandoc_ast.Node, media: Mapping[str, Any]) -> pandoc_ast.Node:
    if node["t"] != "Image" or node["c"][2][0] not in media:
        return node
    attributes, alt, (name, title) = node["c"]
    return pandoc_ast.image(alt, PART + name, title, attributes)


def _said(text: str) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name, content in characters.groups(characters.group(text, r"{\info")):
        if name in NAMES and (value := characters.plain(content)):
            said[NAMES[name]] = [part.strip() for part in value.split(";")] if name == "author" else value
        elif name in STAMPS and (found := STAMP.search(content)):
            day = f"{found[1]}-{found[2]:0>2}-{found[3]:0>2}"
            said[STAMPS[name]] = day + (f"T{found[4]:0>2}:{found[5]:0>2}" if found[4] else "")
    for found in PROPERTY.finditer(characters.group(text, r"{\*\userprops")):
        if found[1]:
            said.setdefault(characters.plain(found[1]), characters.plain(found[2]))
    return {key: value for key, value in said.items() if key and value}


READER = Reader("rtf", read, matches=lambda data: data.startswith(MAGIC), passages=passages)
