"""Reads HTML and Markdown of this service: the metadata of each, field by field, for the check after a conversion."""

from __future__ import annotations

import html.parser
from collections.abc import Callable, Mapping
from typing import Any

from schemas import metadata
from service.input import frontmatter
from service.model import codec, metadata_map, record
from service.model.document import Metadata
from service.model.errors import InvalidDocument

HEAD = {
    "authors": "author", "description": "description", "keywords": "keywords", "source_url": "dcterms.source",
    "date": "dcterms.created", "rights": "dcterms.rights",
}  # fmt: skip
JOINED = frozenset({"authors", "keywords"})
Places = Mapping[str, Mapping[str, Any]]  # field → place → the value there, in the form of `model.metadata_map.expected`


def markdown(data: bytes) -> tuple[Places, Mapping[str, Any]]:
    """The fields and the custom keys in the front matter."""
    front = frontmatter.split(data.decode(), False)
    found, _ = metadata.load(front.data)
    return {field: {"front-matter": metadata_map.expected(found, field)} for field in metadata_map.MAPPING}, found.custom


def html_page(data: bytes) -> tuple[Places, Mapping[str, Any]]:
    """The fields in the head; fields without a place there are from the record. Raises InvalidDocument if it is damaged."""
    head = _Head()
    head.feed(data.decode())
    found = _metadata(head.record)
    places: dict[str, dict[str, Any]] = {}
    for field in metadata_map.MAPPING:
        value = metadata_map.expected(found, field)
        places[field] = {"record": value}
        if field == "title":
            places[field] = {"head:title": head.title}
        elif name := HEAD.get(field):
            held = head.meta.get(name, "")
            places[field] = {f"head:{name}": value if field in JOINED and held == ", ".join(value) else held}
    return places, found.custom


def _metadata(text: str) -> Metadata:
    packed = record.parse(text.encode())["metadata"]
    try:
        return codec.unpack_metadata({**packed, "front_matter": {}})
    except (KeyError, TypeError) as error:
        raise InvalidDocument("The embedded record is damaged.") from error


class _Head(html.parser.HTMLParser):
    """Title, meta elements and the record."""

    def __init__(self) -> None:
        super().__init__()
        self.title = self.record = ""
        self.meta: dict[str, str] = {}
        self._inside = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = dict(attributes)
        if tag == "meta" and said.get("name"):
            self.meta.setdefault(str(said["name"]), said.get("content") or "")
        if tag == "title" and not self.title:
            self._inside = "title"
        elif tag == "script" and said.get("id") == "colophon-record":
            self._inside = "record"
        else:
            self._inside = ""

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            setattr(self, self._inside, getattr(self, self._inside) + data)


READ_BACK: Mapping[str, Callable[[bytes], tuple[Places, Mapping[str, Any]]]] = {"html": html_page, "markdown": markdown}
