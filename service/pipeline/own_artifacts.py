"""Artifacts of this service as sources: the article in them, and whether the artifact was changed.

A DOCX or EPUB has a seal over its parts. While the seal is valid, the upload inside is the better
source, because the artifact was made from it. If the seal is broken, the file was edited, and the edit wins.
A PDF has no readable text, so its upload is always used.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any, cast

from schemas import metadata
from service import inspect
from service.containers import archives
from service.containers.packages import SEALED, seal
from service.containers.parts import Found
from service.model import codec, metadata_map, record
from service.model.document import Asset, Conversion, Document, Notice, Source
from service.model.errors import ColophonError, InvalidDocument, ValidationFailed
from service.model.notices import notice
from service.model.settings import Settings
from service.readers.shared import title_heading

SELF = frozenset({"", "auto", "pdf"})  # a request with a reader means the file itself
MAGIC = (b"PK", b"%PDF-")


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file of this service as an upload. `sealed`: unchanged; `parts` are those that a seal covers."""

    format: str
    found: Found
    sealed: bool
    parts: Mapping[str, bytes]

    @property
    def record(self) -> dict[str, Any]:
        return said(self.found)

    def reader(self) -> str:
        """The reader of the article; empty if it is not in the record."""
        about = self.record.get("source")
        return str(about.get("reader", "")) if isinstance(about, dict) else ""

    def source(self, upload: Source) -> Source:
        """The article under the upload's name, with its pictures and the files next to the upload."""
        enclosed = self.found.source
        assert enclosed is not None
        name = PurePosixPath(upload.name.replace("\\", "/")).stem + PurePosixPath(enclosed.name).suffix
        return Source(name, enclosed.data, enclosed.media_type, assets=(*upload.assets, *self._pictures()))

    def _pictures(self) -> Iterator[Asset]:
        """The files next to the article at its conversion, found by the record."""
        named = self.record.get("assets")
        held = {hashlib.sha256(data).hexdigest(): data for data in self.parts.values()}
        for name, digest in named.items() if isinstance(named, dict) else ():
            if digest in held:
                yield Asset(str(name), held[digest])


def of(upload: Source, declared: str, settings: Settings) -> Artifact | None:
    """The artifact in `upload`, if it is from this service, contains its article, and the request names no reader."""
    if declared.lower() not in SELF or not upload.data.startswith(MAGIC):
        return None
    try:
        target = inspect.format_of(upload.data)
        found = inspect.CONTENTS[target](upload.data)
    except ColophonError:  # the reader will report the error
        return None
    if found.source is None or found.record is None:
        return None
    if target == "pdf":
        return Artifact(target, found, True, {})
    if not found.seal:  # made before there were seals
        return None
    parts = _parts(upload.data, settings)
    return Artifact(target, found, seal(parts) == found.seal, parts)


def _parts(data: bytes, settings: Settings) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archives.checked(archive.infolist(), settings)
        return archives.inflated(archive, {name: each for name, each in members.items() if SEALED.match(name)}, settings)


def said(found: Found) -> dict[str, Any]:
    try:
        return record.parse(found.record) if found.record is not None else {}
    except InvalidDocument:
        return {}


def again(document: Document, artifact: Artifact) -> Document:
    """`document`, the article, with the metadata of the artifact: fields of the earlier request are not in the article."""
    reported: tuple[Notice, ...] = (reused(artifact),)
    said = _given(artifact)
    record = document.metadata
    try:
        record = replace(metadata.override(record, metadata.load_overrides(said)), custom=said.get("custom") or {})
    except ValidationFailed:
        doubt = "The metadata of the record cannot be used. The metadata of the article was used."
        reported = (*reported, notice("artifact-doubtful", doubt, stage="read"))
    if record.title and not document.metadata.title:
        document = title_heading.without(document)
    return replace(document, metadata=record, notices=(*reported, *document.notices))


def asking(artifact: Artifact, conversion: Conversion) -> Conversion:
    """`conversion` with the metadata of a book of this service; fields of the request win."""
    request = conversion.metadata
    fields = {metadata.field_of(key) or key for key in request}
    said = {key: value for key, value in _given(artifact).items() if key not in fields or key == "custom"}
    custom = {**(said.get("custom") or {}), **cast(Mapping[str, Any], request.get("custom") or {})}
    asked = {**said, **request, **({"custom": custom} if custom else {})}
    return replace(conversion, metadata=asked)


def reused(artifact: Artifact) -> Notice:
    message = f"The {artifact.format.upper()} is an artifact of Colophon. Its embedded article was read."
    return notice("source-reused", message, stage="read")


def _given(artifact: Artifact) -> dict[str, Any]:
    """The record's metadata in the form of a request: null for empty fields, so that the article does not fill them."""
    packed = artifact.record.get("metadata")
    return {key: value or None for key, value in packed.items() if key != "front_matter"} if isinstance(packed, dict) else {}


def edited(document: Document, artifact: Artifact) -> Document:
    """`document`, the artifact's text, with the record's metadata; native places that were changed win."""
    what = artifact.format.upper()
    message = f"The {what} is an artifact of Colophon that was edited later. Its current text was read, not the embedded article."
    theirs, native = metadata_map.metadata_of(artifact.found.native, artifact.format), artifact.found.native
    front = dict(document.metadata.front_matter)
    try:
        ours = codec.unpack_metadata({**artifact.record["metadata"], "front_matter": {}})
        for field, formats in metadata_map.MAPPING.items():
            value = metadata_map.expected(ours, field)
            if value and not any(metadata_map.agrees(native, cell, value) for cell in formats[artifact.format]):
                front = {key: each for key, each in front.items() if metadata.field_of(key) != field}
                front |= {field: theirs[field]} if field in theirs else {}
    except (KeyError, TypeError, ValueError, AttributeError):
        front = {key: each for key, each in theirs.items() if key != "custom"}
    loaded, doubts = metadata.load(front)
    reported = notice("source-outdated", message, stage="read")
    return replace(document, metadata=loaded, notices=(reported, *document.notices, *doubts))
