"""The common parts of the readers of packaged documents: the preparation for pandoc, and metadata from an inspector."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.ast.pandoc_ast import Node
from service.containers.parts import Found
from service.input import record_front_matter
from service.model import metadata_map, record
from service.model.document import Asset, Notice

PART = "part/"  # prefix of the names of pictures in the document; other names do not have it


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document for pandoc: its parts, with changes where pandoc would lose something, and the later steps.

    `said` is the metadata under the names of a front matter; `finish` turns pandoc's blocks into those of the document.
    """

    parts: Mapping[str, bytes]
    said: Mapping[str, Any]
    assets: tuple[Asset, ...] = ()
    notices: tuple[Notice, ...] = ()
    finish: Callable[[Sequence[Node]], list[Node]] = list


def record_of(found: Found) -> dict[str, Any]:
    """The record of a file of this service; empty for any other. Raises InvalidDocument for a damaged one."""
    return record.parse(found.record) if found.record is not None else {}


def front_matter(found: Found, target: str) -> dict[str, Any]:
    """The metadata of the record if the file is from this service, else its properties under the names of a front matter."""
    said = record_of(found)
    if said.get("front_matter"):  # a book's chapters have it, or the request said all
        return record_front_matter.front_matter(said)
    fields = metadata_map.metadata_of(found.native, target)
    own = {key: value for key, value in fields.items() if key != "custom"}
    if "series" in own and (index := found.native.get("opf:group-position")):
        own["series_index"] = index
    if len(own.get("keywords", ())) == 1:  # one text with commas, as Word's own window has it
        own["keywords"] = own["keywords"][0]
    return own | {key: value for key, value in fields.get("custom", {}).items() if key not in own}
