"""The metadata in a PDF: Info, XMP, attachments, and facts about the file."""

from __future__ import annotations

import io
import mimetypes
import re
from collections.abc import Callable, Iterator
from typing import Any

import pikepdf
from lxml import etree

from service.containers import onix
from service.containers.parts import Enclosed, Found, parse, text
from service.containers.property_names import property_key
from service.inspect import signatures
from service.model.errors import InvalidDocument
from service.model.record import RECORD_NAME
from service.writers.pdf.metadata import SPACES

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XML = "http://www.w3.org/XML/1998/namespace"
PREFIXES = {uri: prefix for prefix, uri in SPACES.items()}
SOURCE_NAME = re.compile(r"source\.[a-z0-9]{1,8}")
LARGEST_XMP = 5_000_000
DATE = re.compile(
    r"D:(?P<year>\d{4})(?P<month>\d\d)?(?P<day>\d\d)?(?P<hour>\d\d)?(?P<minute>\d\d)?(?P<second>\d\d)?"
    r"(?P<zone>Z|[+-]\d\d'?\d\d'?)?"
)
UTF8_MARK = b"\xef\xbb\xbf"
Facts = Callable[[pikepdf.Pdf, dict[str, Any]], dict[str, Any]]


def inspect(data: bytes) -> Found:
    """Raises InvalidDocument if qpdf cannot read it."""
    return _opened(data, lambda file, native: _facts(file, native) | {"signatures": signatures.of(file, data)})


def contents(data: bytes) -> Found:
    """`inspect` with few facts, because the others read each object, and a long document has tens of thousands."""
    return _opened(data, lambda file, native: {"pages": len(file.pages), "onix": onix.of_pdf(_variant(native))})


def _opened(data: bytes, facts: Facts) -> Found:
    try:
        with pikepdf.open(io.BytesIO(data)) as file:
            return _inspect(file, facts)
    except pikepdf.PasswordError as error:
        raise InvalidDocument("The PDF is encrypted and needs a password.") from error
    except pikepdf.PdfError as error:
        raise InvalidDocument("The PDF is damaged and cannot be repaired.") from error


def _inspect(file: pikepdf.Pdf, facts: Facts) -> Found:
    native: dict[str, Any] = {}
    for key, value in _entries(file.trailer.get("/Info")):
        if isinstance(value, pikepdf.String):
            shown = _string(value)
            native[f"info:{key[1:]}"] = _date(shown) if key in ("/CreationDate", "/ModDate") else shown
    if isinstance(lang := file.Root.get("/Lang"), pikepdf.String):
        native["catalog:Lang"] = _string(lang)
    doubts = []
    try:
        native |= _xmp(file)
    except etree.XMLSyntaxError:
        doubts.append("The XMP is not well-formed and was ignored.")
    record, source = _attached(file)
    packed = native.pop("xmp:colophon:metadata", None)
    if record is None and isinstance(packed, str):
        record = _record_of(packed)
    return Found(native, facts(file, native), record, source, tuple(doubts))


def _entries(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, pikepdf.Dictionary):
        yield from value.items()


def _string(value: pikepdf.String) -> str:
    """A text string: UTF-16 or PDFDocEncoding by qpdf, and UTF-8 of PDF 2.0, which qpdf does not decode."""
    raw = bytes(value)
    return raw[3:].decode("utf-8", "replace") if raw.startswith(UTF8_MARK) else str(value)


def _date(value: str) -> str:
    """`D:20241121080000+08'00'` as ISO 8601; other texts stay unchanged."""
    match = DATE.match(value)
    if not match:
        return value
    day = "-".join(part for part in match.group("year", "month", "day") if part)
    if not match["hour"]:
        return day
    zone = (match["zone"] or "").replace("'", "")
    zone = f"{zone[:3]}:{zone[3:]}" if len(zone) == 5 else zone
    return f"{day}T{match['hour']}:{match['minute'] or '00'}:{match['second'] or '00'}{zone}"


def _xmp(file: pikepdf.Pdf) -> dict[str, Any]:
    stream = file.Root.get("/Metadata")
    if not isinstance(stream, pikepdf.Stream):
        return {}
    data = stream.read_bytes()
    if len(data) > LARGEST_XMP:
        raise InvalidDocument("The XMP of the PDF is too large.")
    native: dict[str, Any] = {}
    for described in parse(data).iter(f"{{{RDF}}}Description"):
        if _is_nested(described):
            continue
        for name, value in described.attrib.items():
            if not str(name).startswith((f"{{{RDF}}}", f"{{{XML}}}")):
                native[_place(str(name), described)] = str(value)
        for child in described.iterchildren(etree.Element):
            if not str(child.tag).startswith(f"{{{SPACES['pdfaExtension']}}}"):
                native[_place(str(child.tag), child)] = _value(child)
    return native


def _is_nested(described: etree._Element) -> bool:
    parent = described.getparent()
    return parent is not None and parent.tag != f"{{{RDF}}}RDF"


def _place(name: str, element: etree._Element) -> str:
    uri, _, local = name.removeprefix("{").rpartition("}")
    found = next((prefix for prefix, known in element.nsmap.items() if known == uri and prefix), "unknown")
    prefix = PREFIXES.get(uri, found)
    return f"xmp:{prefix}:{property_key(local) if prefix == 'colophon' else local}"


def _value(element: etree._Element) -> Any:
    """A plain text; for language alternatives the default one; for a list its entries."""
    for kind in ("Alt", "Seq", "Bag"):
        container = element.find(f"{{{RDF}}}{kind}")
        if container is None:
            continue
        entries = list(container.iterchildren(f"{{{RDF}}}li"))
        if kind != "Alt":
            return [text(entry) for entry in entries]
        default = [entry for entry in entries if entry.get(f"{{{XML}}}lang") == "x-default"] or entries
        return text(default[0]) if default else ""
    return text(element)


def _record_of(packed: str) -> bytes:
    """The record in the XMP: the only one if a variant allows no attachments."""
    return f'{{"metadata": {packed}}}'.encode()


def _attached(file: pikepdf.Pdf) -> tuple[bytes | None, Enclosed | None]:
    record, source = None, None
    for name in file.attachments:
        if name == RECORD_NAME:
            record = file.attachments[name].get_file().read_bytes()
        elif SOURCE_NAME.fullmatch(name):
            data = file.attachments[name].get_file().read_bytes()
            source = Enclosed(name, mimetypes.guess_type(name)[0] or "application/octet-stream", data)
    return record, source


def _facts(file: pikepdf.Pdf, native: dict[str, Any]) -> dict[str, Any]:
    kinds = [each for each in file.objects if isinstance(each, (pikepdf.Dictionary, pikepdf.Stream))]
    fonts = {str(each.get("/FontName", "")).lstrip("/"): _is_embedded(each) for each in kinds if _type(each) == "/FontDescriptor"}
    marked = file.Root.get("/MarkInfo")
    return {
        "pages": len(file.pages),
        "pdf_version": str(file.pdf_version),
        "variant": _variant(native),
        "onix": onix.of_pdf(_variant(native)),
        "tagged": bool(isinstance(marked, pikepdf.Dictionary) and marked.get("/Marked", False)),
        "encrypted": file.is_encrypted,
        "fonts": [{"name": name, "embedded": embedded} for name, embedded in sorted(fonts.items())],
        "images": sum(str(each.get("/Subtype", "")) == "/Image" for each in kinds if isinstance(each, pikepdf.Stream)),
        "attachments": list(file.attachments),
        "outline": isinstance(file.Root.get("/Outlines"), pikepdf.Dictionary),
    }


def _type(each: Any) -> str:
    return str(each.get("/Type", ""))


def _is_embedded(descriptor: Any) -> bool:
    return any(name in descriptor for name in ("/FontFile", "/FontFile2", "/FontFile3"))


def _variant(native: dict[str, Any]) -> list[str]:
    claims = []
    if part := native.get("xmp:pdfaid:part"):
        claims.append(f"pdf/a-{part}{str(native.get('xmp:pdfaid:conformance', '')).lower()}")
    if part := native.get("xmp:pdfuaid:part"):
        claims.append(f"pdf/ua-{part}")
    return claims
