"""The parts of a DOCX by the names that pandoc expects: Word Online and others use document2.xml for the main part.

The package relationships say which part is which (ECMA-376 part 2, section 9). Documents of the strict variant are
brought to the transitional namespaces, which are the ones that programs know.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from lxml import etree

from service.containers import packages
from service.containers.docx import MAIN, RELATION, main_part
from service.readers.office.word_names import PREFIXES, W

STRICT = b"http://purl.oclc.org/ooxml/"
VARIANTS = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", W.encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", b"http://schemas.openxmlformats.org/officeDocument/2006/math"),
    (b"http://purl.oclc.org/ooxml/officeDocument/", b"http://schemas.openxmlformats.org/officeDocument/2006/"),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
)
# Parts that pandoc finds under one name only, by the last word of their relationship.
KNOWN = {kind: f"word/{kind}.xml" for kind in ("styles", "numbering", "footnotes", "endnotes", "comments", "settings")}


@dataclass(frozen=True, slots=True)
class Word:
    """A DOCX under known names. `targets` are the relationships of each part: id → name of a part, or an address."""

    parts: dict[str, bytes]
    targets: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def known(parts: Mapping[str, bytes]) -> Word:
    """The package under the names that pandoc expects. Raises InvalidDocument if it has no main part."""
    parts = {name: _transitional(name, data) for name, data in parts.items()}
    packed = parts.get("_rels/.rels")
    main = main_part(packages.parse(packed) if packed and packed.strip() else None, parts)
    renamed = {main: MAIN}
    for relation in _relations(parts, main):
        kind, target = relation.get("Type", "").rpartition("/")[2], _target(relation, main)
        if kind in KNOWN and target in parts:
            renamed.setdefault(target, KNOWN[kind])
    moved = {new: old for old, new in renamed.items()}
    found = {name: data for name, data in parts.items() if name not in renamed and name not in moved}
    targets: dict[str, Mapping[str, str]] = {}
    for old, new in renamed.items():
        found[new] = parts[old]
        relations = list(_relations(parts, old))
        targets[new] = {each.get("Id", ""): _target(each, old) for each in relations}
        if relations:
            found[_relations_of(new)] = _written(relations, old, new, renamed)
    found |= {name: _prefixed(found[name]) for name in (MAIN, *KNOWN.values()) if name in found}
    found["_rels/.rels"] = _package_relations()
    return Word(found, targets)


def _transitional(name: str, data: bytes) -> bytes:
    if name.endswith((".xml", ".rels")) and STRICT in data:
        for old, new in VARIANTS:
            data = data.replace(old, new)
    return data


def _prefixed(data: bytes) -> bytes:
    """A part in which the main namespace has the prefix that pandoc expects."""
    if b"xmlns:w=" in data[:10_000] or not data.strip():
        return data
    old = packages.parse(data)
    spaces: Any = PREFIXES
    top = etree.Element(old.tag, nsmap=spaces)
    top.extend(list(old))
    name_spaces(top)
    return packages.serialize(top)


def name_spaces(top: etree._Element) -> None:
    """Gives the namespaces their usual prefixes, at the top: pandoc finds pictures by them."""
    etree.cleanup_namespaces(top, top_nsmap=PREFIXES)


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _relations(parts: Mapping[str, bytes], part: str) -> list[etree._Element]:
    data = parts.get(_relations_of(part))
    return list(packages.parse(data).iter(RELATION)) if data and data.strip() else []


def _target(relation: etree._Element, part: str) -> str:
    """The name of the part that a relationship leads to, or the address outside of the package."""
    target = relation.get("Target", "")
    if relation.get("TargetMode") == "External":
        return target
    path = unquote(target.partition("#")[0])
    joined = path.lstrip("/") if path.startswith("/") else posixpath.join(posixpath.dirname(part), path)
    return posixpath.normpath(joined) if joined else ""


def _written(relations: list[etree._Element], old: str, new: str, renamed: Mapping[str, str]) -> bytes:
    """The relationships of a part under its new name: targets from the top of the package."""
    top = packages.root(RELATION[1:].partition("}")[0], "Relationships")
    for relation in relations:
        if relation.get("TargetMode") != "External":
            target = _target(relation, old)
            within = posixpath.relpath(renamed.get(target, target), posixpath.dirname(new))
            relation.set("Target", f"/{target}" if within.startswith("..") else within)
        top.append(relation)
    return packages.serialize(top)


def _package_relations() -> bytes:
    top = packages.root(RELATION[1:].partition("}")[0], "Relationships")
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    etree.SubElement(top, RELATION, Id="rId1", Type=kind, Target=MAIN)
    return packages.serialize(top)
