"""Files of strangers, made by hand: pictures of few bytes and many pixels, DOCX and EPUB with as much in them as one asks for."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from PIL import Image

from service.model.document import Source


def png(width: int, height: int, color: int = 0) -> bytes:
    """A picture of one colour: few bytes, all its pixels."""
    row = b"\0" + bytes([color, 120, 80]) * width
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = zlib.compressobj(1)
    data = b"".join(packed.compress(row) for _ in range(height)) + packed.flush()
    chunks = ((b"IHDR", head), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )


def webp(width: int, height: int, color: int) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (width, height), (color, 120, 80)).save(written, "WEBP", lossless=True, method=0, quality=0)
    return written.getvalue()


def zipped(files: Mapping[str, bytes | str], stored: bool = False) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return written.getvalue()


def docx(body: str) -> Source:
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    office = "http://schemas.openxmlformats.org"
    types = (
        f'<Types xmlns="{office}/package/2006/content-types"><Default Extension="rels" ContentType="application/'
        'vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    )
    relations = (
        f'<Relationships xmlns="{office}/package/2006/relationships"><Relationship Id="r1" Type="{office}/officeDocument/'
        '2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
    )
    document = f'<w:document xmlns:w="{word}"><w:body>{body}</w:body></w:document>'
    return Source(
        "a.docx", zipped({"[Content_Types].xml": types, "_rels/.rels": relations, "word/document.xml": document}, stored=True)
    )


def odt(body: str) -> Source:
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text", "table", "style")
    )
    text = f"<office:body><office:text>{body}</office:text></office:body>"
    content = f"<office:document-content{spaces}><office:automatic-styles/>{text}</office:document-content>"
    kind = "application/vnd.oasis.opendocument.text"
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    entries = f'<m:file-entry m:full-path="/" m:media-type="{kind}"/>'
    parts = {
        "mimetype": kind,
        "META-INF/manifest.xml": f'<m:manifest xmlns:m="{manifest}">{entries}</m:manifest>',
        "content.xml": content,
        "styles.xml": f"<office:document-styles{spaces}/>",
    }
    return Source("a.odt", zipped(parts, stored=True))


def xlsx(rows: str) -> Source:
    sheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org"
    relation = (
        f'xmlns="{office}/package/2006/relationships"><Relationship Id="r1" Type="{office}/officeDocument/2006/relationships/'
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{office}/package/2006/content-types"><Override PartName="/xl/workbook.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships {relation}officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{sheet}" xmlns:r="{office}/officeDocument/2006/relationships"><sheets>'
        '<sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships {relation}worksheet" Target="worksheets/a.xml"/></Relationships>',
        "xl/worksheets/a.xml": f'<worksheet xmlns="{sheet}"><sheetData>{rows}</sheetData></worksheet>',
    }
    return Source("a.xlsx", zipped(parts, stored=True))


def epub(count: int, paragraph: str, paragraphs: int = 5) -> Source:
    names = [f"c{number}" for number in range(count)]
    page = (
        '<html xmlns="http://www.w3.org/1999/xhtml"><body><h1>Chapter</h1>'
        + f"<p>{paragraph}</p>" * paragraphs
        + "</body></html>"
    )
    items = "".join(f'<item id="{name}" href="{name}.xhtml" media-type="application/xhtml+xml"/>' for name in names)
    spine = "".join(f'<itemref idref="{name}"/>' for name in names)
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>Book</dc:title></metadata><manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles><rootfile '
        'full-path="p.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    chapters = {f"{name}.xhtml": page for name in names}
    parts = {"mimetype": "application/epub+zip", "META-INF/container.xml": container, "p.opf": package, **chapters}
    return Source("a.epub", zipped(parts, stored=True))
