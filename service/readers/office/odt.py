"""ODT, prepared so that pandoc reads it without loss, and its properties under the names of a front matter."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Mapping, Sequence
from typing import Any

from lxml import etree

from service.ast import pandoc_ast
from service.ast.pandoc_ast import Node
from service.containers import packages
from service.containers.parts import opened, text
from service.model.errors import InvalidDocument
from service.model.notices import notice
from service.model.text import json_values
from service.readers.office import odt_flow, odt_groups, odt_pictures, page_headers, review
from service.readers.office.base import Prepared
from service.readers.office.inserts import Inserts, mark_of
from service.readers.office.odt_names import BODY, DC, FRAME, LINES, META, PARAGRAPH, t, words
from service.readers.office.title_page import PARTS, TitlePage

CONTENT = "content.xml"
SINGLE = frozenset({"title", "modified", "lang", "author", "date", "last_modified_by"})  # the last of several
PLACES: Mapping[str, str] = {
    f"{{{DC}}}title": "title", f"{{{DC}}}subject": "subtitle", f"{{{DC}}}description": "description", f"{{{DC}}}date": "modified",
    f"{{{DC}}}language": "lang", f"{{{DC}}}publisher": "publisher", f"{{{DC}}}rights": "rights", f"{{{DC}}}source": "source",
    f"{{{DC}}}identifier": "identifier", f"{{{DC}}}type": "type",
    f"{{{META}}}initial-creator": "author", f"{{{META}}}creation-date": "date",
}  # fmt: skip
# Other properties, which have no field.
OTHERS: Mapping[str, str] = {
    f"{{{DC}}}creator": "last_modified_by", f"{{{META}}}printed-by": "printed_by", f"{{{META}}}print-date": "printed_on",
    f"{{{DC}}}contributor": "contributors", f"{{{DC}}}coverage": "coverage", f"{{{DC}}}relation": "relation",
    f"{{{DC}}}format": "format",
}  # fmt: skip


def prepare(parts: Mapping[str, bytes], data: bytes) -> Prepared:
    """Raises InvalidDocument if it is not an ODT."""
    if CONTENT not in parts:
        raise InvalidDocument("The file has no content.xml.")
    changed = dict(parts)
    inserts = Inserts(parts[CONTENT].decode("utf-8", "ignore"))
    page = TitlePage(_properties(data))
    top = packages.parse(parts[CONTENT])
    body = next(top.iter(BODY), None)
    if body is None:
        raise InvalidDocument("The file is an OpenDocument file, but not a text document (office:text).")
    reviewed = review.of_open_text(top)
    flow = odt_flow.straightened(body, inserts)
    descriptions = odt_pictures.bound(body, changed, inserts)
    _read_title_page(body, odt_flow.roles(parts), page)
    has_groups = odt_groups.grouped(body)
    changed[CONTENT] = packages.serialize(top)
    reported = [notice("contents-removed", stage="read", data={"removed": list(flow.contents)})] if flow.contents else []
    if flow.shortened:
        message = f"{flow.shortened:,} long runs of spaces became one space each."
        reported.append(notice("blanks-shortened", message, stage="read"))
    placed = functools.partial(_finish, inserts=inserts, apart=flow.apart, figures=flow.figures, has_groups=has_groups)

    def finish(blocks: Sequence[Node]) -> list[Node]:
        return pandoc_ast.walk(placed(blocks), lambda node: odt_pictures.described(node, descriptions), {"Image"})

    said = page.metadata()
    reported += page_headers.of_open_text(parts, said)
    return Prepared(changed, said, notices=(*reported, *reviewed), finish=finish)


def _finish(
    blocks: Sequence[Node], inserts: Inserts, apart: Mapping[str, str], figures: frozenset[str], has_groups: bool
) -> list[Node]:
    """Nested tables in their places again, pictures with captions as figures."""
    blocks = odt_groups.opened(blocks) if has_groups else blocks
    kept: list[Node] = []
    found = ""
    for block in blocks:
        mark = mark_of(block)
        if mark in apart:
            found = apart[mark]
            inserts.set(found, [])
        elif found:
            inserts.set(found, [block])
            found = ""
        else:
            kept.append(block)
    placed = inserts.placed(kept)
    return pandoc_ast.walk(placed, lambda node: _figure(node, figures), {"Para"}) if figures else placed


def _figure(node: Node, figures: frozenset[str]) -> Node:
    """The paragraph of a picture and its caption as a figure."""
    first = node["c"][0] if node["c"] else {"t": ""}
    if first["t"] != "Str" or first["c"][:1] not in figures:
        return node
    rest = [pandoc_ast.string(first["c"][1:])] if first["c"][1:] else []
    inlines = [*rest, *node["c"][1:]]
    images = [each for each in inlines if each["t"] == "Image"]
    if len(images) != 1:
        return pandoc_ast.para(inlines)
    caption = [each for each in inlines if each is not images[0]]
    while caption and caption[0]["t"] in pandoc_ast.BREAKS:
        caption = caption[1:]
    attributes, alt, target = images[0]["c"]
    picture = {"t": "Image", "c": [attributes, alt or caption, target]}
    return {"t": "Figure", "c": [pandoc_ast.attr(), [None, [pandoc_ast.plain(caption)]], [pandoc_ast.plain([picture])]]}


def _read_title_page(body: etree._Element, roles: Mapping[str, str], page: TitlePage) -> None:
    """Takes the paragraphs of a title page out of the body, up to the first text of another style."""
    for block in list(body):
        style = block.get(t("style-name"), "")
        role = roles.get(style, style.lower()) if block.tag in LINES else ""
        if not words(block).strip():
            continue
        if block.tag != PARAGRAPH or role not in odt_flow.NAMED:
            return
        if next(block.iter(FRAME, t("note")), None) is None and page.take(role, words(block)):
            packages.take_out(block)
        elif role in PARTS:
            return


def _properties(data: bytes) -> dict[str, Any]:
    with opened(data, "ODT") as parts:
        top = parts.xml("meta.xml")
    found: dict[str, Any] = {}
    said: dict[str, Any] = {}  # by the user, who may have set the article's date
    for entry in top.iter(etree.Element) if top is not None else ():
        key, value = PLACES.get(str(entry.tag)) or OTHERS.get(str(entry.tag)), text(entry)
        if key and value:
            found[key] = value if key not in found or key in SINGLE else [*_listed(found[key]), value]
        elif entry.tag == f"{{{META}}}keyword" and value:
            found.setdefault("keywords", []).append(value)
        elif entry.tag == f"{{{META}}}user-defined" and value:
            said[entry.get(f"{{{META}}}name", "")] = _typed(entry, value)
    if len(found.get("keywords", ())) == 1:
        found["keywords"] = found["keywords"][0]
    if found.get("last_modified_by") == found.get("author"):
        found.pop("last_modified_by", None)
    return found | {key if key == "date" or key not in found else f"user_{key}": value for key, value in said.items()}


def _typed(entry: etree._Element, value: str) -> Any:
    """A property of the user with its type; as text if the value is not of that type."""
    kind = entry.get(f"{{{META}}}value-type", "string")
    if kind == "boolean" and value in ("true", "false"):
        return value == "true"
    if kind == "float":
        with contextlib.suppress(ValueError):
            return json_values.integer(value) if value.lstrip("-").isdecimal() else json_values.decimal(value)
    return value


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
