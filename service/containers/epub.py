"""The metadata in an EPUB 2 or 3: its package document, the record and the embedded upload."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from lxml import etree

from service.containers import epub_people, onix
from service.containers.epub_people import Refinements
from service.containers.namespaces import DC, OPF
from service.containers.packages import SEAL_NAME, SOURCE_RELATION
from service.containers.parts import Enclosed, Found, Parts, add, opened, text
from service.containers.property_names import property_key
from service.model.errors import InvalidDocument
from service.model.record import RECORD_NAME

CONTAINER = "META-INF/container.xml"
ROOTFILE = "{urn:oasis:names:tc:opendocument:xmlns:container}rootfile"
EPUB2 = {"calibre:series": "opf:belongs-to-collection", "calibre:series_index": "opf:group-position"}
CALIBRE = re.compile(r"calibre:(?:rating|title_sort|user_metadata:)")
COLLECTION = "belongs-to-collection"
# Refinements with their own place; the others are kept with the entry that they refine.
PLACED = frozenset({"role", "title-type", "display-seq", "identifier-type", "source-of"})
ACCESSIBILITY: Mapping[str, str] = {
    "conforms_to": "dcterms:conformsTo", "certified_by": "a11y:certifiedBy", "certifier_report": "a11y:certifierReport",
    "access_modes": "schema:accessMode", "sufficient": "schema:accessModeSufficient", "features": "schema:accessibilityFeature",
    "hazards": "schema:accessibilityHazard", "summary": "schema:accessibilitySummary",
}  # fmt: skip
PUBLICATION = ("publication", "original-publication", "published")


def inspect(data: bytes) -> Found:
    """Raises InvalidDocument if the file is not an EPUB, ArchiveTooLarge if it is too large."""
    with opened(data, "EPUB") as parts:
        return _inspect(parts)


def _inspect(parts: Parts) -> Found:
    path = _package_path(parts)
    package = parts.xml(path)
    if package is None:
        raise InvalidDocument("The EPUB names a package document that is missing.")
    folder = posixpath.dirname(path)
    links = {link.get("rel", ""): _target(link, folder) for link in package.iter(f"{{{OPF}}}link") if _is_ours(link)}
    name, mime = links.get(SOURCE_RELATION, ("", ""))
    data = parts.get(name) if name else None
    return Found(
        native=_native(package),
        facts=_facts(package, parts),
        record=parts.get(links["record"][0]) if "record" in links else None,
        source=Enclosed(posixpath.basename(name), mime, data) if data is not None else None,
        seal=(parts.get(SEAL_NAME, 100) or b"").decode("ascii", "replace"),
    )


def _is_ours(link: etree._Element) -> bool:
    """EPUB 3 uses `record` for any record about a book (ONIX, MARC). The record of this service has its own name and type."""
    relation = link.get("rel", "")
    name = posixpath.basename(unquote(link.get("href", "")))
    return relation != "record" or (name == RECORD_NAME and link.get("media-type", "") == "application/json")


def _target(link: etree._Element, folder: str) -> tuple[str, str]:
    """The name in the zip that a link leads to, and its media type."""
    path = posixpath.join(folder, unquote(link.get("href", "")))
    return posixpath.normpath(path), link.get("media-type", "")


def _package_path(parts: Parts) -> str:
    container = parts.xml(CONTAINER)
    rootfile = next(container.iter(ROOTFILE), None) if container is not None else None
    if rootfile is None or not rootfile.get("full-path"):
        raise InvalidDocument("The EPUB has no META-INF/container.xml with a package document.")
    return rootfile.get("full-path", "")


def _native(package: etree._Element) -> dict[str, Any]:
    refined = _refinements(package)
    native: dict[str, Any] = {}
    for element in epub_people.entries(package):
        name, value = _name(element), text(element)
        about = refined.get(element.get("id", ""), {})
        if place := EPUB2.get(element.get("name", "")):  # a meta of EPUB 2, as calibre writes it
            native.setdefault(place, element.get("content", ""))
        elif CALIBRE.match(element.get("name", "")) and element.get("content"):
            native.setdefault(f"opf:{element.get('name')}", element.get("content"))
        if not name or element.get("refines"):
            continue
        if name == "dc:title" and about.get("title-type") == "subtitle":
            name = "dc:title[subtitle]"
        if name == "dc:language" and value == "und":
            continue  # undetermined: the required value of a file without a known language
        if name == "dc:date" and element.get(f"{{{OPF}}}event", "publication") not in PUBLICATION:
            name = f"dc:date[{element.get(f'{{{OPF}}}event', '')}]"
        if name.startswith("colophon:"):
            name = "colophon:" + property_key(name.removeprefix("colophon:"))
        add(native, f"opf:{name}", value)
        if name == "belongs-to-collection" and "group-position" in about:
            native.setdefault("opf:group-position", about["group-position"])
    more = {"opf:refinements": found} if (found := list(_other_refinements(package, refined))) else {}
    return native | epub_people.people(package, refined) | _ordered(package, refined, native) | more


def _other_refinements(package: etree._Element, refined: Refinements) -> Iterator[dict[str, str]]:
    """The refinements of an entry without their own place: other scripts, sort keys of titles, codes of subjects."""
    people = (epub_people.CREATOR, epub_people.CONTRIBUTOR)
    own = [each for each in epub_people.entries(package) if _name(each) == COLLECTION and not each.get("refines")]
    placed = min(own, key=lambda each: refined.get(each.get("id", ""), {}).get("collection-type") != "series", default=None)
    for element in epub_people.entries(package):
        about = refined.get(element.get("id", ""), {})
        unsaid = PLACED | ({"file-as"} if element.tag in people else set())
        unsaid |= {"collection-type", "group-position"} if element is placed else set()
        rest = {name: value for name, value in about.items() if name not in unsaid and value}
        if rest and text(element):
            yield {"of": text(element)} | rest


def _ordered(package: etree._Element, refined: Refinements, native: Mapping[str, Any]) -> dict[str, Any]:
    """Titles with the main one first, and collections with a series first: the others are kept behind it."""
    found: dict[str, Any] = {}
    for place, kind, first in (
        ("opf:dc:title", "title-type", "main"),
        ("opf:belongs-to-collection", "collection-type", "series"),
    ):
        if not isinstance(native.get(place), list):
            continue
        own = [each for each in epub_people.entries(package) if f"opf:{_name(each)}" == place and not each.get("refines")]
        own = [each for each in own if refined.get(each.get("id", ""), {}).get("title-type") != "subtitle"]
        own.sort(key=lambda each: refined.get(each.get("id", ""), {}).get(kind) != first)
        found[place] = [text(each) for each in own]
        if kind == "collection-type":
            position = refined.get(own[0].get("id", ""), {}).get("group-position")
            found |= {"opf:group-position": position} if position else {}
    return found


def _name(element: etree._Element) -> str:
    tag = str(element.tag)
    if tag.startswith(f"{{{DC}}}"):
        return "dc:" + tag.rpartition("}")[2]
    if tag == f"{{{OPF}}}meta":
        return element.get("property") or ""
    return ""


def _refinements(package: etree._Element) -> Refinements:
    """Identifier → property → value, the first of several."""
    found: Refinements = defaultdict(dict)
    for meta in (each for each in epub_people.entries(package) if each.tag == f"{{{OPF}}}meta"):
        if about := meta.get("refines"):
            found[about.removeprefix("#")].setdefault(meta.get("property", ""), text(meta))
    return found


def _facts(package: etree._Element, parts: Parts) -> dict[str, Any]:
    items = list(package.iter(f"{{{OPF}}}item"))
    types = [item.get("media-type", "") for item in items]
    said = accessibility(package)
    return {
        "epub_version": package.get("version", ""),
        "chapters": sum(1 for _ in package.iter(f"{{{OPF}}}itemref")),
        "images": sum(mime.startswith("image/") for mime in types),
        "fonts": [item.get("href", "") for item, mime in zip(items, types, strict=True) if "font" in mime],
        "cover": any("cover-image" in (item.get("properties") or "").split() for item in items),
        "accessibility": said,
        "onix": onix.of_epub(said),
        "encrypted": "META-INF/encryption.xml" in parts.names,
        "files": len(parts.names),
    }


def accessibility(package: etree._Element) -> dict[str, list[str]]:
    """The accessibility claims of the package (EPUB Accessibility 1.1; the vocabulary of schema.org)."""
    said: dict[str, list[str]] = defaultdict(list)
    for meta in package.iter(f"{{{OPF}}}meta"):
        if value := text(meta):
            said[meta.get("property") or ""].append(value)
    for link in package.iter(f"{{{OPF}}}link"):
        for relation in (link.get("rel") or "").split():
            said[relation].append(link.get("href", ""))
    return {name: said[key] for name, key in ACCESSIBILITY.items() if said.get(key)}
