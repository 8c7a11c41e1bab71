"""The metadata of a file: by the record in files of this service, by native properties in others.
Imports: the rooms from model to writers.
Start with `inspect`, which returns the report; `verification.py` compares it with the intended values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from service.containers import docx, epub, kinds
from service.containers.parts import Enclosed, Found, Inspector, opened
from service.engines import Engines
from service.inspect import pdf
from service.model import metadata_map, record
from service.model.errors import InvalidDocument, NotFound, UnsupportedFormat
from service.model.notices import notice

INSPECTORS: Mapping[str, Inspector] = {"pdf": pdf.inspect, "epub": epub.inspect, "docx": docx.inspect}
# Without facts, for comparisons.
CONTENTS: Mapping[str, Inspector] = {**INSPECTORS, "pdf": pdf.contents}


def format_of(data: bytes) -> str:
    """By content, never by name. Raises UnsupportedFormat, InvalidDocument."""
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK"):
        with opened(data, "file"):  # raises if the archive is damaged
            found = kinds.kind(data)
        if found in INSPECTORS:
            return found
    raise UnsupportedFormat("Only PDF, EPUB and DOCX can be inspected and checked.")


def inspect(data: bytes) -> dict[str, Any]:
    """The report on a file: format, metadata, front_matter, native, record, source, facts, notices."""
    target = format_of(data)
    found = INSPECTORS[target](data)
    doubts = [notice("artifact-doubtful", each).as_dict() for each in found.doubts]
    try:
        said = record.parse(found.record) if found.record is not None else None
    except InvalidDocument as error:
        said = None
        doubts.append(notice("artifact-doubtful", error.detail).as_dict())
    native = metadata_map.metadata_of(found.native, target)
    return {
        "format": target,
        "metadata": _fields(said["metadata"]) if said else native,
        "front_matter": _front_matter(said) if said else None,
        "native": dict(found.native),
        "record": _about(said),
        "source": _described(found),
        "facts": dict(found.facts),
        "notices": [*doubts, *(said.get("notices", ()) if said else ())],
    }


def extract_source(data: bytes) -> Enclosed:
    """The original upload, byte for byte. Raises NotFound if the file does not contain it."""
    source = INSPECTORS[format_of(data)](data).source
    if source is None:
        raise NotFound("The file contains no embedded source.")
    return source


def _fields(packed: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in packed.items() if name != "front_matter"}


def _front_matter(said: Mapping[str, Any]) -> Any:
    """In the record it is next to the fields; in the XMP, if there are no attachments, among them."""
    return said.get("front_matter", said["metadata"].get("front_matter"))


def _about(said: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The record without the parts that are next to it in the report."""
    apart = ("metadata", "front_matter", "notices")
    return {name: value for name, value in said.items() if name not in apart} if said else None


def _described(found: Found) -> dict[str, Any] | None:
    source = found.source
    return {"name": source.name, "media_type": source.media_type, "size": len(source.data)} if source else None


def serve_inspect(header: Mapping[str, Any], blobs: Sequence[bytes], _: Engines) -> tuple[dict[str, Any], list[bytes]]:
    """The worker's operation: `part` is "report" or "source"."""
    if header.get("part") == "source":
        source = extract_source(blobs[0])
        return {"name": source.name, "media_type": source.media_type}, [source.data]
    return inspect(blobs[0]), []
