"""Packaged documents: pandoc reads the body and the pictures of DOCX and ODT, the inspectors read the properties.

pandoc reads in its own sandbox; the size of an unpacked archive is limited and its markup is checked before (bombs of 1 KB took
minutes, measured). Then parts are changed if pandoc would lose words or pictures. An artifact of this service
is read as the article in it: converting it again is converting the original.
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
from service.ast import pandoc_ast
from service.containers import archives, kinds, markup
from service.containers.packages import pack
from service.engines import Engines
from service.model.blocks import Blocks
from service.model.document import Asset, Conversion, Document, Source
from service.model.errors import InvalidDocument, Place, TooComplex, UnsupportedFormat
from service.readers.base import Reader
from service.readers.office import docx, epub, odt, ooxml_package, passages, pptx, review, xlsx
from service.readers.office.base import PART, Prepared
from service.readers.shared import text
from service.readers.shared.letters import Passages

MARKUP = re.compile(r"\.(xml|xhtml|html|htm|opf|ncx|svg|txt)$", re.IGNORECASE)
MACROS = "vbaproject.bin"


def reader(name: str, prepare: Callable[[Mapping[str, bytes], bytes], Prepared], given: Passages) -> Reader:
    """A reader of zip-packed documents: `prepare` gets the parts and the file itself, `given` finds the text of the upload."""

    def read(source: Source, _: Conversion, engines: Engines) -> Document:
        parts = _vetted(source.data, engines)
        try:
            prepared = prepare(parts, source.data)
        except RecursionError as error:
            raise TooComplex("The document exceeds the limit of nesting.") from error
        except etree.XMLSyntaxError as error:
            raise _not_well_formed(error) from error
        said, doubts = metadata.load(prepared.said)
        ast, media = engines.pandoc.read(pack(prepared.parts, frozenset(prepared.parts)), name)
        blocks = pandoc_ast.loads(ast)
        text.refuse_depth(blocks)
        blocks = prepared.finish(blocks)
        text.refuse_depth(blocks)
        blocks = pandoc_ast.walk(blocks, lambda node: _pointed(node, media), {"Image"})
        brought = tuple(Asset(PART + path, data, mime) for path, (mime, data) in media.items())
        assets = (*source.assets, *brought, *prepared.assets)
        return Document(said, Blocks(blocks), replace(source, assets=assets), notices=(*doubts, *prepared.notices))

    return Reader(name, read, matches=lambda data: kinds.kind(data) == name, passages=given)


def _not_well_formed(error: etree.XMLSyntaxError) -> InvalidDocument:
    detail = f"A part of the document is not well-formed XML (line {error.lineno} of the part)."
    return InvalidDocument(detail, places=[Place(detail, line=error.lineno)])


def _pointed(node: pandoc_ast.Node, media: Mapping[str, Any]) -> pandoc_ast.Node:
    """A picture of the document under a unique name, like an upload."""
    attributes, alt, (name, title) = node["c"]
    return pandoc_ast.image(alt, PART + name, title, attributes) if name in media else node


def _vetted(data: bytes, engines: Engines) -> Mapping[str, bytes]:
    """The parts of the document, after checks of its directory, before anything is unpacked, and of its markup."""
    settings = engines.settings
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archives.checked(archive.infolist(), settings)
            text_size = sum(entry.file_size for path, entry in members.items() if MARKUP.search(path))
            if text_size > 8 * settings.max_text:
                limit = 8 * settings.max_text
                raise TooComplex(f"The unpacked text of the document has {text_size:,} bytes.", extra={"limit": limit})
            if any(posixpath.basename(path).casefold() == MACROS for path in members):
                raise UnsupportedFormat("Documents with macros are not supported.")
            parts = archives.inflated(archive, members, settings)
    except archives.DAMAGED as error:
        raise InvalidDocument("The document is damaged: it is not a zip archive.") from error
    markup.refuse_bombs(parts)
    return parts


def own_reader(name: str, made: Callable[[ooxml_package.Package], Any], given: Passages) -> Reader:
    """A reader of presentations or workbooks: `made` returns blocks, assets and notices, and a title if it found one."""

    def read(source: Source, _: Conversion, engines: Engines) -> Document:
        parts = _vetted(source.data, engines)
        try:
            found = made(ooxml_package.opened(parts))
            said = ooxml_package.properties(source.data)
        except etree.XMLSyntaxError as error:
            raise _not_well_formed(error) from error
        if title := getattr(found, "title", ""):
            said.setdefault("title", title)
        text.refuse_depth(found.blocks)
        record, doubts = metadata.load(said)
        source = replace(source, assets=(*source.assets, *found.assets.values()))
        notices = (*doubts, *found.notices, *review.of_parts(parts))
        return Document(record, Blocks(found.blocks), source, notices=notices)

    return Reader(name, read, matches=lambda data: kinds.kind(data) == name, passages=given)


def _read_epub(source: Source, _: Conversion, engines: Engines) -> Document:
    parts = _vetted(source.data, engines)
    try:
        return epub.read(parts, source, engines)
    except RecursionError as error:
        raise TooComplex("The document exceeds the limit of nesting.") from error
    except etree.XMLSyntaxError as error:
        raise _not_well_formed(error) from error


PPTX = own_reader("pptx", pptx.read, passages.pptx)
XLSX = own_reader("xlsx", xlsx.read, passages.xlsx)
DOCX = reader("docx", docx.prepare, passages.docx)
ODT = reader("odt", odt.prepare, passages.odt)
EPUB = Reader("epub", _read_epub, matches=lambda data: kinds.kind(data) == "epub", passages=passages.epub)
