"""A house's Word template as another program would save it: 12 styles with identifiers in German, a header with a logo."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from service.containers.packages import pack

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
LOGO = Path(__file__).parents[3] / "examples" / "images" / "colophon.png"
# Name, identifier, kind, based on, colour, size in half points, further properties of the paragraph.
STYLES = (
    ("Normal", "Standard", "paragraph", "", "222222", 22, ""),
    ("Body Text", "Textkoerper", "paragraph", "Standard", "222222", 22, '<w:spacing w:after="120"/>'),
    ("Title", "Titel", "paragraph", "Standard", "8A1538", 56, '<w:jc w:val="center"/>'),
    ("Subtitle", "Untertitel", "paragraph", "Standard", "8A1538", 30, '<w:jc w:val="center"/>'),
    ("heading 1", "berschrift1", "paragraph", "Standard", "8A1538", 36,
     '<w:numPr><w:numId w:val="7"/></w:numPr><w:outlineLvl w:val="0"/>'),
    ("heading 2", "berschrift2", "paragraph", "Standard", "8A1538", 28,
     '<w:numPr><w:ilvl w:val="1"/><w:numId w:val="7"/></w:numPr><w:outlineLvl w:val="1"/>'),
    ("Quote", "Zitat", "paragraph", "Standard", "555555", 22, '<w:ind w:left="800"/>'),
    ("Source Code", "Quelltext", "paragraph", "Standard", "00501E", 18, '<w:shd w:val="clear" w:fill="EEF6EE"/>'),
    ("caption", "Beschriftung", "paragraph", "Standard", "777777", 18, ""),
    ("Callout Note", "Hinweis", "paragraph", "Standard", "003366", 22, '<w:ind w:left="300"/>'),
    ("header", "Kopfzeile", "paragraph", "Standard", "8A1538", 16, ""),
    ("Hyperlink", "Link", "character", "", "8A1538", 22, ""),
)  # fmt: skip


def template(changed: Mapping[str, bytes | None] | None = None) -> bytes:
    """The template; `changed` are parts to add or replace, None to leave one out."""
    parts = {
        "[Content_Types].xml": _types(),
        "_rels/.rels": _relations({"rId1": ("officeDocument", "word/document.xml")}),
        "word/document.xml": _document(),
        "word/styles.xml": _styles(),
        "word/numbering.xml": _numbering(),
        "word/theme/theme1.xml": _theme(),
        "word/settings.xml": f"<w:settings {W}><w:zoom w:percent='90'/><w:evenAndOddHeaders/></w:settings>".encode(),
        "word/header3.xml": _header(),
        "word/footer3.xml": f"<w:ftr {W}><w:p><w:r><w:t>The House, page </w:t></w:r>"
        "<w:fldSimple w:instr='PAGE'><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p></w:ftr>".encode(),
        "word/media/logo.png": LOGO.read_bytes(),
        "word/_rels/header3.xml.rels": _relations({"rId1": ("image", "media/logo.png")}),
        "word/_rels/document.xml.rels": _relations(
            {
                "rId1": ("styles", "styles.xml"), "rId2": ("numbering", "numbering.xml"), "rId3": ("theme", "theme/theme1.xml"),
                "rId4": ("header", "header3.xml"), "rId5": ("footer", "footer3.xml"), "rId6": ("settings", "settings.xml"),
            }
        ),
    }  # fmt: skip
    found = parts | dict(changed or {})
    return pack({name: data for name, data in found.items() if data is not None})


def template_part(name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(template())) as archive:
        return archive.read(name)


def relations(each: Mapping[str, tuple[str, str]], outside: bool = True) -> bytes:
    """A part of relationships that lead out of the file."""
    return _relations(each, " TargetMode='External'" if outside else "")


def _relations(each: Mapping[str, tuple[str, str]], mode: str = "") -> bytes:
    rows = "".join(f"<Relationship Id='{key}' Type='{KIND}/{kind}' Target='{to}'{mode}/>" for key, (kind, to) in each.items())
    return f"<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>{rows}</Relationships>".encode()


def _types() -> bytes:
    named = {"document.main": "document", "styles": "styles", "numbering": "numbering", "settings": "settings",
             "header": "header3", "footer": "footer3"}  # fmt: skip
    rows = "".join(f"<Override PartName='/word/{name}.xml' ContentType='{WORD}.{kind}+xml'/>" for kind, name in named.items())
    rows += "<Override PartName='/word/theme/theme1.xml' ContentType='application/vnd.openxmlformats-officedocument.theme+xml'/>"
    usual = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml", "png": "image/png"}
    rows = "".join(f"<Default Extension='{key}' ContentType='{kind}'/>" for key, kind in usual.items()) + rows
    return f"<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'>{rows}</Types>".encode()


def _styles() -> bytes:
    rows = []
    for name, identifier, kind, base, colour, size, more in STYLES:
        based = f'<w:basedOn w:val="{base}"/>' if base else ""
        default = ' w:default="1"' if name == "Normal" else ""
        look = f"<w:pPr>{more}</w:pPr>" if more else ""
        rows.append(
            f'<w:style w:type="{kind}"{default} w:styleId="{identifier}"><w:name w:val="{name}"/>{based}{look}'
            f'<w:rPr><w:color w:val="{colour}"/><w:sz w:val="{size}"/></w:rPr></w:style>'
        )
    defaults = (
        '<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:asciiTheme="minorHAnsi" w:hAnsiTheme="minorHAnsi"/>'
        '<w:sz w:val="22"/></w:rPr></w:rPrDefault></w:docDefaults>'
    )
    return f"<w:styles {W}>{defaults}{''.join(rows)}</w:styles>".encode()


def _numbering() -> bytes:
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="berschrift{level + 1}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for level, text in enumerate(("§ %1", "%1.%2"))
    )
    abstract = f'<w:abstractNum w:abstractNumId="3"><w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
    return f'<w:numbering {W}>{abstract}<w:num w:numId="7"><w:abstractNumId w:val="3"/></w:num></w:numbering>'.encode()


def _document() -> bytes:
    section = (
        '<w:sectPr><w:headerReference w:type="default" r:id="rId4"/><w:footerReference w:type="default" r:id="rId5"/>'
        '<w:pgSz w:w="12240" w:h="15840"/>'
        '<w:pgMar w:top="2000" w:right="1300" w:bottom="1500" w:left="1700" w:header="600" w:footer="600" w:gutter="0"/>'
        "</w:sectPr>"
    )
    text = "<w:p><w:r><w:t>Write here.</w:t></w:r></w:p>"
    return f"<w:document {W} {R}><w:body>{text}{section}</w:body></w:document>".encode()


def _header() -> bytes:
    drawing = "http://schemas.openxmlformats.org/drawingml/2006"
    picture = (
        f'<wp:inline xmlns:wp="{drawing}/wordprocessingDrawing"><wp:extent cx="360000" cy="360000"/>'
        '<wp:docPr id="1" name="Logo"/>'
        f'<a:graphic xmlns:a="{drawing}/main"><a:graphicData uri="{drawing}/picture"><pic:pic xmlns:pic="{drawing}/picture">'
        '<pic:nvPicPr><pic:cNvPr id="1" name="logo.png"/><pic:cNvPicPr/></pic:nvPicPr>'
        '<pic:blipFill><a:blip r:embed="rId1"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="360000" cy="360000"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline>'
    )
    title = '<w:p><w:pPr><w:pStyle w:val="Kopfzeile"/></w:pPr><w:r><w:drawing>{}</w:drawing></w:r>'
    return f"<w:hdr {W} {R}>{title.format(picture)}<w:r><w:t>{{title}}</w:t></w:r></w:p></w:hdr>".encode()


def _theme() -> bytes:
    fonts = "".join(
        f'<a:{kind}Font><a:latin typeface="{face}"/><a:ea typeface=""/><a:cs typeface=""/></a:{kind}Font>'
        for kind, face in (("major", "DejaVu Sans"), ("minor", "DejaVu Serif"))
    )
    names = ("dk1", "lt1", "dk2", "lt2", *(f"accent{n}" for n in range(1, 7)), "hlink", "folHlink")
    colours = "".join(f'<a:{name}><a:srgbClr val="8A1538"/></a:{name}>' for name in names)
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>' * 3
    lines = "<a:ln w='6350'><a:solidFill><a:schemeClr val='phClr'/></a:solidFill></a:ln>" * 3
    effects = "<a:effectStyle><a:effectLst/></a:effectStyle>" * 3
    return (
        '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="House"><a:themeElements>'
        f'<a:clrScheme name="House">{colours}</a:clrScheme><a:fontScheme name="House">{fonts}</a:fontScheme>'
        f'<a:fmtScheme name="House"><a:fillStyleLst>{fill}</a:fillStyleLst><a:lnStyleLst>{lines}</a:lnStyleLst>'
        f"<a:effectStyleLst>{effects}</a:effectStyleLst><a:bgFillStyleLst>{fill}</a:bgFillStyleLst></a:fmtScheme>"
        "</a:themeElements></a:theme>"
    ).encode()
