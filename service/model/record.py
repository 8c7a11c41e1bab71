"""The record: the whole front matter and its validated fields as one JSON document inside every artifact.

Pure ASCII, so that no container changes a character, and without a clock or a random number, so that the same conversion
gives the same bytes. `inspect` reads it back; front matter → file → inspect is an identity.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from importlib.metadata import version
from typing import Any

from service import __version__
from service.model import codec
from service.model.document import Conversion, Document, Metadata
from service.model.errors import InvalidDocument
from service.model.text import json_values
from service.model.text.strict_json import NUMBERS

RECORD_NAME = "colophon.json"
# A reserved name (RFC 2606): it identifies and is never fetched, and it cannot have an owner. It never changes.
NAMESPACE = "https://colophon.example/ns/1.0/"
FORMAT_VERSION = 1
LARGEST = 16_000_000
# Members that a hostile file may have with other types.
SHAPES: Mapping[str, type] = {
    "front_matter": dict, "front_matter_text": str, "source": dict, "assets": dict, "chapters": list, "notices": list,
    "generator": dict,
}  # fmt: skip
# Programs whose versions change the artifacts.
ENGINES: tuple[str, ...] = ("pypandoc_binary", "weasyprint")


def build(document: Document, conversion: Conversion) -> bytes:
    """The record of `document` as it is embedded; the keys are documented in docs/metadata.md."""
    source = document.source
    record = {
        "version": FORMAT_VERSION,
        "generator": _generator(),
        "metadata": _metadata(document),
        "front_matter": dict(document.metadata.front_matter),
        "front_matter_text": document.source_front_matter,
        "source": {
            "name": source.name,
            "reader": document.reader,
            "media_type": source.media_type,
            "size": len(source.data),
            "sha256": source.sha256,
            "embedded": bool(conversion.embed_source),
        },
        "assets": _assets(document),
        "notices": codec.pack_notices(document.notices),
    }
    if document.chapters:
        record["chapters"] = [dict(each) for each in document.chapters]
    return json.dumps(record, ensure_ascii=True, indent=1, allow_nan=False).encode("ascii")


def given(document: Document) -> Metadata:
    """The metadata without a detected language: a reader of the text detects it again."""
    return _without_detected(document.metadata, ((reported.code, reported.data) for reported in document.notices))


def _without_detected(metadata: Metadata, notices: Iterable[tuple[str, Mapping[str, Any]]]) -> Metadata:
    detected = any(
        code == "lang-detected" and data.get("lang") == metadata.lang and "chapter" not in data for code, data in notices
    )
    return replace(metadata, lang="") if detected else metadata


def _assets(document: Document) -> dict[str, str]:
    """The files next to the article, by their names in the article, with the hashes of their bytes."""
    usable = (each for each in document.assets.values() if each.data and not each.problem)
    return {each.name: each.sha256 for each in usable if "://" not in each.name and not each.name.startswith("data:")}


@functools.cache
def _generator() -> dict[str, str]:
    return {"colophon": __version__} | {name: version(name) for name in ENGINES}


def _metadata(document: Document) -> dict[str, Any]:
    fields = codec.pack_metadata(document.metadata)
    del fields["front_matter"]
    return fields


def parse(data: bytes) -> dict[str, Any]:
    """The record in `data`. Raises InvalidDocument if it is not one: the file may be hostile."""
    if len(data) > LARGEST:
        raise InvalidDocument("The embedded record is too large.")
    try:
        record = json_values.kept(json.loads(data, **NUMBERS))
    except (ValueError, RecursionError) as error:
        raise InvalidDocument("The embedded record is damaged.") from error
    if not isinstance(record, Mapping) or not isinstance(record.get("metadata"), Mapping):
        raise InvalidDocument("The embedded record is damaged.")
    found: dict[str, Any] = {name: value for name, value in record.items() if isinstance(value, SHAPES.get(name, object))}
    if "notices" in found:
        found["notices"] = [each for each in found["notices"] if _is_notice(each)]
    if "assets" in found:
        found["assets"] = {name: digest for name, digest in found["assets"].items() if isinstance(digest, str)}
    return found


def _is_notice(each: Any) -> bool:
    return isinstance(each, dict) and isinstance(each.get("code"), str) and isinstance(each.get("data", {}), dict)
