"""The package document of an EPUB: every part of the spine in reading order, and the labels of its contents.

Entries that are not linear are read too, and others than XHTML by the first fallback in XHTML. Broken entries are skipped.
"""

from __future__ import annotations

import itertools
import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import unquote

from lxml import etree

from service.model.errors import InvalidDocument, Place

CONTAINER, ENCRYPTION = "META-INF/container.xml", "META-INF/encryption.xml"
XHTML, SVG, NCX = "application/xhtml+xml", "image/svg+xml", "application/x-dtbncx+xml"
TYPE = "{http://www.idpf.org/2007/ops}type"
DTBOOK = "application/x-dtbook+xml"
PAGES = frozenset({XHTML, "text/html", "application/html", "text/x-oeb1-document", "application/xml", "text/xml", DTBOOK})
RASTER = frozenset({"image/gif", "image/jpeg", "image/png"})
TYPES = {".xhtml": XHTML, ".html": XHTML, ".htm": XHTML, ".xml": XHTML, ".svg": SVG}
MOST_FALLBACKS = 10
MOST_LABELS = 20_000


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of the manifest: its file in the package, its media type and its properties."""

    identifier: str
    path: str
    media_type: str
    properties: str
    fallback: str


@dataclass(frozen=True, slots=True)
class Book:
    """`path` is that of the package document; `spine` are the items in reading order; `missing` files that it names."""

    path: str
    items: Mapping[str, Item]
    spine: tuple[Item, ...]
    missing: tuple[str, ...]
    cover: str = ""


def book(parts: Mapping[str, bytes]) -> Book:
    """The content of the package document. Raises InvalidDocument, also if parts of the book are encrypted."""
    path = _package_path(parts)
    top = _parsed(parts[path])
    folder = posixpath.dirname(path)
    folded = {name.casefold(): name for name in parts}
    encrypted = _encrypted(parts)
    items: dict[str, Item] = {}
    for each in top.iter("{*}item"):
        href = unquote((each.get("href") or "").partition("#")[0])
        name = posixpath.normpath(posixpath.join(folder, href)) if href else ""
        name = name if name in parts else folded.get(name.casefold(), name)  # written where case does not count
        kind = (each.get("media-type") or "").partition(";")[0].strip().lower()
        kind = kind or TYPES.get(posixpath.splitext(name)[1].lower(), "")
        identifier = each.get("id") or name
        items.setdefault(identifier, Item(identifier, name, kind, each.get("properties") or "", each.get("fallback") or ""))
    found = [_readable(items[name], items) for name in _references(top) if name in items]
    spine = tuple(item for item in found if item.path in parts)
    if locked := next((item.path for item in spine if item.path in encrypted), ""):
        detail = f"The book has a copy protection: {locked[:200]!r} is encrypted. Send a book without protection."
        raise InvalidDocument(detail, places=[Place(detail)])
    lost = tuple(item.path for item in found if item.path not in parts)
    covers = (item.identifier for item in items.values() if "cover-image" in item.properties.split())
    named = (each.get("content") or "" for each in top.iter("{*}meta") if each.get("name") == "cover")
    cover = next((name for name in (*covers, *named) if name in items), "")
    return Book(path, items, spine, lost, cover)


def _encrypted(parts: Mapping[str, bytes]) -> frozenset[str]:
    """The parts that are encrypted (EPUB OCF 3.3, 4.2.6.3.2); fonts that are only obfuscated are among them."""
    top = _tree(parts[ENCRYPTION]) if ENCRYPTION in parts else None
    found = top.iter("{*}CipherReference") if top is not None else ()
    return frozenset(posixpath.normpath(unquote(each.get("URI") or "").lstrip("/")) for each in found)


def _package_path(parts: Mapping[str, bytes]) -> str:
    if CONTAINER in parts:
        for entry in _parsed(parts[CONTAINER]).iter("{*}rootfile"):
            path = posixpath.normpath(unquote(entry.get("full-path") or ""))
            if path in parts:
                return path
    raise InvalidDocument("The EPUB has no META-INF/container.xml with an existing package document.")


def _parsed(data: bytes) -> etree._Element:
    top = _tree(data)
    if top is None:
        raise InvalidDocument("The package document of the EPUB is not XML.")
    return top


def _references(top: etree._Element) -> Iterator[str]:
    for each in top.iter("{*}itemref"):
        yield each.get("idref") or ""


def _readable(item: Item, items: Mapping[str, Item]) -> Item:
    """The item if it is a page or a picture, else the first of its fallbacks that is."""
    found = item
    for _ in range(MOST_FALLBACKS):
        if found.media_type in PAGES | RASTER | {SVG} or found.fallback not in items:
            return found
        found = items[found.fallback]
    return item


class Label(NamedTuple):
    """An entry of the book's own contents: the file and the identifier that it leads to, its words, and its depth from 1."""

    path: str
    identifier: str
    words: str
    depth: int


def labels(found: Book, parts: Mapping[str, bytes]) -> Iterator[Label]:
    """The entries of the navigation document (EPUB 3), else of the NCX (EPUB 2)."""
    kinds = ("nav" in item.properties.split() for item in found.items.values())
    nav = next((item for item, is_nav in zip(found.items.values(), kinds, strict=True) if is_nav), None)
    ncx = next((item for item in found.items.values() if item.media_type == NCX), None)
    item = nav or ncx
    top = _tree(parts[item.path]) if item and item.path in parts else None
    if item is None or top is None:
        return
    if item is ncx:
        points = ((each, each.find("{*}content"), each.find("{*}navLabel"), "navPoint") for each in top.iter("{*}navPoint"))
    else:
        points = ((each, each, each, "ol") for each in top.iter("{*}a") if _is_contents(each))
    for entry, target, label, level in itertools.islice(points, MOST_LABELS):
        href = (target.get("src") or target.get("href") or "") if target is not None else ""
        words = " ".join("".join(map(str, label.itertext())).split()) if label is not None else ""
        file, _, identifier = href.partition("#")
        path = posixpath.normpath(posixpath.join(posixpath.dirname(item.path), unquote(file)))
        depth = sum(1 for _ in entry.iterancestors(f"{{*}}{level}"))
        yield Label(path, unquote(identifier), words, depth + (item is ncx))


def _is_contents(entry: etree._Element) -> bool:
    lists = next(entry.iterancestors("{*}nav"), None)
    return lists is not None and "toc" in (lists.get(TYPE) or "").split()


def _tree(data: bytes) -> etree._Element | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
