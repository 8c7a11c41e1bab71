"""A small sound EPUB and DOCX, made by hand, and the ways to break them: rule → what is changed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

Files = dict[str, bytes]
Change = Callable[[Files], None]
CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
    '<rootfile full-path="EPUB/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
PACKAGE = """<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="en">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:lamps:1</dc:identifier>
<dc:title>Lamps</dc:title>
<dc:language>en</dc:language>
<meta property="dcterms:modified">2026-01-02T03:04:05Z</meta>
<meta property="schema:accessMode">textual</meta>
<meta property="schema:accessModeSufficient">textual</meta>
<meta property="schema:accessibilityFeature">alternativeText</meta>
<meta property="schema:accessibilityHazard">none</meta>
<meta property="schema:accessibilitySummary">Everything is text.</meta>
</metadata>
<manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="one" href="one.xhtml" media-type="application/xhtml+xml"/>
<item id="lamp" href="lamp.png" media-type="image/png"/>
</manifest>
<spine><itemref idref="one"/></spine>
</package>
"""
PAGE = """<?xml version="1.0" encoding="UTF-8"?>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="en" xml:lang="en">
<head><title>{title}</title></head>
<body>
{body}
</body>
</html>
"""
NAV = '<nav epub:type="toc"><h1>Contents</h1><ol><li><a href="one.xhtml#top">Lamps</a></li></ol></nav>'
ONE = """<h1 id="top">Lamps</h1>
<p>A lamp, <a href="#two">further down</a>.</p>
<p><img src="lamp.png" alt="A lamp"/></p>
<h2 id="two">Oil</h2>
<table><tr><th>Oil</th><th>Hours</th></tr><tr><td>whale</td><td>3</td></tr></table>
<p>End.</p>"""
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
)


def book() -> Files:
    return {
        "mimetype": b"application/epub+zip",
        "META-INF/container.xml": CONTAINER.encode(),
        "EPUB/book.opf": PACKAGE.encode(),
        "EPUB/nav.xhtml": PAGE.format(title="Contents", body=NAV).encode(),
        "EPUB/one.xhtml": PAGE.format(title="Lamps", body=ONE).encode(),
        "EPUB/lamp.png": PIXEL,
    }


def packed(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def replaced(name: str, old: str, new: str) -> Change:
    def change(files: Files) -> None:
        assert old.encode() in files[name], (name, old)
        files[name] = files[name].replace(old.encode(), new.encode(), 1)

    return change


def removed(name: str) -> Change:
    return lambda files: files.__delitem__(name) if name in files else None


def added(name: str, data: bytes = b"") -> Change:
    return lambda files: files.update({name: data})


def last_in_zip(files: Files) -> None:
    files["mimetype"] = files.pop("mimetype")


OPF, TEXT, NAVIGATION = "EPUB/book.opf", "EPUB/one.xhtml", "EPUB/nav.xhtml"
META = '<meta property="schema:{}">'
NCX_ITEM = '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
NCX = """<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1"><head><meta name="dtb:uid" content="other"/></head>
<docTitle><text>Lamps</text></docTitle><navMap><navPoint id="n1"><navLabel><text>Lamps</text></navLabel>
<content src="one.xhtml"/></navPoint></navMap></ncx>"""


def with_ncx(files: Files) -> None:
    added("EPUB/toc.ncx", NCX.encode())(files)
    replaced(OPF, "</manifest>\n<spine>", f'{NCX_ITEM}</manifest>\n<spine toc="ncx">')(files)


EPUB_BREAKS: dict[str, Change] = {
    "mimetype": last_in_zip,
    "container": replaced("META-INF/container.xml", "EPUB/book.opf", "EPUB/other.opf"),
    "not-well-formed": replaced(TEXT, "<p>End.</p>", "<p>End."),
    "encrypted": added("META-INF/encryption.xml", b'<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"/>'),
    "no-title": replaced(OPF, "<dc:title>Lamps</dc:title>", ""),
    "no-language": replaced(OPF, "<dc:language>en</dc:language>", ""),
    "wrong-language": replaced(OPF, ">en</dc:language>", ">english language</dc:language>"),
    "no-identifier": replaced(OPF, 'unique-identifier="id"', 'unique-identifier="other"'),
    "no-modified": replaced(OPF, '<meta property="dcterms:modified">2026-01-02T03:04:05Z</meta>', ""),
    "resource-missing": removed("EPUB/lamp.png"),
    "resource-unlisted": added("EPUB/other.png", PIXEL),
    "item-twice": replaced(OPF, "</manifest>", '<item id="again" href="lamp.png" media-type="image/png"/></manifest>'),
    "spine": replaced(OPF, "</spine>", '<itemref idref="nothing"/></spine>'),
    "spine-foreign": replaced(OPF, "</spine>", '<itemref idref="lamp"/></spine>'),
    "no-navigation": replaced(OPF, ' properties="nav"', ""),
    "navigation-empty": replaced(NAVIGATION, '<li><a href="one.xhtml#top">Lamps</a></li>', ""),
    "ncx-identifier": with_ncx,
    "document-title": replaced(TEXT, "<title>Lamps</title>", ""),
    "id-twice": replaced(TEXT, '<h2 id="two">', '<h2 id="top">'),
    "link-broken": replaced(TEXT, 'href="#two"', 'href="three.xhtml"'),
    "link-unlisted": lambda files: [
        added("EPUB/three.xhtml", files[TEXT])(files), replaced(TEXT, 'href="#two"', 'href="three.xhtml"')(files)
    ],
    "fragment-broken": replaced(TEXT, 'href="#two"', 'href="#nowhere"'),
    "remote-resource": replaced(TEXT, 'src="lamp.png"', 'src="https://lamps.example/lamp.png"'),
    "image-alt": replaced(TEXT, ' alt="A lamp"', ""),
    "formula-alt": replaced(TEXT, "<p>End.</p>", '<p><math xmlns="http://www.w3.org/1998/Math/MathML"/></p>'),
    "html-has-lang": replaced(TEXT, ' lang="en" xml:lang="en"', ""),
    "link-name": replaced(TEXT, ">further down</a>", "></a>"),
    "empty-heading": replaced(TEXT, ">Oil</h2>", "></h2>"),
    "heading-order": lambda files: files.update({TEXT: files[TEXT].replace(b"h2", b"h4")}),
    "table-head": lambda files: files.update({TEXT: files[TEXT].replace(b"th>", b"td>")}),
    **{
        f"metadata-{name.lower()}": replaced(OPF, META.format(name), '<meta property="dcterms:subject">')
        for name in ("accessMode", "accessModeSufficient", "accessibilityFeature", "accessibilityHazard", "accessibilitySummary")
    },
}  # fmt: skip

TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Default Extension="png" ContentType="image/png"/>
<Override PartName="/word/document.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>
<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>
<Override PartName="/word/footnotes.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"/>
<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>
</Types>"""
RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
RELATION = '<Relationship Id="{}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" Target="{}"{}/>'
CORE_RELATION = (
    '<Relationship Id="r2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"'
    ' Target="docProps/core.xml"/>'
)
EXTERNAL = ' TargetMode="External"'
CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Lamps</dc:title></cp:coreProperties>'
)
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
STYLES = (
    f'<w:styles {W}><w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="en-GB"/></w:rPr></w:rPrDefault></w:docDefaults>'
    + "".join(
        f'<w:style w:type="paragraph" w:styleId="H{level}"><w:name w:val="heading {level}"/>'
        f'<w:pPr><w:outlineLvl w:val="{level - 1}"/></w:pPr></w:style>'
        for level in (1, 2, 3)
    )
    + "</w:styles>"
)
NOTES = f'<w:footnotes {W}><w:footnote w:id="2"><w:p><w:r><w:t>A note.</w:t></w:r></w:p></w:footnote></w:footnotes>'
PICTURE = (
    '<w:p><w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="9525" cy="9525"/>'
    '<wp:docPr id="1" name="lamp" descr="A lamp"/><a:graphic><a:graphicData'
    ' uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="1" name="lamp"/>'
    '<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="r3"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
    '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="9525" cy="9525"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
    "</pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
)
CELL = '<w:tc><w:tcPr><w:tcW w:w="2000" w:type="dxa"/></w:tcPr><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>'
DOCUMENT = (
    f'<w:document {W} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><w:body>'
    '<w:p><w:pPr><w:pStyle w:val="H1"/></w:pPr><w:bookmarkStart w:id="0" w:name="top"/><w:bookmarkEnd w:id="0"/>'
    "<w:r><w:t>Lamps</w:t></w:r></w:p>"
    '<w:p><w:r><w:t>Text</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r>'
    '<w:hyperlink w:anchor="top"><w:r><w:t>up</w:t></w:r></w:hyperlink>'
    '<w:hyperlink r:id="r4"><w:r><w:t>away</w:t></w:r></w:hyperlink></w:p>'
    + PICTURE
    + '<w:p><w:pPr><w:pStyle w:val="H2"/></w:pPr><w:r><w:t>Oil</w:t></w:r></w:p>'
    '<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid><w:gridCol w:w="2000"/></w:tblGrid>'
    f"<w:tr><w:trPr><w:tblHeader/></w:trPr>{CELL.format('Oil')}</w:tr><w:tr>{CELL.format('whale')}</w:tr></w:tbl>"
    "<w:p/></w:body></w:document>"
)
MAIN, RELS = "word/document.xml", "word/_rels/document.xml.rels"


def letter() -> Files:
    return {
        "[Content_Types].xml": TYPES.encode(),
        "_rels/.rels": RELATIONS.format(RELATION.format("r1", "officeDocument", MAIN, "") + CORE_RELATION).encode(),
        "docProps/core.xml": CORE.encode(),
        MAIN: DOCUMENT.encode(),
        "word/styles.xml": STYLES.encode(),
        "word/footnotes.xml": NOTES.encode(),
        "word/media/lamp.png": PIXEL,
        RELS: RELATIONS.format(
            RELATION.format("r1", "styles", "styles.xml", "")
            + RELATION.format("r2", "footnotes", "footnotes.xml", "")
            + RELATION.format("r3", "image", "media/lamp.png", "")
            + RELATION.format("r4", "hyperlink", "https://lamps.example/", EXTERNAL)
        ).encode(),
    }


DOCX_BREAKS: dict[str, Change] = {
    "main-part": replaced("_rels/.rels", "/officeDocument\"", "/other\""),
    "not-well-formed": replaced("word/styles.xml", "</w:styles>", ""),
    "part-without-type": added("word/lamp.oil", b"oil"),
    "target-missing": removed("word/media/lamp.png"),
    "relationship-twice": replaced(RELS, 'Id="r4"', 'Id="r3"'),
    "relationship-unknown": replaced(MAIN, 'r:embed="r3"', 'r:embed="r9"'),
    "note-missing": replaced(MAIN, '<w:footnoteReference w:id="2"/>', '<w:footnoteReference w:id="7"/>'),
    "link-broken": replaced(MAIN, 'w:anchor="top"', 'w:anchor="nowhere"'),
    "link-invalid": replaced(RELS, "https://lamps.example/", "https:///lamps"),
    "no-title": replaced("docProps/core.xml", "<dc:title>Lamps</dc:title>", ""),
    "no-language": replaced("word/styles.xml", '<w:lang w:val="en-GB"/>', ""),
    "image-alt": replaced(MAIN, ' descr="A lamp"', ""),
    "table-head": replaced(MAIN, "<w:tblHeader/>", ""),
    "heading-order": replaced(MAIN, '<w:pStyle w:val="H2"/>', '<w:pStyle w:val="H3"/>'),
    "empty-heading": replaced(MAIN, "<w:t>Oil</w:t></w:r></w:p><w:tbl>", "<w:t></w:t></w:r></w:p><w:tbl>"),
    "link-name": replaced(MAIN, "<w:t>away</w:t>", "<w:t></w:t>"),
    "macros": added("word/vbaProject.bin", b"x"),
    "changes": replaced(MAIN, "<w:p/></w:body>", '<w:p><w:ins w:id="9" w:author="A"/></w:p></w:body>'),
}  # fmt: skip


def broken(files: Files, change: Change) -> bytes:
    change(files)
    return packed(files)
