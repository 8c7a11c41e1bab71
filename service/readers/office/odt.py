"""ODT as pandoc reads it without loss, and its properties under the names of a front matter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree

from service.inspect.base import opened, text
from service.readers.office.base import Prepared

META = "urn:oasis:names:tc:opendocument:xmlns:meta:1.0"
DC = "http://purl.org/dc/elements/1.1/"
PLACES: Mapping[str, str] = {
    f"{{{DC}}}title": "title", f"{{{DC}}}subject": "subtitle", f"{{{DC}}}description": "description", f"{{{DC}}}date": "modified",
    f"{{{DC}}}language": "lang", f"{{{META}}}initial-creator": "author", f"{{{META}}}creation-date": "date",
}  # fmt: skip


def prepare(parts: Mapping[str, bytes], data: bytes) -> Prepared:
    return Prepared(parts, _properties(data))


def _properties(data: bytes) -> dict[str, Any]:
    with opened(data, "ODT") as parts:
        top = parts.xml("meta.xml")
    found: dict[str, Any] = {}
    said: dict[str, Any] = {}  # by the user, who may give the article's own date
    for entry in top.iter(etree.Element) if top is not None else ():
        key, value = PLACES.get(str(entry.tag)), text(entry)
        if key and value:
            found[key] = value
        elif entry.tag == f"{{{META}}}keyword" and value:
            found.setdefault("keywords", []).append(value)
        elif entry.tag == f"{{{META}}}user-defined" and value:
            said[entry.get(f"{{{META}}}name", "")] = value
    if len(found.get("keywords", ())) == 1:
        found["keywords"] = found["keywords"][0]
    return found | {key: value for key, value in said.items() if key == "date" or key not in found}
