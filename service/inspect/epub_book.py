"""An EPUB opened for its checks: the package document, the manifest by path, and the parsed content documents.

An unreadable part becomes a place of `unreadable`, never an exception, because uploaded books can be broken in every way.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from lxml import etree

from service.containers import archives
from service.containers.namespaces import OPF
from service.containers.parts import Parts, text
from service.model.errors import ArchiveTooLarge

CONTAINER = "META-INF/container.xml"
ROOTFILE = "{urn:oasis:names:tc:opendocument:xmlns:container}rootfile"
XHTML, NCX = "application/xhtml+xml", "application/x-dtbncx+xml"
SPACE = "{http://www.w3.org/1999/xhtml}"
EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
MOST_DOCUMENTS, MOST_BYTES = 2_000, 60_000_000
DOCTYPE = re.compile(rb"<!DOCTYPE[^>\[]{0,500}\[")  # an internal subset: own entities


class Place(NamedTuple):
    """The place of a violation: the part of the book, the line in it (0 unknown), and the content there."""

    part: str
    line: int = 0
    detail: str = ""


class Item(NamedTuple):
    """An entry of the manifest; `path` is its name in the zip, empty for a resource elsewhere."""

    id: str
    path: str
    media_type: str
    properties: frozenset[str]
    line: int
    href: str = ""
    fallback: str = ""


@dataclass
class Book:
    """`documents`: path → root of each content document that is well-formed."""

    parts: Parts
    package_path: str = ""
    package: etree._Element | None = None
    items: list[Item] = field(default_factory=list)
    documents: dict[str, etree._Element] = field(default_factory=dict)
    unreadable: list[Place] = field(default_factory=list)
    unchecked: list[Place] = field(default_factory=list)

    @property
    def version(self) -> str:
        return self.package.get("version", "") if self.package is not None else ""

    @cached_property
    def by_path(self) -> Mapping[str, Item]:
        return {item.path: item for item in self.items}

    @cached_property
    def by_id(self) -> Mapping[str, Item]:
        return {item.id: item for item in self.items}

    def metadata(self, name: str) -> list[etree._Element]:
        """The elements of the package's metadata with this local name that are not empty."""
        found = self.package.iter(f"{{*}}{name}") if self.package is not None else ()
        return [each for each in found if text(each)]

    def properties(self, name: str) -> list[str]:
        """The values of a `meta property`."""
        return [text(each) for each in self.metadata("meta") if each.get("property") == name]

    def spine(self) -> list[etree._Element]:
        return list(self.package.iter(f"{{{OPF}}}itemref")) if self.package is not None else []

    def nav(self) -> Item | None:
        return next((item for item in self.items if "nav" in item.properties), None)

    def elements(self, *names: str) -> Iterator[tuple[str, etree._Element]]:
        """The elements of all content documents, each with its part."""
        for path, root in self.documents.items():
            yield from ((path, each) for each in root.iter(*(f"{SPACE}{name}" for name in names)))


def read(parts: Parts) -> Book:
    """Raises ArchiveTooLarge if a part is too large to be read."""
    book = Book(parts)
    container = _xml(book, CONTAINER)
    rootfile = next(container.iter(ROOTFILE), None) if container is not None else None
    book.package_path = rootfile.get("full-path", "") if rootfile is not None else ""
    book.package = _xml(book, book.package_path) if book.package_path in parts.names else None
    if book.package is None:
        return book
    book.items = [_item(each, book.package_path) for each in book.package.iter(f"{{{OPF}}}item")]
    left = MOST_BYTES
    for number, item in enumerate(each for each in book.items if each.media_type in (XHTML, NCX)):
        if item.path not in parts.names:
            continue
        left -= parts.archive.getinfo(item.path).file_size
        if left < 0 or number >= MOST_DOCUMENTS:
            book.unchecked.append(Place(item.path))
            continue
        root = _xml(book, item.path)
        if root is not None and item.path not in book.documents:
            book.documents[item.path] = root
    return book


def _xml(book: Book, name: str) -> etree._Element | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        data = book.parts.get(name)
        if data is None:
            return None
        if DOCTYPE.search(data[:4_000]):
            book.unreadable.append(Place(name, 1, "It declares entities."))
            return None
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        book.unreadable.append(Place(name, error.lineno or 0, str(error.msg)[:200]))
    except (ArchiveTooLarge, *archives.DAMAGED) as error:
        book.unreadable.append(Place(name, 0, error.detail if isinstance(error, ArchiveTooLarge) else "It cannot be unpacked."))
    return None


def _item(each: etree._Element, package: str) -> Item:
    href = each.get("href", "")
    path = "" if is_remote(href) else resolved(package, href)[0]
    properties = frozenset((each.get("properties") or "").split())
    named = (each.get("id", ""), path, each.get("media-type", ""), properties)
    return Item(*named, line_of(each), href, each.get("fallback", ""))


def line_of(element: etree._Element) -> int:
    """The line; 0 if the parser does not know it."""
    line: Any = element.sourceline  # the stubs know no number
    return int(line or 0)


def is_remote(reference: str) -> bool:
    try:
        return bool(urlsplit(reference.strip()).scheme)
    except ValueError:
        return True


def resolved(part: str, reference: str) -> tuple[str, str]:
    """The name in the zip and the fragment that a relative reference in a part leads to."""
    path, _, fragment = reference.strip().partition("#")
    path = unquote(path.partition("?")[0])
    target = posixpath.normpath(posixpath.join(posixpath.dirname(part), path)) if path else part
    return target, unquote(fragment)
