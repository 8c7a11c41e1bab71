"""The metadata of a PDF: Info fields, XMP, and the embedded files. Pure data; `engines.weasyprint.rendering`
writes it.

Info and XMP agree field by field (ISO 32000-2, 14.3; PDF/A requires it). An extension schema describes the service's
properties; without it PDF/A-1 to -3 refuse them (veraPDF 6.6.2.3.1).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from service import __version__
from service.ast.title_block import title_of
from service.containers.packages import identifier, source_name
from service.containers.property_names import property_name
from service.engines.weasyprint import rendering
from service.model import codec, metadata_map, record
from service.model.document import Conversion, Document, Metadata
from service.model.record import NAMESPACE, RECORD_NAME
from service.model.text import dates
from service.model.text.characters import ILLEGAL, legal

SPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
    "pdfd": "http://pdfa.org/declarations/",
    "prism": "http://prismstandard.org/namespaces/basic/2.0/",
    "colophon": NAMESPACE,
    "pdfaExtension": "http://www.aiim.org/pdfa/ns/extension/",
    "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
    "pdfaProperty": "http://www.aiim.org/pdfa/ns/property#",
}
FIRST = (
    "subtitle", "url", "source", "date", "modified", "fetch_date", "doi", "isbn", "license", "abstract", "identifier",
    "version", "type", "cover", "series", "series_index",
)  # fmt: skip
GENERATOR = f"Colophon {__version__}"


@dataclass(frozen=True, slots=True)
class Description:
    """Info fields for WeasyPrint; `created` and `modified` are W3C dates with a zone."""

    title: str
    authors: Sequence[str]
    description: str
    keywords: Sequence[str]
    generator: str
    created: str
    modified: str
    lang: str


def describe(document: Document) -> Description:
    metadata = document.metadata
    moment = dates.w3c(dates.build_instant(metadata))
    created = dates.instant(metadata.date)
    return Description(
        title=title_of(document),
        authors=[legal(author.name) for author in metadata.authors],
        description=legal(metadata.description),
        keywords=[legal(word) for word in (*metadata.keywords, *metadata.categories)],
        generator=GENERATOR,
        created=dates.w3c(created) if created else moment,
        modified=moment,
        lang=metadata.lang,
    )


def own_properties(document: Document) -> dict[str, str]:
    """Fields without another property, in the service's namespace: text unchanged, other values as JSON, and the record."""
    metadata = document.metadata
    found = metadata_map.own_values(metadata, "pdf", FIRST, cover=metadata.cover, series_index=_index(metadata))
    for key, value in metadata.custom.items():
        name = property_name(key)
        if name not in found and name != "metadata":
            found[name] = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return found | {"metadata": readable_json(codec.pack_metadata(metadata))}


def _index(metadata: Metadata) -> str:
    return metadata.series.index if metadata.series else ""


def readable_json(value: Any) -> str:
    """Readable JSON for XML: characters that XML does not allow are escaped by JSON."""
    text = json.dumps(value, ensure_ascii=False)
    return ILLEGAL.sub(lambda match: json.dumps(match.group())[1:-1], text)


# Well-Tagged PDF 1.0 for accessibility has the same rules as PDF/UA-2 (WTPDF 1.0, 6.1.3).
WTPDF = (
    '<pdfd:declarations><rdf:Bag><rdf:li rdf:parseType="Resource">'
    "<pdfd:conformsTo>http://pdfa.org/declarations/wtpdf#accessibility1.0</pdfd:conformsTo>"
    "</rdf:li></rdf:Bag></pdfd:declarations>"
)


def xmp(document: Document, variant: str | None, version: int | None, conformance: str | None, *, part: int) -> bytes:
    """The RDF of the XMP packet. `variant`, `version` and `conformance` are WeasyPrint's; `part` of PDF/UA is claimed."""
    described, metadata = describe(document), document.metadata
    own = own_properties(document)
    rows = [
        *_identification(variant, version, conformance, part),
        _alternatives("dc:title", described.title, described.lang),
        _listed("dc:creator", "Seq", described.authors),
        _alternatives("dc:description", described.description, described.lang),
        _listed("dc:subject", "Bag", described.keywords),
        _single("pdf:Keywords", ", ".join(described.keywords)),
        _listed("dc:language", "Bag", [described.lang] if described.lang else []),
        _listed("dc:publisher", "Bag", [metadata.publisher] if metadata.publisher else []),
        _alternatives("dc:rights", metadata.rights, described.lang),
        _single("xmpRights:WebStatement", metadata.license if "://" in metadata.license else ""),
        _single("dc:source", metadata.source_url or metadata.source_name),
        _single("prism:publicationName", metadata.source_name),
        _single("dc:identifier", identifier(document)),
        _listed("dc:date", "Seq", [metadata.date] if dates.instant(metadata.date) else []),
        _listed("dc:type", "Bag", [metadata.type] if metadata.type else []),
        _single("dc:format", "application/pdf"),
        _single("pdf:Producer", f"WeasyPrint {rendering.VERSION}"),
        _single("xmp:CreatorTool", described.generator),
        _single("xmp:CreateDate", described.created),
        _single("xmp:ModifyDate", described.modified),
        _single("xmp:MetadataDate", described.modified),
        *(_single(f"colophon:{name}", value) for name, value in own.items()),
    ]
    if variant == "a" and (version or 0) <= 3:
        rows.append(_extension(own, bool(part), bool(metadata.source_name)))
    spaces = " ".join(f"xmlns:{prefix}={quoteattr(uri)}" for prefix, uri in SPACES.items())
    rdf = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    return f'{rdf}<rdf:Description rdf:about="" {spaces}>{"".join(rows)}</rdf:Description></rdf:RDF>'.encode()


def _identification(variant: str | None, version: int | None, conformance: str | None, part: int) -> list[str]:
    rows = []
    if variant == "a" and version is not None:
        rows.append(_single("pdfaid:part", str(version)))
        if version >= 4:
            rows.append(_single("pdfaid:rev", "2020"))
        if conformance and not (version >= 4 and conformance not in {"E", "F"}):
            rows.append(_single("pdfaid:conformance", conformance))
    if part:
        rows.append(_single("pdfuaid:part", str(part)))
    if part >= 2:
        rows += [_single("pdfuaid:rev", "2024"), WTPDF]
    return rows


def _single(name: str, value: str) -> str:
    return f"<{name}>{escape(legal(value))}</{name}>" if value else ""


def _listed(name: str, kind: str, values: Iterable[str]) -> str:
    entries = "".join(f"<rdf:li>{escape(legal(value))}</rdf:li>" for value in values if value)
    return f"<{name}><rdf:{kind}>{entries}</rdf:{kind}></{name}>" if entries else ""


def _alternatives(name: str, value: str, lang: str) -> str:
    if not value:
        return ""
    tags = ["x-default", *([lang] if lang else [])]
    entries = "".join(f"<rdf:li xml:lang={quoteattr(tag)}>{escape(legal(value))}</rdf:li>" for tag in tags)
    return f"<{name}><rdf:Alt>{entries}</rdf:Alt></{name}>"


def _extension(own: Mapping[str, str], accessible: bool, published: bool) -> str:
    schemas = _schema("Front matter", NAMESPACE, "colophon", [(name, "Text") for name in own])
    if published:
        schemas += _schema("PRISM", SPACES["prism"], "prism", [("publicationName", "Text")])
    if accessible:
        schemas += _schema("PDF/UA identification", SPACES["pdfuaid"], "pdfuaid", [("part", "Integer")])
    return f"<pdfaExtension:schemas><rdf:Bag>{schemas}</rdf:Bag></pdfaExtension:schemas>"


def _schema(title: str, uri: str, prefix: str, properties: Iterable[tuple[str, str]]) -> str:
    described = "".join(
        f'<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{name}</pdfaProperty:name>'
        f"<pdfaProperty:valueType>{kind}</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category>"
        f"<pdfaProperty:description>{name}</pdfaProperty:description></rdf:li>"
        for name, kind in properties
    )
    return (
        f'<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>{title}</pdfaSchema:schema>'
        f"<pdfaSchema:namespaceURI>{uri}</pdfaSchema:namespaceURI><pdfaSchema:prefix>{prefix}</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{described}</rdf:Seq></pdfaSchema:property></rdf:li>"
    )


def attachments(document: Document, conversion: Conversion) -> list[rendering.Attachment]:
    """The record, and the original upload if it is requested."""
    moment = dates.build_instant(document.metadata)
    files = [rendering.Attachment(RECORD_NAME, record.build(document, conversion), "What the front matter said", "Data", moment)]
    if conversion.embed_source:
        files.append(
            rendering.Attachment(source_name(document.source), document.source.data, "The original article", "Source", moment)
        )
    return files
