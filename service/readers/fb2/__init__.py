"""FictionBook 2: the description is its front matter, pictures are in the file, one of them the cover."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import replace

from service.engines import Engines
from service.model.document import Asset, Conversion, Document, Source
from service.model.notices import notice
from service.readers.base import Reader
from service.readers.fb2 import description, page
from service.readers.shared import letters, text, xml
from service.readers.shared.xml import HREF, every

PART = "part/"
BINARY = re.compile(rb"<(?:\w++:)?binary\b([^<>]*+)>([^<]*+)</(?:\w++:)?binary\s*+>")
# A title that is the number of a note, which is in its call too.
NUMBER = re.compile(rb"<(?:\w++:)?title>(?>(?:\s|</?(?:\w++:)?p>)*)\d{1,5}[.)\]]?(?>(?:\s|</?(?:\w++:)?p>)*)</(?:\w++:)?title>")
ATTRIBUTE = re.compile(rb"\b(id|content-type)\s*+=\s*+[\"']([^\"']*+)[\"']")


def read(source: Source, conversion: Conversion, engines: Engines) -> Document:
    assets = tuple(_pictures(source.data))
    tree = xml.parsed(replace(source, data=BINARY.sub(b"", source.data)), conversion, engines)  # the limit is for text
    names = {asset.name.removeprefix(PART): asset.name for asset in assets}
    book = page.Page(names)
    blocks = book.blocks(tree.top)
    said = description.said(tree.top)
    cover = next((each.get(HREF, "") for each in every(tree.top, "description/title-info/coverpage/image")), "").lstrip("#")
    if cover in names:
        said["cover"] = names[cover]
    reported = text.not_read(tree.included)
    if foreign := list(book.foreign):
        reported = (*reported, notice("raw-html-dropped", page.foreign(foreign), stage="read", data={"elements": foreign[:100]}))
    return text.document(source, tree.text, said, blocks, reported, assets)


def _pictures(data: bytes) -> Iterator[Asset]:
    for found in BINARY.finditer(data):
        said = {key: value.decode("utf-8", "replace") for key, value in ATTRIBUTE.findall(found[1])}
        try:
            raw = base64.b64decode(b"".join(found[2].split()), validate=True)
        except (binascii.Error, ValueError):
            raw = b""
        yield Asset(
            PART + said.get(b"id", ""), raw, said.get(b"content-type", ""), problem="" if raw else "unusable: it is broken"
        )


def _passages(document: Document, _: Conversion) -> Iterator[letters.Passage]:
    """The text of the bodies, without the pictures; the numbers of notes are set again."""
    data = BINARY.sub(b"", document.source.data)
    yield from letters.of_xml(NUMBER.sub(b"", data), only=("body",))


READER = Reader("fb2", read, matches=lambda data: xml.root(data)[0] == "FictionBook", passages=_passages)
