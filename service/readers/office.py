"""DOCX, ODT and EPUB: pandoc reads the body and brings the pictures, our inspectors the properties.

pandoc reads in its own sandbox; what an archive unpacks to is bounded and its markup looked at before (bombs of 1 KB took
minutes, measured). An artifact of ours gives back the article that it carries: converting it again is converting the original.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from lxml import etree

from schemas import metadata
from service import archives, mapping, pandoc_ast, record
from service.archives import markup
from service.blocks import Blocks
from service.document import Asset, Conversion, Document, Source
from service.engines import Engines
from service.errors import InvalidDocument, TooComplex, UnsupportedFormat
from service.inspect import docx, epub
from service.inspect.base import Found, opened, text
from service.packages import pack, title_block
from service.readers.base import Reader

PART = "part/"
MARKUP = re.compile(r"\.(xml|xhtml|html|htm|opf|ncx|svg|txt)$", re.IGNORECASE)
MACROS = "vbaproject.bin"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:meta:1.0"
DC = "http://purl.org/dc/elements/1.1/"
ODT_PLACES: Mapping[str, str] = {
    f"{{{DC}}}title": "title", f"{{{DC}}}subject": "subtitle", f"{{{DC}}}description": "description", f"{{{DC}}}date": "modified",
    f"{{{DC}}}language": "lang", f"{{{OFFICE}}}initial-creator": "author", f"{{{OFFICE}}}creation-date": "date",
}  # fmt: skip


def reader(
    name: str, suffix: str, media_type: str, inside: bytes, carries: str, properties: Callable[[bytes], dict[str, Any]]
) -> Reader:
    """A reader of zip-packed documents; `inside` is what the first bytes or the directory tell it by."""

    def read(source: Source, _: Conversion, engines: Engines) -> Document:
        vetted = _vetted(source.data, name, engines)
        said, doubts = metadata.load(properties(source.data))
        ast, media = engines.pandoc.read(vetted, name)
        blocks = pandoc_ast.loads(ast)
        if pandoc_ast.depth(blocks) > pandoc_ast.MAX_DEPTH:
            raise TooComplex(f"The document nests more than {pandoc_ast.MAX_DEPTH} deep.", extra={"limit": pandoc_ast.MAX_DEPTH})
        blocks = pandoc_ast.walk(blocks, lambda node: _mended(node, media))
        assets = tuple(Asset(PART + path, data, mime) for path, (mime, data) in media.items())
        return Document(said, Blocks(blocks), replace(source, assets=(*source.assets, *assets)), notices=doubts)

    return Reader(
        name=name,
        suffixes=(suffix,),
        media_types=(media_type,),
        read=read,
        matches=lambda data: data.startswith(b"PK") and inside in data,
        carries=carries,
    )


def _mended(node: pandoc_ast.Node, media: Mapping[str, Any]) -> pandoc_ast.Node | list[pandoc_ast.Node] | None:
    """Without what an EPUB has about itself: its landmarks, and the title block, which is written anew from the metadata."""
    if node["t"] != "Div":
        return _pointed(node, media)
    (identifier, classes, _), inside = node["c"]
    if identifier == "landmarks" or "title-block" in classes:
        return None
    if identifier.endswith(title_block.TITLE_ID):
        return [each for each in inside if each["t"] != "Header" or "title" not in each["c"][1][1]]
    return node


def _pointed(node: pandoc_ast.Node, media: Mapping[str, Any]) -> pandoc_ast.Node:
    """A picture of the document under a name that nothing else has, as if it had been uploaded beside it."""
    if node["t"] != "Image" or node["c"][2][0] not in media:
        return node
    attributes, alt, (name, title) = node["c"]
    return pandoc_ast.image(alt, PART + name, title, attributes)


def _vetted(data: bytes, name: str, engines: Engines) -> bytes:
    """The document as pandoc may see it: judged by its directory before anything is unpacked, then by its markup."""
    settings = engines.settings
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archives.checked(archive.infolist(), settings)
            text_size = sum(entry.file_size for path, entry in members.items() if MARKUP.search(path))
            if text_size > 8 * settings.max_text:
                limit = 8 * settings.max_text
                raise TooComplex(f"The document's text unpacks to {text_size:,} bytes.", extra={"limit": limit})
            if any(posixpath.basename(path).casefold() == MACROS for path in members):
                raise UnsupportedFormat("Documents with macros are not read.")
            parts = archives.inflated(archive, members, settings)
    except archives.DAMAGED as error:
        raise InvalidDocument("The document is damaged: it is no zip archive.") from error
    markup.refuse_bombs(parts)
    sound = markup.chapters(parts, 8 * settings.max_text) if name == "epub" else parts
    return data if sound is parts else pack(sound, frozenset(sound))


def _of_docx(data: bytes) -> dict[str, Any]:
    return _front_matter(docx.inspect(data), "docx")


def _of_epub(data: bytes) -> dict[str, Any]:
    return _front_matter(epub.inspect(data), "epub")


def _front_matter(found: Found, target: str) -> dict[str, Any]:
    """What the author wrote where the file is one of ours, else its properties under the names of a front matter."""
    if found.record is not None:
        said = record.parse(found.record).get("front_matter")
        if isinstance(said, dict) and said:  # a book's chapters have it, or the request said all
            return said
    fields = mapping.metadata_of(found.native, target)
    own = {key: value for key, value in fields.items() if key != "custom"}
    if "series" in own and (index := found.native.get("opf:group-position")):
        own["series_index"] = index
    if len(own.get("keywords", ())) == 1:  # one text with commas, as Word's own window has it
        own["keywords"] = own["keywords"][0]
    return own | {key: value for key, value in fields.get("custom", {}).items() if key not in own}


def _of_odt(data: bytes) -> dict[str, Any]:
    with opened(data, "ODT") as parts:
        top = parts.xml("meta.xml")
    found: dict[str, Any] = {}
    said: dict[str, Any] = {}  # by the user, who may give the article's own date
    for entry in top.iter(etree.Element) if top is not None else ():
        key, value = ODT_PLACES.get(str(entry.tag)), text(entry)
        if key and value:
            found[key] = value
        elif entry.tag == f"{{{OFFICE}}}keyword" and value:
            found.setdefault("keywords", []).append(value)
        elif entry.tag == f"{{{OFFICE}}}user-defined" and value:
            said[entry.get(f"{{{OFFICE}}}name", "")] = value
    if len(found.get("keywords", ())) == 1:
        found["keywords"] = found["keywords"][0]
    return found | {key: value for key, value in said.items() if key == "date" or key not in found}


DOCX = reader(
    "docx", ".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"word/",
    "Core and custom properties.", _of_docx,
)  # fmt: skip
ODT = reader(
    "odt", ".odt", "application/vnd.oasis.opendocument.text", b"application/vnd.oasis.opendocument.text",
    "Title, subject, creator, dates, language, keywords and user-defined properties.", _of_odt,
)  # fmt: skip
EPUB = reader(
    "epub", ".epub", "application/epub+zip", b"application/epub+zip",
    "The package document: titles, creators, dates, identifiers, subjects, source, series.", _of_epub,
)  # fmt: skip
