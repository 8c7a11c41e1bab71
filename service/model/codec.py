"""The records as frames between front and worker: one JSON header and a list of blobs, never pickle.

A compromised worker can send wrong data, but it cannot make the front run code: the header is JSON and every
record is rebuilt field by field.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from service.model.blocks import Blocks
from service.model.document import Artifact, Asset, Author, Conversion, Document, Metadata, Notice, Series, Source
from service.model.errors import TooComplex


class Blobs(list[bytes]):
    """Collects binary parts; a part's index is in the JSON in its place."""

    def put(self, data: bytes) -> int:
        self.append(data)
        return len(self) - 1


def encode(packed: Mapping[str, Any]) -> bytes:
    """A packed document as a blob. Raises TooComplex if its tables nest deeper than the JSON writer allows (254 levels)."""
    try:
        return orjson.dumps(packed)
    except orjson.JSONEncodeError as error:
        if "Recursion" not in str(error):
            raise
        raise TooComplex("The document exceeds the limit of nesting.") from error


def pack_asset(asset: Asset, blobs: Blobs) -> dict[str, Any]:
    return {
        "name": asset.name, "data": blobs.put(asset.data), "media_type": asset.media_type,
        "width": asset.width, "height": asset.height, "problem": asset.problem,
    }  # fmt: skip


def unpack_asset(data: Mapping[str, Any], blobs: Sequence[bytes]) -> Asset:
    return Asset(**{**data, "data": blobs[data["data"]]})


def pack_source(source: Source, blobs: Blobs) -> dict[str, Any]:
    return {
        "name": source.name, "data": blobs.put(source.data), "media_type": source.media_type, "charset": source.charset,
        "assets": [pack_asset(asset, blobs) for asset in source.assets], "address": source.address,
        "fetched_at": source.fetched_at,
    }  # fmt: skip


def unpack_source(data: Mapping[str, Any], blobs: Sequence[bytes]) -> Source:
    assets = tuple(unpack_asset(asset, blobs) for asset in data["assets"])
    return Source(**{**data, "data": blobs[data["data"]], "assets": assets})


def pack_conversion(conversion: Conversion) -> dict[str, Any]:
    return {"to": list(conversion.to), "options": conversion.as_dict(), "given": sorted(conversion.given)}


def unpack_conversion(data: Mapping[str, Any]) -> Conversion:
    """Options that are not in `data` have their default: a job may be older than an option."""
    return Conversion(tuple(data["to"]), given=frozenset(data.get("given", ())), **data["options"])


def pack_notices(notices: Sequence[Notice]) -> list[dict[str, Any]]:
    return [notice.as_dict() for notice in notices]


def unpack_notices(data: Sequence[Mapping[str, Any]]) -> tuple[Notice, ...]:
    return tuple(Notice(**notice) for notice in data)


def pack_metadata(metadata: Metadata) -> dict[str, Any]:
    """Every field, in the order of the record; authors and series as objects."""
    out = {field.name: getattr(metadata, field.name) for field in dataclasses.fields(Metadata)}
    out["authors"] = [dataclasses.asdict(author) for author in metadata.authors]
    out["series"] = dataclasses.asdict(metadata.series) if metadata.series else None
    return out | {name: dict(out[name]) for name in ("custom", "front_matter")}


def unpack_metadata(data: Mapping[str, Any]) -> Metadata:
    series = Series(**data["series"]) if data["series"] else None
    authors = tuple(Author(**author) for author in data["authors"])
    lists = {name: tuple(data[name]) for name in ("keywords", "categories")}
    return Metadata(**{**data, **lists, "authors": authors, "series": series})


def pack_document(document: Document, blobs: Blobs) -> dict[str, Any]:
    return {
        "metadata": pack_metadata(document.metadata),
        "blocks": list(document.blocks),
        "source": pack_source(document.source, blobs),
        "reader": document.reader,
        "source_front_matter": document.source_front_matter,
        "assets": [pack_asset(asset, blobs) for asset in document.assets.values()],
        "wanted": list(document.wanted),
        "notices": pack_notices(document.notices),
        "chapters": [dict(each) for each in document.chapters],
    }


def unpack_document(data: Mapping[str, Any], blobs: Sequence[bytes]) -> Document:
    assets = [unpack_asset(asset, blobs) for asset in data["assets"]]
    return Document(
        metadata=unpack_metadata(data["metadata"]),
        blocks=Blocks(data["blocks"]),
        source=unpack_source(data["source"], blobs),
        reader=data["reader"],
        source_front_matter=data["source_front_matter"],
        assets={asset.name: asset for asset in assets},
        wanted=tuple(data["wanted"]),
        notices=unpack_notices(data["notices"]),
        chapters=tuple(data["chapters"]),
    )


def pack_artifact(artifact: Artifact, blobs: Blobs) -> dict[str, Any]:
    return {
        "name": artifact.name, "format": artifact.format, "media_type": artifact.media_type,
        "data": blobs.put(artifact.data), "notices": pack_notices(artifact.notices), "report": dict(artifact.report),
    }  # fmt: skip


def unpack_artifact(data: Mapping[str, Any], blobs: Sequence[bytes]) -> Artifact:
    return Artifact(**{**data, "data": blobs[data["data"]], "notices": unpack_notices(data["notices"])})
