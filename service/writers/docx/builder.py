"""Builds a DOCX: pandoc's body and images with the styles of the reference document, and all other parts."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lxml import etree

from service.containers import packages
from service.containers.packages import RECORD_NAME, pack, parse, serialize, stable_uuid
from service.model.document import Asset, Document, Notice
from service.model.notices import notice
from service.model.record import NAMESPACE
from service.model.text import labels
from service.style import PLAIN, Look
from service.writers.docx import body, cover_page, file_links, page_setup, properties, stylesheet, texts
from service.writers.docx.reference import parts as reference_parts
from service.writers.docx.reference import styles
from service.writers.docx.reference.template import STYLES, Template

CUSTOM_XML = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
CUSTOM_XML_PROPERTIES = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
DOCUMENT_RELATIONS = "word/_rels/document.xml.rels"
ITEM, ITEM_PROPERTIES, ITEM_RELATIONS = "customXml/item1.xml", "customXml/itemProps1.xml", "customXml/_rels/item1.xml.rels"

WIDE_TYPE = 1.25  # the font of a template is not known: columns of tables get space for a wide one, such as DejaVu or Verdana


@dataclass(frozen=True, slots=True)
class Manuscript:
    """The inputs: pandoc's parts and the profile's styles.xml.

    `record` is colophon.json, `source` the embedded upload (name, media type, bytes), if there is one.
    """

    document: Document
    title: str
    parts: dict[str, bytes]
    styles: bytes
    record: bytes
    source: tuple[str, str, bytes] | None = None
    rtl: bool = field(default=False)
    look: Look = PLAIN
    room: page_setup.Room = page_setup.USUAL
    mirrored: bool = False
    cover: Asset | None = None
    theme: Mapping[str, Any] | None = None
    template: Template | None = None
    template_name: str = ""

    @property
    def tongue(self) -> body.Tongue:
        lang = self.document.metadata.lang
        return body.Tongue(lang, labels.language(lang), self.rtl)


def build(manuscript: Manuscript) -> tuple[bytes, list[Notice]]:
    document, parts = manuscript.document, dict(manuscript.parts)
    notices = _unlink(parts)
    joined = _clothed(parts, manuscript)
    for name in filter(body.is_running, list(parts)):
        by = document.metadata.source_name or labels.authors(document.metadata)
        parts[name] = body.running_lines(parts[name], manuscript.title, by)
    _lay_out(parts, manuscript, joined is not None)
    parts["docProps/core.xml"] = properties.core(document, manuscript.title)
    parts["docProps/custom.xml"] = properties.custom(properties.named(document.metadata))
    parts["docProps/app.xml"] = properties.app(document.metadata)
    _drop_empty_comments(parts)
    if manuscript.cover:
        cover_page.add(parts, manuscript.cover, manuscript.title)
    _add_record(parts, manuscript)
    if joined:
        notices.append(reference_parts.report(parts, joined, manuscript.template_name))
    return pack(_ordered(parts)), notices


def _clothed(parts: dict[str, bytes], manuscript: Manuscript) -> styles.Joined | None:
    """The styles of the profile, or those of the caller's template joined with them, and the other parts of the template."""
    joined = None
    if manuscript.template:
        joined = styles.joined(manuscript.template.parts[STYLES], manuscript.styles)
        reference_parts.apply(parts, manuscript.template, joined)
        joined = replace(joined, data=reference_parts.numbered(parts, manuscript.template, joined.data))
    wanted = joined.data if joined else manuscript.styles
    parts[STYLES] = body.styles(parts[STYLES], wanted, manuscript.tongue, obeyed=joined is not None)
    if manuscript.theme and not (joined and "SourceCode" in joined.own):
        parts[STYLES] = page_setup.colour_code(parts[STYLES], manuscript.theme)
    return joined


def _lay_out(parts: dict[str, bytes], manuscript: Manuscript, by_template: bool) -> None:
    """Page, fonts and texts by the options, on the page of the profile or of the template."""
    base, room = page_setup.BASE_SIZE, manuscript.room
    if by_template:
        base = stylesheet.of(parts[STYLES]).number("BodyText", "rPr/sz", "val") or 20
        room = page_setup.room_of(parts["word/document.xml"])
    look = manuscript.look
    if look != PLAIN:
        room = page_setup.apply(parts, look, base)
    scale = (look.font_size * 2 if look.font_size else base) / page_setup.BASE_SIZE
    if by_template:
        scale *= WIDE_TYPE
    texts.settle(parts, manuscript.document, texts.Setting(room.width, room.height, manuscript.rtl, scale))
    mirrored = manuscript.mirrored and not by_template
    parts["word/settings.xml"] = body.settings(parts["word/settings.xml"], manuscript.tongue, mirrored)


def _unlink(parts: dict[str, bytes]) -> list[Notice]:
    """The last check: only links that the passes allow lead out of the file."""
    found: dict[str, None] = {}  # pandoc repeats the article's relationships for the notes
    for part, relations in (("word/document.xml", DOCUMENT_RELATIONS), ("word/footnotes.xml", "word/_rels/footnotes.xml.rels")):
        if unsafe := body.unsafe_links(parts[relations]):
            identifiers = frozenset(unsafe)
            parts[part] = body.unlink(parts[part], identifiers)
            parts[relations] = body.drop_relations(parts[relations], identifiers)
            found |= dict.fromkeys(unsafe.values())
        file_links.settle(parts, part, relations)
    return [notice("link-removed", stage="write", data={"target": target}) for target in found]


def _drop_empty_comments(parts: dict[str, bytes]) -> None:
    """Removes pandoc's part for comments: with it Word shows the reviewing tools without need."""
    name = "word/comments.xml"
    if name in parts and not len(parse(parts[name])):
        del parts[name]
        relations = parse(parts[DOCUMENT_RELATIONS])
        gone = [relation for relation in relations if relation.get("Target") == "comments.xml"]
        for relation in gone:
            relations.remove(relation)
        parts[DOCUMENT_RELATIONS] = serialize(relations)
        types = parse(parts["[Content_Types].xml"])
        for entry in [entry for entry in types if entry.get("PartName") == f"/{name}"]:
            types.remove(entry)
        parts["[Content_Types].xml"] = serialize(types)


def _add_record(parts: dict[str, bytes], manuscript: Manuscript) -> None:
    """The whole record and the upload as a custom XML part: Word and LibreOffice keep it when they save."""
    item = packages.root(NAMESPACE, "colophon")
    item.set("seal", packages.seal(parts))
    entry = etree.SubElement(item, f"{{{NAMESPACE}}}record", name=RECORD_NAME, encoding="base64")
    entry.set("media-type", "application/json")
    entry.text = base64.b64encode(manuscript.record).decode()
    if manuscript.source:
        name, mime, data = manuscript.source
        entry = etree.SubElement(item, f"{{{NAMESPACE}}}source", name=name, encoding="base64")
        entry.set("media-type", mime)
        entry.text = base64.b64encode(data).decode()
    parts[ITEM] = serialize(item)
    parts[ITEM_PROPERTIES] = _item_properties(str(stable_uuid(manuscript.document)).upper())
    relations = packages.root(body.RELATIONS, "Relationships")
    parts[ITEM_RELATIONS] = body.add_relation(serialize(relations), "rId1", f"{body.R}/customXmlProps", "itemProps1.xml")
    parts[DOCUMENT_RELATIONS] = body.add_relation(parts[DOCUMENT_RELATIONS], "rIdColophon", f"{body.R}/customXml", f"../{ITEM}")
    types = parse(parts["[Content_Types].xml"])
    etree.SubElement(
        types, f"{{{body.CONTENT_TYPES}}}Override", PartName=f"/{ITEM_PROPERTIES}", ContentType=CUSTOM_XML_PROPERTIES
    )
    parts["[Content_Types].xml"] = serialize(types)


def _item_properties(identifier: str) -> bytes:
    top = etree.Element(f"{{{CUSTOM_XML}}}datastoreItem", nsmap={"ds": CUSTOM_XML})
    top.set(f"{{{CUSTOM_XML}}}itemID", f"{{{identifier}}}")
    references = etree.SubElement(top, f"{{{CUSTOM_XML}}}schemaRefs")
    etree.SubElement(references, f"{{{CUSTOM_XML}}}schemaRef").set(f"{{{CUSTOM_XML}}}uri", NAMESPACE)
    return serialize(top)


def _ordered(parts: dict[str, bytes]) -> dict[str, bytes]:
    """The types first, then the package's relationships, as Word writes them; the rest by name."""
    first = [name for name in ("[Content_Types].xml", "_rels/.rels") if name in parts]
    return {name: parts[name] for name in (*first, *sorted(parts.keys() - set(first)))}
