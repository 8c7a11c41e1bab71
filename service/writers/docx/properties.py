"""The properties of a DOCX: core.xml, typed custom.xml and a true app.xml (ECMA-376 part 2, and part 1, 22.2 and 22.3).

pandoc writes lists and maps as empty properties, joins values without a type, and claims to be Word 12 with 83 words.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import orjson
from lxml import etree

import service
from service.containers import packages
from service.containers.namespaces import CORE, CUSTOM, DC, EXTENDED, TERMS
from service.containers.packages import serialize
from service.model import metadata_map
from service.model.document import Document, Metadata
from service.model.free_names import FreeNames
from service.model.text import dates
from service.model.text.characters import legal

XSI = "http://www.w3.org/2001/XMLSchema-instance"
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"  # the one that Word shows under "Custom"
INT32 = range(-(2**31), 2**31)
FIRST = (
    "url", "source", "date", "modified", "fetch_date", "subtitle", "publisher", "rights", "license", "doi", "isbn", "type",
    "identifier", "abstract", "series", "series_index",
)  # fmt: skip
PRODUCER = f"Colophon {service.__version__}"


def core(document: Document, title: str) -> bytes:
    metadata = document.metadata
    modified = dates.w3c(dates.build_instant(metadata))
    published = dates.instant(metadata.date)
    top = etree.Element(f"{{{CORE}}}coreProperties", nsmap={"cp": CORE, "dc": DC, "dcterms": TERMS, "xsi": XSI})
    values = (
        (DC, "title", title),
        (DC, "subject", metadata.subtitle),
        (DC, "creator", "; ".join(author.name for author in metadata.authors)),
        (CORE, "keywords", "; ".join(dict.fromkeys(metadata.keywords))),
        (DC, "description", metadata.description),
        (CORE, "lastModifiedBy", PRODUCER),
        (CORE, "revision", "1"),
        (TERMS, "created", dates.w3c(published) if published else modified),
        (TERMS, "modified", modified),
        (CORE, "category", "; ".join(metadata.categories)),
        (DC, "language", metadata.lang),
        (DC, "identifier", packages.identifier(document)),
        (CORE, "version", metadata.version),
    )
    for space, name, text in values:
        if text:
            entry = etree.SubElement(top, f"{{{space}}}{name}")
            entry.text = legal(text)
            if space == TERMS:
                entry.set(f"{{{XSI}}}type", "dcterms:W3CDTF")
    return serialize(top)


def named(metadata: Metadata) -> list[tuple[str, Any]]:
    """The content of custom.xml: the fields without a place in core.xml, then every custom key, under their own names."""
    index = metadata.series.index if metadata.series else ""
    fields: dict[str, Any] = metadata_map.own_values(metadata, "docx", FIRST, series_index=index)
    if len(metadata.keywords) > 1:
        fields["keywords"] = list(metadata.keywords)
    return [*fields.items(), *metadata.custom.items()]


def custom(properties: Iterable[tuple[str, Any]]) -> bytes:
    """Typed properties. For Word names that differ only in case are the same, so the later one gets a number."""
    top = packages.root(CUSTOM, "Properties", vt=TYPES)
    taken: set[str] = set()
    free = FreeNames()
    for number, (key, value) in enumerate(properties, 2):  # 0 and 1 are reserved
        wanted = legal(key)[:240] or "_"
        name = free.free(wanted, "{name} ({number})", lambda each: each.casefold() in taken, wanted.casefold())
        taken.add(name.casefold())
        entry = etree.SubElement(top, f"{{{CUSTOM}}}property", fmtid=FORMAT_ID, pid=str(number), name=name)
        kind, text = typed(value)
        etree.SubElement(entry, f"{{{TYPES}}}{kind}").text = legal(text)
    return serialize(top)


def typed(value: Any) -> tuple[str, str]:
    """The variant type of a value and its text. Values that are not scalars are JSON."""
    if isinstance(value, bool):
        return "bool", str(value).lower()
    if isinstance(value, int):
        return ("i4", str(value)) if value in INT32 else ("lpwstr", str(value))
    if isinstance(value, float):
        return "r8", repr(value)
    if isinstance(value, str):
        return _typed_text(value)
    return "lpwstr", orjson.dumps(value, default=str).decode()


def _typed_text(text: str) -> tuple[str, str]:
    """Whether a date can be a filetime without a loss: it has a zone, and no fraction."""
    moment: datetime | None = dates.instant(text) if dates.has_zone(text) else None
    if moment is not None and dates.w3c(moment) == text:
        return "filetime", text
    return "lpwstr", text


def app(metadata: Metadata) -> bytes:
    """Only true properties, for example no page count, because the pages were not counted."""
    top = packages.root(EXTENDED, "Properties", vt=TYPES)
    values = (("Application", PRODUCER), ("Company", metadata.publisher), ("AppVersion", "1.0000"))
    for name, text in values:
        if text:
            etree.SubElement(top, f"{{{EXTENDED}}}{name}").text = legal(text)
    return serialize(top)
