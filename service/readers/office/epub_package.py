"""The package document of an EPUB as pandoc takes it: every part of the spine is read, and nothing stops at a broken entry.

pandoc leaves out what is not linear and what is no XHTML, and refuses a book that names a part which it does not have.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

from lxml import etree

from service.containers import packages
from service.model.errors import InvalidDocument

OPF = "http://www.idpf.org/2007/opf"
CONTAINER = "META-INF/container.xml"
CONTAINERS = "urn:oasis:names:tc:opendocument:xmlns:container"
XHTML, SVG = "application/xhtml+xml", "image/svg+xml"
PAGES = frozenset({XHTML, "text/html", "application/html", "text/x-oeb1-document", "application/xml", "text/xml"})
RASTER = frozenset({"image/gif", "image/jpeg", "image/png"})
TYPES = {".xhtml": XHTML, ".html": XHTML, ".htm": XHTML, ".xml": XHTML, ".svg": SVG}
MOST_FALLBACKS = 10


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
    """What the package document says. Raises InvalidDocument."""
    path = _package_path(parts)
    top = _parsed(parts[path])
    folder = posixpath.dirname(path)
    items: dict[str, Item] = {}
    for each in top.iter("{*}item"):
        href = unquote((each.get("href") or "").partition("#")[0])
        name = posixpath.normpath(posixpath.join(folder, href)) if href else ""
        kind = (each.get("media-type") or "").partition(";")[0].strip().lower()
        kind = kind or TYPES.get(posixpath.splitext(name)[1].lower(), "")
        identifier = each.get("id") or name
        items.setdefault(identifier, Item(identifier, name, kind, each.get("properties") or "", each.get("fallback") or ""))
    found = [_readable(items[name], items) for name in _references(top) if name in items]
    spine = tuple(item for item in found if item.path in parts)
    lost = tuple(item.path for item in found if item.path not in parts)
    cover = next((each.get("content") or "" for each in top.iter("{*}meta") if each.get("name") == "cover"), "")
    return Book(path, items, spine, lost, cover)


def _package_path(parts: Mapping[str, bytes]) -> str:
    if CONTAINER in parts:
        for entry in _parsed(parts[CONTAINER]).iter("{*}rootfile"):
            path = posixpath.normpath(unquote(entry.get("full-path") or ""))
            if path in parts:
                return path
    raise InvalidDocument("The EPUB has no META-INF/container.xml with an existing package document.")


def _parsed(data: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    top = etree.fromstring(data, parser)
    if top is None:
        raise InvalidDocument("The package document of the EPUB is not XML.")
    return top


def _references(top: etree._Element) -> Iterator[str]:
    for each in top.iter("{*}itemref"):
        yield each.get("idref") or ""


def _readable(item: Item, items: Mapping[str, Item]) -> Item:
    """The item itself where it is a page or a picture, else the first of its fallbacks that is."""
    found = item
    for _ in range(MOST_FALLBACKS):
        if found.media_type in PAGES | RASTER | {SVG} or found.fallback not in items:
            return found
        found = items[found.fallback]
    return item


def written(found: Book, spine: list[Item]) -> dict[str, bytes]:
    """The container and a package document that has no more than pandoc needs."""
    root = packages.root(OPF, "package")
    head = etree.SubElement(root, f"{{{OPF}}}metadata")
    if found.cover in found.items:
        etree.SubElement(head, f"{{{OPF}}}meta", name="cover", content=found.cover)
    manifest, order = (etree.SubElement(root, f"{{{OPF}}}{name}") for name in ("manifest", "spine"))
    folder = posixpath.dirname(found.path)
    for item in [*{each.identifier: each for each in (*found.items.values(), *spine)}.values()]:
        if not item.path:
            continue
        href = quote(posixpath.relpath(item.path, folder or "."))
        entry = etree.SubElement(manifest, f"{{{OPF}}}item", id=item.identifier, href=href)
        entry.set("media-type", item.media_type or "application/octet-stream")
        if "cover-image" in item.properties.split():
            entry.set("properties", "cover-image")
    for item in spine:
        etree.SubElement(order, f"{{{OPF}}}itemref", idref=item.identifier)
    return {CONTAINER: _container(found.path), found.path: packages.serialize(root)}


def _container(path: str) -> bytes:
    root = packages.root(CONTAINERS, "container")
    root.set("version", "1.0")
    files = etree.SubElement(root, f"{{{CONTAINERS}}}rootfiles")
    entry = etree.SubElement(files, f"{{{CONTAINERS}}}rootfile")
    entry.set("full-path", path)
    entry.set("media-type", "application/oebps-package+xml")
    return packages.serialize(root)
