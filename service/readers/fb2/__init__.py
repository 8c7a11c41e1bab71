"""FictionBook 2: the description is its front matter, pictures are in the file, one of them the cover."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lxml import etree

from service.engines import Engines
from service.model.document import Asset, Conversion, Document, Source
from service.model.notices import notice
from service.readers.base import Reader
from service.readers.fb2 import page
from service.readers.shared import letters, text, xml
from service.readers.shared.xml import HREF, every, first, paragraphs, words

PART = "part/"
BINARY = re.compile(rb"<(?:\w++:)?binary\b([^<>]*+)>([^<]*+)</(?:\w++:)?binary\s*+>")
# A title that is the number of a note, which stands in its call too.
NUMBER = re.compile(rb"<(?:\w++:)?title>(?>(?:\s|</?(?:\w++:)?p>)*)\d{1,5}[.)\]]?(?>(?:\s|</?(?:\w++:)?p>)*)</(?:\w++:)?title>")
ATTRIBUTE = re.compile(rb"\b(id|content-type)\s*+=\s*+[\"']([^\"']*+)[\"']")


def read(source: Source, conversion: Conversion, engines: Engines) -> Document:
    assets = tuple(_pictures(source.data))
    tree = xml.parsed(replace(source, data=BINARY.sub(b"", source.data)), conversion, engines)  # the limit is for text
    names = {asset.name.removeprefix(PART): asset.name for asset in assets}
    book = page.Page(names)
    blocks = book.blocks(tree.top)
    said = _said(tree.top)
    cover = next((each.get(HREF, "") for each in every(tree.top, "description/title-info/coverpage/image")), "").lstrip("#")
    if cover in names:
        said["cover"] = names[cover]
    told = text.not_read(tree.included)
    if foreign := list(book.foreign):
        told = (*told, notice("raw-html-dropped", page.foreign(foreign), stage="read", data={"elements": foreign[:100]}))
    return text.document(source, tree.text, said, blocks, told, assets)


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


def _said(top: etree._Element) -> dict[str, Any]:
    info, about = next(every(top, "description/title-info"), None), next(every(top, "description/document-info"), None)
    printed = next(every(top, "description/publish-info"), None)
    said: dict[str, Any] = {
        "title": first(info, "book-title"),
        "authors": [_person(each) for each in every(info, "author")],
        "date": next((each.get("value") or words(each) for each in every(info, "date")), "") or first(printed, "year"),
        "lang": first(info, "lang"),
        "description": next((paragraphs(each) for each in every(info, "annotation")), ""),
        "keywords": first(info, "keywords"),
        "categories": [words(each) for each in every(info, "genre") if words(each) != "unrecognised"],
        "publisher": first(printed, "publisher"),
        "isbn": first(printed, "isbn"),
        "identifier": first(about, "id"),
        "version": first(about, "version"),
        "url": first(about, "src-url"),
        "src_lang": first(info, "src-lang"),
        "translators": [name for each in every(info, "translator") if (name := _person(each).get("name"))],
        "city": first(printed, "city"),
        "printed_title": first(printed, "book-name"),
        "printed_year": first(printed, "year"),
    }
    if said["printed_year"] and said["printed_year"] in str(said["date"]):
        del said["printed_year"]
    if said["printed_title"] == said["title"]:
        del said["printed_title"]
    for each in every(info, "sequence"):
        said["series"] = {key: value for key, value in (("name", each.get("name")), ("index", each.get("number"))) if value}
    for each in every(top, "description/custom-info"):
        said.setdefault(each.get("info-type", "custom-info"), words(each))
    return {key: value for key, value in said.items() if value}


def _person(author: etree._Element) -> dict[str, str]:
    name = " ".join(filter(None, (first(author, part) for part in ("first-name", "middle-name", "last-name"))))
    found = {"name": name or first(author, "nickname"), "email": first(author, "email")}
    return {key: value for key, value in found.items() if value}


def _passages(document: Document, _: Conversion) -> Iterator[letters.Passage]:
    """The text of the bodies, without the pictures; the numbers of notes are set again."""
    data = BINARY.sub(b"", document.source.data)
    yield from letters.of_xml(NUMBER.sub(b"", data), only=("body",))


READER = Reader("fb2", read, matches=lambda data: xml.root(data)[0] == "FictionBook", passages=_passages)
