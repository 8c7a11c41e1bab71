"""The metadata in a DOCX: core, custom and extended properties, and the custom XML part of this service."""

from __future__ import annotations

import base64
import binascii
import posixpath
from collections.abc import Collection
from typing import Any
from urllib.parse import unquote

from lxml import etree

from service.containers.namespaces import CORE, CUSTOM, DC, EXTENDED, TERMS
from service.containers.parts import Enclosed, Found, Parts, add, opened, text
from service.model.errors import InvalidDocument
from service.model.record import NAMESPACE
from service.model.text import json_values

MAIN = "word/document.xml"
RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
PREFIXES = {CORE: "cp", DC: "dc", TERMS: "dcterms"}
LARGEST_ITEM = 100_000_000
COUNTS = {"Pages": "pages", "Words": "words", "Characters": "characters"}


def inspect(data: bytes) -> Found:
    """Raises InvalidDocument if the file is not a DOCX, ArchiveTooLarge if it is too large."""
    with opened(data, "DOCX") as parts:
        main_part(parts.xml("_rels/.rels"), parts.names)
        native, facts = _core(parts) | _custom(parts), _facts(parts)
        extended = parts.xml("docProps/app.xml")
        for entry in extended.iterchildren(etree.Element) if extended is not None else ():
            name, value = str(entry.tag).removeprefix(f"{{{EXTENDED}}}"), text(entry)
            if name in COUNTS and value.isdecimal():
                facts[COUNTS[name]] = json_values.integer(value)
            elif value:
                native[f"app:{name}"] = value
        record, source, seal = _enclosed(parts)
        return Found(native, facts, record, source, seal=seal)


def main_part(relations: etree._Element | None, names: Collection[str]) -> str:
    """The part that holds the document, as the package's own relationships name it. Raises InvalidDocument.

    Word Online calls it word/document2.xml (ECMA-376 part 2, section 9: the name is free).
    """
    for relation in relations.iter(RELATION) if relations is not None else ():
        target = posixpath.normpath(unquote(relation.get("Target", "")).lstrip("/"))
        if relation.get("Type", "").endswith("/officeDocument") and target in names:
            return target
    if MAIN in names:
        return MAIN
    raise InvalidDocument("The file has no main document part: _rels/.rels does not name one.")


def _core(parts: Parts) -> dict[str, Any]:
    native: dict[str, Any] = {}
    core = parts.xml("docProps/core.xml")
    for entry in core.iterchildren(etree.Element) if core is not None else ():
        uri, _, local = str(entry.tag).removeprefix("{").rpartition("}")
        if uri in PREFIXES and (value := text(entry)):
            add(native, f"core:{PREFIXES[uri]}:{local}", value)
    return native


def _custom(parts: Parts) -> dict[str, Any]:
    native: dict[str, Any] = {}
    custom = parts.xml("docProps/custom.xml")
    for entry in custom.iterchildren(f"{{{CUSTOM}}}property") if custom is not None else ():
        value = next(entry.iterchildren(etree.Element), None)
        if value is not None:
            native[f"custom:{entry.get('name', '')}"] = _typed(value)
    return native


def _typed(value: etree._Element) -> Any:
    kind, content = str(value.tag).rpartition("}")[2], "".join(map(str, value.itertext()))
    try:
        match kind:
            case "bool":
                return content.strip() in ("true", "1")
            case "i1" | "i2" | "i4" | "i8" | "int" | "ui1" | "ui2" | "ui4" | "ui8" | "uint":
                return json_values.integer(content)
            case "r4" | "r8" | "decimal":
                return json_values.decimal(content)
    except ValueError:
        pass  # not a number: shown unchanged
    return content


def _enclosed(parts: Parts) -> tuple[bytes | None, Enclosed | None, str]:
    """The part of this service among the custom XML parts: Word may have renumbered it."""
    for name in sorted(parts.names):
        if not name.startswith("customXml/item") or "Props" in name:
            continue
        data = parts.get(name, LARGEST_ITEM)
        if data is None or NAMESPACE.encode() not in data[:4096]:
            continue
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
        item = etree.fromstring(data, parser)
        source = item.find(f"{{{NAMESPACE}}}source")
        return _decoded(item.find(f"{{{NAMESPACE}}}record")), _source(source), item.get("seal", "")
    return None, None, ""


def _source(entry: etree._Element | None) -> Enclosed | None:
    data = _decoded(entry)
    if entry is None or data is None:
        return None
    return Enclosed(entry.get("name", "source.bin"), entry.get("media-type", "application/octet-stream"), data)


def _decoded(entry: etree._Element | None) -> bytes | None:
    try:
        return base64.b64decode(entry.text or "", validate=False) if entry is not None else None
    except binascii.Error as error:
        raise InvalidDocument("The record inside the DOCX is damaged.") from error


def _facts(parts: Parts) -> dict[str, Any]:
    return {
        "images": sum(name.startswith("word/media/") for name in parts.names),
        "macros": "word/vbaProject.bin" in parts.names,
        "comments": "word/comments.xml" in parts.names,
        "files": len(parts.names),
    }
