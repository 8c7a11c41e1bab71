"""The normalized document as pandoc's JSON, with its metadata as meta, for other tools."""

from __future__ import annotations

from typing import Any

from service.ast import pandoc_ast
from service.engines import Engines
from service.model import codec
from service.model.document import Conversion, Document
from service.writers.base import Writer, Written


def write(document: Document, conversion: Conversion, engines: Engines) -> Written:  # noqa: ARG001
    return Written(pandoc_ast.dumps(document.blocks, meta_of(document)))


def meta_of(document: Document) -> dict[str, Any]:
    """Every field that has a value, as pandoc's meta values."""
    packed = codec.pack_metadata(document.metadata)
    del packed["front_matter"]
    return {name: _value(value) for name, value in packed.items() if value not in (None, "", [], (), {})}


def _value(value: Any) -> pandoc_ast.Node:
    if isinstance(value, bool):
        return {"t": "MetaBool", "c": value}
    if isinstance(value, dict):
        return {"t": "MetaMap", "c": {str(key): _value(inner) for key, inner in value.items()}}
    if isinstance(value, (list, tuple)):
        return pandoc_ast.meta_list(_value(inner) for inner in value)
    return pandoc_ast.meta_string("" if value is None else str(value))


WRITER = Writer(
    "ast", write, images=frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/svg+xml"})
)
