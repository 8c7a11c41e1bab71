"""The EPUB package document: metadata, manifest and spine (EPUB 3.3, W3C).

Known fields are in Dublin Core and its refinements. Every other key is under the declared prefix,
with a reversible escape that makes its name a valid property.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from lxml import etree

from service.containers import packages
from service.containers.namespaces import DC, OPF
from service.containers.packages import serialize
from service.containers.property_names import property_name
from service.model.document import Author, Metadata
from service.model.record import NAMESPACE
from service.model.text import dates
from service.model.text.characters import legal

XML = "http://www.w3.org/XML/1998/namespace"
VOCABULARY = NAMESPACE
PREFIX = f"colophon: {VOCABULARY}"
MAIN_ID = "identifier"
# MARC relators of common words for roles. Unknown words become contributors.
RELATORS = {
    "author": "aut", "editor": "edt", "translator": "trl", "illustrator": "ill", "photographer": "pht", "contributor": "ctb",
    "reviewer": "rev", "interviewer": "ivr", "compiler": "com", "narrator": "nrt",
}  # fmt: skip
# Types of publication that require parts which these files lack: a search key map, a teacher's edition (EPUB 3.3, D.2).
PROMISING = frozenset({
    "annotations", "dictionary", "distributable-object", "edupub", "index", "preview", "scriptable-component",
    "teacher-edition", "teacher-guide", "widget",
})  # fmt: skip
ONIX = {"doi": "06", "isbn": "15"}


@dataclass(frozen=True, slots=True)
class Item:
    """One file of the manifest; `spine`: it is part of the reading order."""

    identifier: str
    href: str
    media_type: str
    properties: tuple[str, ...] = ()
    spine: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A file in the container about the book, which is not a part of it and not in the manifest (OPF-067)."""

    relation: str
    href: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Package:
    """The content of the package document; with `rtl` pages progress from right to left.

    `statements` are property and value of the conformance that is claimed, `certifier_report` is the URL of its proof.
    """

    metadata: Metadata
    title: str
    identifier: str
    modified: str
    items: Sequence[Item]
    links: Sequence[Link] = ()
    accessibility: Sequence[tuple[str, str]] = ()
    statements: Sequence[tuple[str, str]] = ()
    certifier_report: str = ""
    extras: Mapping[str, Any] = field(default_factory=dict)
    rtl: bool = False


def literal(value: Any) -> str:
    """A custom value as text: strings unchanged, other values as JSON."""
    return value if isinstance(value, str) else orjson.dumps(value, default=str).decode()


def write(package: Package) -> bytes:
    lang = package.metadata.lang or "und"
    root = packages.root(OPF, "package")
    root.set("version", "3.0")
    root.set("unique-identifier", MAIN_ID)
    root.set(f"{{{XML}}}lang", lang)
    root.set("prefix", PREFIX)
    root.append(_Metadata(package).element)
    manifest = etree.SubElement(root, f"{{{OPF}}}manifest")
    for item in package.items:
        entry = etree.SubElement(manifest, f"{{{OPF}}}item", id=item.identifier, href=item.href)
        entry.set("media-type", item.media_type)
        if item.properties:
            entry.set("properties", " ".join(item.properties))
    spine = etree.SubElement(root, f"{{{OPF}}}spine", toc="ncx")
    if package.rtl:
        spine.set("page-progression-direction", "rtl")
    for item in package.items:
        if item.spine:
            etree.SubElement(spine, f"{{{OPF}}}itemref", idref=item.identifier)
    etree.indent(root)
    return serialize(root)


def _w3c_date(text: str) -> str:
    """`text` as W3CDTF: a time needs a zone there, so a time without one is only in dcterms:issued and the record."""
    return text.replace(" ", "T", 1).replace(",", ".") if dates.has_zone(text) else text[:10]


class _Metadata:
    """Builds the metadata element; refinements follow what they refine."""

    def __init__(self, package: Package) -> None:
        self.element = etree.Element(f"{{{OPF}}}metadata", nsmap={"dc": DC})
        self.package = package
        self.metadata = package.metadata
        self._identifiers()
        self._titles()
        self._people(self.metadata.authors)
        self._contributors(package.extras.get("contributors"))
        self._descriptions()
        self._dates()
        self._series()
        self._pairs("schema", package.accessibility)
        for name, value in package.statements:
            self._meta(name, value)
        self._pairs("colophon", ((property_name(key), literal(value)) for key, value in package.extras.items()))
        self._links()

    def _dc(self, tag: str, text: str, identifier: str = "", **refinements: str) -> None:
        """One Dublin Core element and its refinements; a value may have its scheme after `|`."""
        if not (text := legal(text).strip()):
            return
        entry = etree.SubElement(self.element, f"{{{DC}}}{tag}")
        entry.text = text
        if refinements:
            identifier = identifier or f"{tag}-{len(self.element)}"
        if identifier:
            entry.set("id", identifier)
        for name, value in refinements.items():
            if value:
                plain, _, scheme = value.partition("|")
                self._meta(name.replace("_", "-"), plain, refines=f"#{identifier}", scheme=scheme)

    def _meta(self, name: str, text: str, **attributes: str) -> None:
        if not (text := legal(text).strip()):
            return  # an empty meta is an error in EPUB; the embedded record has the empty value
        entry = etree.SubElement(
            self.element, f"{{{OPF}}}meta", {"property": name} | {key: value for key, value in attributes.items() if value}
        )
        entry.text = text

    def _pairs(self, prefix: str, pairs: Iterable[tuple[str, str]]) -> None:
        for name, value in pairs:
            self._meta(f"{prefix}:{name}", value)

    def _identifiers(self) -> None:
        metadata = self.metadata
        self._dc("identifier", self.package.identifier, MAIN_ID)
        if metadata.doi:
            self._dc("identifier", metadata.doi, "doi", identifier_type=f"{ONIX['doi']}|onix:codelist5")
        if metadata.isbn:
            self._dc("identifier", metadata.isbn, "isbn", identifier_type=f"{ONIX['isbn']}|onix:codelist5")
        if metadata.identifier and metadata.identifier != self.package.identifier:
            self._dc("identifier", metadata.identifier)

    def _titles(self) -> None:
        self._dc("title", self.package.title, "title", title_type="main", display_seq="1")
        self._dc("title", self.metadata.subtitle, "subtitle", title_type="subtitle", display_seq="2")
        self._dc("language", self.metadata.lang or "und")

    def _people(self, authors: Sequence[Author]) -> None:
        for number, author in enumerate(authors, 1):
            role = author.role.strip().lower()
            relator = RELATORS.get(role, role if role in RELATORS.values() else "ctb" if role else "aut")
            tag = "creator" if relator == "aut" else "contributor"
            self._dc(
                tag, author.name, f"person-{number}",
                role=f"{relator}|marc:relators", file_as=legal(author.sort), display_seq=str(number),
            )  # fmt: skip

    def _contributors(self, given: Any) -> None:
        """The contributors of another EPUB, with their roles. They are not in the order of the authors (no display-seq)."""
        for number, each in enumerate(given if isinstance(given, list) else (), 1):
            about = each if isinstance(each, Mapping) else {"name": each}
            name, roles = str(about.get("name", "")), about.get("role") or ()
            self._dc("contributor", name, f"contributor-{number}", file_as=legal(str(about.get("sort", ""))))
            for role in roles if isinstance(roles, list) else [roles]:
                relator = RELATORS.get(str(role).lower(), str(role).lower())
                if re.fullmatch("[a-z]{3}", relator) and legal(name).strip():
                    self._meta("role", relator, refines=f"#contributor-{number}", scheme="marc:relators")

    def _descriptions(self) -> None:
        metadata = self.metadata
        for subject in dict.fromkeys((*metadata.keywords, *metadata.categories)):
            self._dc("subject", subject)
        self._dc("description", metadata.description)
        self._dc("publisher", metadata.publisher)
        self._dc("rights", metadata.rights)
        if metadata.type.strip().casefold() in PROMISING:
            self._meta("colophon:type", metadata.type)
        else:
            self._dc("type", metadata.type)
        for name in ("coverage", "relation"):
            value = self.package.extras.get(name)
            for one in value if isinstance(value, list) else [value]:
                self._dc(name, one if isinstance(one, str) else "")
        self._dc("source", metadata.source_url, "source-url" if metadata.source_url else "")
        self._dc("source", metadata.source_name, "source-name" if metadata.source_name else "")
        self._meta("dcterms:license", metadata.license)
        self._meta("dcterms:abstract", metadata.abstract)

    def _dates(self) -> None:
        metadata = self.metadata
        if dates.instant(metadata.date) is not None:
            self._dc("date", _w3c_date(metadata.date.strip()))
            self._meta("dcterms:issued", metadata.date)
        self._meta("dcterms:modified", self.package.modified)

    def _series(self) -> None:
        if series := self.metadata.series:
            self._meta("belongs-to-collection", series.name, id="series")
            self._meta("collection-type", "series", refines="#series")
            self._meta("group-position", series.index, refines="#series")

    def _links(self) -> None:
        for link in self.package.links:
            entry = etree.SubElement(self.element, f"{{{OPF}}}link", rel=link.relation, href=link.href)
            entry.set("media-type", link.media_type)
        if report := legal(self.package.certifier_report).strip():
            etree.SubElement(self.element, f"{{{OPF}}}link", rel="a11y:certifierReport", href=report)
        for item in self.package.items:
            if "cover-image" in item.properties:  # EPUB 2 reading systems find the cover only by this
                etree.SubElement(self.element, f"{{{OPF}}}meta", name="cover", content=item.identifier)
