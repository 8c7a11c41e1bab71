"""The common parts of presentations and workbooks: their parts by relationship, and their properties as a front matter."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from lxml import etree

from service.containers import docx, packages
from service.containers.docx import RELATION
from service.model.document import Asset
from service.readers.office.base import PART, front_matter

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
STRICT = b"http://purl.oclc.org/ooxml/"
OPEN = b"http://schemas.openxmlformats.org/"
# Properties that have no field: place → custom key.
OTHER_PROPERTIES = {
    "core:cp:contentStatus": "content_status", "core:cp:lastModifiedBy": "last_modified_by",
    "core:cp:contentType": "content_type", "core:cp:lastPrinted": "last_printed", "app:Manager": "manager",
}  # fmt: skip
# Titles that programs insert automatically.
NO_TITLES = frozenset(("powerpoint presentation", "presentation", "powerpoint-präsentation", "présentation powerpoint",
                       "presentación de powerpoint", "presentazione standard di powerpoint", "powerpoint 演示文稿",
                       "powerpoint プレゼンテーション", "slide 1"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Package:
    """Parts of an Office Open XML file; `main` is the one that its relationships name."""

    parts: Mapping[str, bytes]
    main: str

    def xml(self, name: str) -> etree._Element | None:
        data = self.parts.get(name, b"")
        return packages.parse(data.replace(STRICT, OPEN)) if data.strip() else None

    def targets(self, part: str) -> dict[str, tuple[str, str]]:
        """The relationships of a part: id → last word of its type, and the part or address that it leads to."""
        folder, name = posixpath.split(part)
        top = self.xml(posixpath.join(folder, "_rels", f"{name}.rels"))
        found: dict[str, tuple[str, str]] = {}
        for each in top.iter(RELATION) if top is not None else ():
            target = each.get("Target", "")
            if each.get("TargetMode") != "External":
                path = unquote(target.partition("#")[0])
                target = posixpath.normpath(path.lstrip("/") if path.startswith("/") else posixpath.join(folder, path))
            found[each.get("Id", "")] = each.get("Type", "").rpartition("/")[2], target
        return found

    def picture(self, target: str) -> Asset | None:
        return Asset(PART + target, self.parts[target]) if target in self.parts else None


def opened(parts: Mapping[str, bytes]) -> Package:
    """Raises InvalidDocument if the package has no main part."""
    packed = parts.get("_rels/.rels", b"")
    return Package(parts, docx.main_part(packages.parse(packed) if packed.strip() else None, parts))


def properties(data: bytes) -> dict[str, Any]:
    """The core, extended and custom properties under the names of a front matter."""
    found = docx.inspect(data)
    said = front_matter(found, "docx")
    if str(said.get("title", "")).strip().lower() in NO_TITLES:
        del said["title"]
    for place, key in OTHER_PROPERTIES.items():
        if found.native.get(place):
            said.setdefault(key, found.native[place])
    changed = found.native.get("core:dcterms:modified")
    if changed and changed != found.native.get("core:dcterms:created"):
        said.setdefault("modified", changed)
    return said
