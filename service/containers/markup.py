"""The XML inside a document of strangers, looked at before an engine parses it: no entities, no nesting without end.

Linear and without a tree: expat tells of the elements as they come. A chapter of an EPUB that is no XML is parsed as
browsers do and written anew, for pandoc takes exponential time on lists that are left open (161 bytes, measured).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote
from xml.parsers import expat

import lxml.html
from lxml import etree

from service.model.errors import InvalidDocument, TooComplex

MAX_DEPTH = 200  # elements in one another; 40 in the deepest of 200 real EPUBs
XML = re.compile(r"\.(xml|rels|opf|ncx)$", re.IGNORECASE)
# What expat raises for what is no XML, and for encodings that it does not know (GBK, Shift-JIS).
NO_XML = (expat.ExpatError, LookupError, ValueError)
CHAPTER = re.compile(r"\.(xhtml|html|htm|xht)$", re.IGNORECASE)
XHTML = "application/xhtml+xml"


def refuse_bombs(parts: Mapping[str, bytes]) -> None:
    """Raises TooComplex and InvalidDocument for the XML parts of a document that are no XML, too deep, or declare entities."""
    for name, data in parts.items():
        if XML.search(name) and data.strip():
            try:
                scan(name, data)
            except NO_XML as error:
                raise InvalidDocument(f"The part {name[:200]!r} holds XML that is not well-formed.") from error


def scan(name: str, data: bytes) -> None:
    """One part. Raises NO_XML where it is not well-formed."""
    depth = 0

    def start(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise TooComplex(f"The part {name[:200]!r} nests more than {MAX_DEPTH} elements.", extra={"limit": MAX_DEPTH})

    def end(*_: object) -> None:
        nonlocal depth
        depth -= 1

    def declare(*_: object) -> None:
        raise InvalidDocument(f"The part {name[:200]!r} declares XML entities, which are not allowed.")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.EntityDeclHandler = start, end, declare
    parser.Parse(data, True)


def chapters(parts: Mapping[str, bytes], most: int) -> Mapping[str, bytes]:
    """The parts of an EPUB with every chapter well-formed; the same mapping where all were.

    Raises TooComplex for chapters that nest without end, or that the spine repeats beyond `most` bytes in all.
    """
    named = set(filter(CHAPTER.search, parts))
    for name in [name for name in parts if name.lower().endswith(".opf")]:
        manifest, repeated = _package(name, parts[name])
        named |= manifest.keys() & parts.keys()
        total = sum(len(parts.get(item, b"")) for item in repeated)
        if total > most or len(repeated) > 10_000:
            raise TooComplex(f"The book's chapters have {total:,} bytes, as often as it names them.", extra={"limit": most})
    mended = {name: mended for name in sorted(named) if (mended := _well_formed(name, parts[name])) is not parts[name]}
    return {**parts, **mended} if mended else parts


def _package(name: str, data: bytes) -> tuple[dict[str, str], list[str]]:
    """The chapters of the manifest (path → id), and the paths in the spine's order, repetitions and all."""
    top = _tree(data, recover=True)
    found: dict[str, str] = {}
    for item in top.iter("{*}item") if top is not None else ():
        if (item.get("media-type") or "").strip().lower() == XHTML:
            path = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(item.get("href") or "")))
            found[path] = item.get("id") or ""
    by_id = {identifier: path for path, identifier in found.items()}
    return found, list(_spine(top, by_id))


def _spine(top: etree._Element | None, by_id: Mapping[str, str]) -> Iterator[str]:
    for item in top.iter("{*}itemref") if top is not None else ():
        yield by_id.get(item.get("idref") or "", "")


def _tree(data: bytes, *, recover: bool = False) -> etree._Element | None:
    """XML as a tree, None where it is none; libxml2 knows the encodings that expat does not."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=recover)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError):
        return None


def _well_formed(name: str, data: bytes) -> bytes:
    """`data` itself where it is XML; else what a browser's parser makes of it, as XML in UTF-8."""
    try:
        scan(name, data)
    except NO_XML:
        pass
    else:
        return data
    page = _tree(data)
    if page is None:
        try:
            page = lxml.html.document_fromstring(data, parser=lxml.html.HTMLParser(no_network=True, remove_pis=True))
        except (etree.ParserError, etree.XMLSyntaxError, ValueError, LookupError):
            return b"<html><body/></html>"
    written: bytes = etree.tostring(page, method="xml", encoding="utf-8")
    try:
        scan(name, written)
    except NO_XML as error:
        raise InvalidDocument(f"The chapter {name[:200]!r} is neither XML nor HTML.") from error
    return written
