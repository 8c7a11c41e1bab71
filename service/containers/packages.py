"""EPUB and DOCX files as packages: zip containers whose parts are read, fixed and written byte for byte alike.

pandoc writes the body. Its parts about the document (package metadata, properties, navigation) lose data and are
partly wrong (docs/decisions.md), so the modules of this room write those parts themselves.
"""

from __future__ import annotations

import hashlib
import io
import re
import uuid
import zipfile
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from lxml import etree

from service.containers import zip_writing
from service.model.document import Document, Source
from service.model.formats import INPUT_FORMATS

RECORD_NAME = "colophon.json"
SEAL_NAME = "META-INF/colophon.sha256"
# A seal covers text, pictures and the metadata of the file; not the record, nor the relations of the parts.
SEALED = re.compile(r"word/(?!_rels/)|docProps/|EPUB/(?!colophon\.json|source\.)")
SOURCE_RELATION = "colophon:source"


def unpack(data: bytes) -> dict[str, bytes]:
    """The parts of a package that pandoc wrote, in their order."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(
    parts: Mapping[str, bytes], stored: frozenset[str] = frozenset(), ready: Mapping[str, zip_writing.Packed] | None = None
) -> bytes:
    """The zip of `parts` in their order, without time, owner and host system. `stored` are not compressed; `ready` are
    compressed already."""
    found = ready or {}
    return zip_writing.zipped(
        {
            name: found.get(name) or (zip_writing.stored if name in stored else zip_writing.deflated)(data)
            for name, data in parts.items()
        }
    )


def seal(parts: Mapping[str, bytes]) -> str:
    """A digest of the parts that an edit would change: it shows whether a file of this service was edited."""
    digest = hashlib.sha256()
    for name in sorted(filter(SEALED.match, parts)):
        digest.update(f"{name}\n{hashlib.sha256(parts[name]).hexdigest()}\n".encode())
    return digest.hexdigest()


def parse(data: bytes) -> etree._Element:
    """Parses an XML part without entities, network or a limit on text length. Limits were checked before."""
    return etree.fromstring(
        data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, remove_blank_text=False)
    )


def root(namespace: str, name: str, **prefixes: str) -> etree._Element:
    """The top of an XML part whose default namespace is `namespace`."""
    spaces: Any = {None: namespace, **prefixes}
    return etree.Element(f"{{{namespace}}}{name}", nsmap=spaces)


def replace(old: etree._Element, new: etree._Element) -> None:
    """Puts `new` where `old` stands, before the text that follows."""
    new.tail = old.tail
    parent = old.getparent()
    if parent is not None:
        parent.replace(old, new)


def take_out(element: etree._Element) -> None:
    """Removes the element and leaves the text that follows it."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + (element.tail or "")
    else:
        parent.text = (parent.text or "") + (element.tail or "")
    parent.remove(element)


def serialize(top: etree._Element, doctype: str = "") -> bytes:
    declaration = b'<?xml version="1.0" encoding="UTF-8"?>\n'
    return (
        declaration + (f"{doctype}\n".encode() if doctype else b"") + etree.tostring(top, encoding="UTF-8", xml_declaration=False)
    )


def identifier(document: Document) -> str:
    """The same for each conversion of the same article: a given identifier, DOI or ISBN, else a name-based UUID."""
    metadata = document.metadata
    if metadata.doi:
        return f"https://doi.org/{metadata.doi}"
    if metadata.isbn:
        return f"urn:isbn:{metadata.isbn.replace('-', '').replace(' ', '')}"
    if metadata.identifier:
        return metadata.identifier
    return f"urn:uuid:{stable_uuid(document)}"


def stable_uuid(document: Document) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, document.metadata.source_url or f"urn:sha256:{document.source.sha256}")


def source_name(source: Source) -> str:
    """The name of the embedded upload inside a package: never the name that the client gave."""
    suffix = PurePosixPath(source.name.replace("\\", "/")).suffix.lower()
    return "source" + (suffix if re.fullmatch(r"\.[a-z0-9]{1,8}", suffix) else ".bin")


SOURCE_TYPES: Mapping[str, str] = {
    ".json": "application/json",
    **{suffix: each.media_types[0] for each in INPUT_FORMATS.values() for suffix in each.suffixes},
}


def source_type(source: Source) -> str:
    claimed = source.media_type.split(";")[0].strip().lower()
    known = SOURCE_TYPES.get(PurePosixPath(source_name(source)).suffix)
    return known or (claimed if re.fullmatch(r"[a-z0-9.+-]+/[a-z0-9.+-]+", claimed) else "application/octet-stream")
