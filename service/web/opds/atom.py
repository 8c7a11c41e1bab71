"""OPDS 1.2: a catalogue as Atom (specs.opds.io/opds-1.2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from service.model.text.characters import legal
from service.web.jobs import serializers
from service.web.opds.catalogue import Catalogue, Publication, Shelf

ATOM, DCTERMS = "http://www.w3.org/2005/Atom", "http://purl.org/dc/terms/"
KIND = "application/atom+xml;profile=opds-catalog;kind={}"
NAVIGATION, ACQUISITION = KIND.format("navigation"), KIND.format("acquisition")
GET = "http://opds-spec.org/acquisition"
ROOT = "/opds"


def written(catalogue: Catalogue) -> tuple[bytes, str]:
    """The feed and its media type."""
    kind = ACQUISITION if catalogue.path else NAVIGATION
    register_namespace("", ATOM)
    register_namespace("dcterms", DCTERMS)
    feed = Element(f"{{{ATOM}}}feed")
    _about(feed, catalogue.id, catalogue.title, catalogue.updated)
    _link(feed, rel="self", href=_address(catalogue.path), type=kind)
    _link(feed, rel="start", href=_address(""), type=NAVIGATION)
    if catalogue.path:
        _link(feed, rel="up", href=_address(""), type=NAVIGATION)
    if catalogue.next:
        _link(feed, rel="next", href=_address(catalogue.next), type=kind)
    for shelf in catalogue.shelves:
        _shelf(feed, shelf)
    for publication in catalogue.publications:
        _publication(feed, publication)
    return tostring(feed, encoding="utf-8", xml_declaration=True), kind


def _address(path: str) -> str:
    return f"{serializers.base()}{ROOT}{path}"


def _about(element: Element, identifier: str, title: str, updated: datetime) -> None:
    _text(element, "id", f"urn:colophon:{identifier}")
    _text(element, "title", title)
    _text(element, "updated", serializers.time(updated) or "")


def _shelf(feed: Element, shelf: Shelf) -> None:
    entry = SubElement(feed, f"{{{ATOM}}}entry")
    _about(entry, shelf.id, shelf.title, shelf.updated)
    _text(entry, "content", f"{shelf.size} publications", type="text")
    _link(entry, rel="subsection", href=_address(shelf.path), type=ACQUISITION)


def _publication(feed: Element, of: Publication) -> None:
    entry = SubElement(feed, f"{{{ATOM}}}entry")
    _about(entry, of.id, of.title, of.updated)
    for name in of.authors:
        _text(SubElement(entry, f"{{{ATOM}}}author"), "name", name)
    terms: Mapping[str, str] = {"language": "lang", "issued": "date", "publisher": "publisher", "identifier": "identifier"}
    for name, field in terms.items():
        if value := of.says(field):
            _text(entry, name, value, DCTERMS)
    for keyword in of.metadata.get("keywords") or ():
        SubElement(entry, f"{{{ATOM}}}category", term=legal(str(keyword)), label=legal(str(keyword)))
    if description := of.says("description"):
        _text(entry, "summary", description, type="text")
    for made in of.artifacts:
        href = serializers.artifact(made)["url"]
        _link(entry, rel=GET, href=href, type=made.media_type, length=str(made.size), title=made.format.upper())


def _text(parent: Element, name: str, value: str, namespace: str = ATOM, **attributes: str) -> None:
    SubElement(parent, f"{{{namespace}}}{name}", attributes).text = legal(value)


def _link(parent: Element, **attributes: str) -> None:
    SubElement(parent, f"{{{ATOM}}}link", {name: legal(value) for name, value in attributes.items()})
