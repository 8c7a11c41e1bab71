"""Evernote exports: a note is an article, several notes are the chapters of a book.

A note is a page of its own (ENML) within the XML. Its pictures are in the file, named by their MD5.
"""

from __future__ import annotations

import base64
import binascii
import functools
import hashlib
import html
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from lxml import etree

from service.ast.html.tree import Element
from service.engines import Engines
from service.model.document import Asset, Conversion, Document, Source
from service.model.errors import EmptyDocument, InvalidDocument, Place, Refused
from service.model.notices import notice
from service.readers.base import Reader
from service.readers.shared import letters, xml
from service.readers.shared import text as shared

DATA = re.compile(rb"<data\b[^<>]*+>([^<]*+)</data\s*+>")
STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z")
PROLOGUE = re.compile(r"\s*+(?>(?:<\?xml[^>]*+>\s*+)?)(?>(?:<!DOCTYPE[^>]*+>\s*+)?)", re.I)
# ENML closes elements that HTML does not know to be empty.
EMPTY = re.compile(r"<(en-media|en-todo)\b((?>(?:[^<>\"'/]++|/(?!>)|\"[^\"]*+\"|'[^']*+')*))/>", re.I)
ATTRIBUTES = {
    "author": "author", "source-url": "source_url", "latitude": "latitude", "longitude": "longitude", "altitude": "altitude",
    "source": "evernote_source", "source-application": "source_application", "reminder-time": "reminder_time",
    "reminder-done-time": "reminder_done_time", "place-name": "place_name",
}  # fmt: skip
STAMPS = frozenset({"date", "modified", "reminder_time", "reminder_done_time"})
ReadPage = Callable[..., Document]


class File(NamedTuple):
    """A file in the export: its bytes, and the name that it had."""

    asset: Asset
    name: str

    @property
    def is_picture(self) -> bool:
        return self.asset.media_type.startswith("image/")


def reader(read_page: ReadPage, plain: Callable[[str], str]) -> Reader:
    """`read_page` is that of the reader of HTML; `plain` takes the tags out of a page."""
    return Reader(
        "enex",
        functools.partial(_read, read_page),
        matches=lambda data: xml.root(data)[0] == "en-export",
        passages=functools.partial(_passages, plain),
    )


def _read(read_page: ReadPage, source: Source, conversion: Conversion, engines: Engines) -> Document:
    """Raises EmptyDocument for an export without notes, and what `xml.parsed` and reading the page raise."""
    encoded = [found[1] for found in DATA.finditer(source.data)]
    tree = xml.parsed(replace(source, data=_without_data(source.data)), conversion, engines)
    notes = list(xml.every(tree.top, "note"))
    if not notes:
        raise EmptyDocument("The export contains no notes.", places=[Place("no notes", line=1)])
    files = dict(_files(tree.top, encoded))
    native = _said(notes[0]) if len(notes) == 1 else {}
    text = _enml(notes[0]) if len(notes) == 1 else "".join(map(_chapter, notes))
    if not text.strip():
        raise EmptyDocument("The notes have no text.", places=[Place("no text", line=1)])
    used: set[str] = set()
    locked: list[Element] = []
    try:
        document = read_page(
            Source(source.name, text.encode(), charset="utf-8"),
            replace(conversion, charset="utf-8"),
            engines,
            functools.partial(_settle, files=files, used=used, locked=locked),
            lambda said: shared.merged(native, {**said, **tree.text.front.data}),
        )
    except Refused as error:
        line = tree.text.line - 1 + _line(notes[0])
        error.places = tuple(replace(each, line=line, column=None) for each in error.places or (Place(error.detail),))
        raise
    assets = (*source.assets, *(file.asset for key, file in files.items() if key in used))
    left = [file for key, file in files.items() if key not in used]
    reported = (*document.notices, *tree.text.notices, *_reported(left, len(locked)))
    return replace(document, source=replace(source, assets=assets), notices=reported, source_front_matter=tree.text.front.raw)


def _without_data(data: bytes) -> bytes:
    """The XML without the files in it. Line ends stay, so that refusals name the right line."""
    return DATA.sub(lambda found: b"<data>" + b"\n" * found.group().count(b"\n") + b"</data>", data)


def _files(top: etree._Element, encoded: Sequence[bytes]) -> Iterator[tuple[str, File]]:
    """MD5 → the file, in the order of the export."""
    resources = list(top.iter("{*}data"))
    for number, (element, raw) in enumerate(zip(resources, encoded, strict=False), 1):
        parent = element.getparent()
        try:
            data = base64.b64decode(b"".join(raw.split()), validate=True)
        except (binascii.Error, ValueError):
            data = b""
        name = xml.first(parent, "resource-attributes/file-name")
        key = hashlib.md5(data, usedforsecurity=False).hexdigest() if data else f"broken {number}"
        asset = Asset(f"part/{number}", data, xml.first(parent, "mime"), problem="" if data else "unusable: it is broken")
        yield key, File(asset, name)


def _line(element: etree._Element) -> int:
    line = element.sourceline
    return line if isinstance(line, int) else 1


def _said(note: etree._Element) -> dict[str, Any]:
    """The metadata of a note."""
    said: dict[str, Any] = {
        "title": xml.first(note, "title"), "date": xml.first(note, "created"), "modified": xml.first(note, "updated"),
        "keywords": [xml.words(each) for each in xml.every(note, "tag")],
    }  # fmt: skip
    said |= {key: xml.first(note, f"note-attributes/{name}") for name, key in ATTRIBUTES.items()}
    return {key: _moment(value) if key in STAMPS else value for key, value in said.items() if value}


def _moment(written: str) -> str:
    found = STAMP.fullmatch(written)
    return "{}-{}-{}T{}:{}:{}Z".format(*found.groups()) if found else written


def _enml(note: etree._Element) -> str:
    """The page of a note, with closed elements as HTML knows them."""
    written = "".join(str(part) for each in xml.every(note, "content") for part in each.itertext())
    return EMPTY.sub(r"<\1\2></\1>", PROLOGUE.sub("", written, count=1))


def _chapter(note: etree._Element) -> str:
    """The title of a note, a line with its metadata, and its page."""
    said = _said(note)
    title = html.escape(said.pop("title", "") or "…")
    line = " · ".join(html.escape(", ".join(each) if isinstance(each, list) else str(each)) for each in said.values())
    return f"<h1>{title}</h1>" + (f"<p><small>{line}</small></p>" if line else "") + f"<div>{_enml(note)}</div>"


def _settle(page: Element, files: Mapping[str, File], used: set[str], locked: list[Element]) -> None:
    """Pictures, boxes to tick and locked passages as elements of HTML."""
    for each in page.iter("en-media", "en-todo", "en-crypt"):
        if each.tag == "en-todo":
            each.tag, each.attributes = "input", {"type": "checkbox"} | ({"checked": ""} if each.get("checked") == "true" else {})
        elif each.tag == "en-crypt":
            locked.append(each)
            each.tag, each.attributes, each.children = "em", {}, [f"[{each.get('hint') or 'encrypted'}]"]
        elif (file := files.get(each.get("hash").lower())) and file.is_picture:
            used.add(each.get("hash").lower())
            sizes = {name: each.get(name) for name in ("width", "height") if each.get(name)}
            each.tag, each.attributes = "img", {"src": file.asset.name, "alt": each.get("alt"), **sizes}


def _reported(left: Sequence[File], locked: int) -> Iterator[Any]:
    if left:
        named = [{"name": each.name[:200], "type": each.asset.media_type} for each in left[:100]]
        yield notice("attachment-left-out", stage="read", data={"attachments": named, "count": len(left)})
    if locked:
        message = "Encrypted passages of a note cannot be read. Their hint is in their place. Decrypt them before the export."
        yield notice("raw-html-dropped", message, stage="read", data={"elements": ["en-crypt"], "count": locked})


def _passages(plain: Callable[[str], str], document: Document, conversion: Conversion) -> Iterator[letters.Passage]:
    """The lines of the notes. None where a part of the page was requested."""
    if conversion.extract == "main" or conversion.clean == "web":
        return
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        top = etree.fromstring(_without_data(document.source.data), parser)
    except (etree.XMLSyntaxError, ValueError, InvalidDocument):
        return
    for note in xml.every(top, "note"):
        lines = plain(_enml(note)).split("\n")
        yield from (letters.Passage(line, _line(note)) for line in lines if line.strip())
