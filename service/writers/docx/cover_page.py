"""The cover of a DOCX: an image from edge to edge on its own page, before the title."""

from __future__ import annotations

from lxml import etree

from service.containers.packages import parse, serialize
from service.model.document import Asset
from service.model.text.characters import legal
from service.writers.docx.body import EMU_PER_TWIP, PIC, WP, A, R, add_relation, declare_type, w

RELATION, NAME, IDENTIFIER = "word/_rels/document.xml.rels", "word/media/cover", "rIdCover"
SUFFIXES = {"image/png": "png", "image/jpeg": "jpeg", "image/gif": "gif"}
MEDIA_TYPES = frozenset(SUFFIXES)


def add(parts: dict[str, bytes], cover: Asset, title: str) -> None:
    """Puts the cover before everything else; `cover` is of MEDIA_TYPES."""
    suffix = SUFFIXES[cover.media_type]
    parts[f"{NAME}.{suffix}"] = cover.data
    parts[RELATION] = add_relation(parts[RELATION], IDENTIFIER, f"{R}/image", f"media/cover.{suffix}")
    declare_type(parts, suffix, cover.media_type)
    top = parse(parts["word/document.xml"])
    body, size = next(top.iter(w("body"))), next(top.iter(w("pgSz")))
    wide, high = (int(size.get(w(side), "0")) * EMU_PER_TWIP for side in "wh")
    _break_before(next(body.iter(w("p"))))
    body.insert(0, _paragraph(wide, high, legal(title)))
    parts["word/document.xml"] = serialize(top)


def _break_before(paragraph: etree._Element) -> None:
    properties = paragraph.find(w("pPr"))
    if properties is None:
        properties = etree.Element(w("pPr"))
        paragraph.insert(0, properties)
    style = properties.find(w("pStyle"))
    properties.insert(0 if style is None else 1, etree.Element(w("pageBreakBefore")))


def _paragraph(wide: int, high: int, title: str) -> etree._Element:
    paragraph = etree.Element(w("p"))
    drawing = etree.SubElement(etree.SubElement(paragraph, w("r")), w("drawing"))
    anchor = etree.SubElement(drawing, f"{{{WP}}}anchor", {
        "distT": "0", "distB": "0", "distL": "0", "distR": "0", "simplePos": "0", "relativeHeight": "251659264",
        "behindDoc": "0", "locked": "1", "layoutInCell": "1", "allowOverlap": "1",
    })  # fmt: skip
    etree.SubElement(anchor, f"{{{WP}}}simplePos", x="0", y="0")
    for name, axis in (("positionH", "page"), ("positionV", "page")):
        position = etree.SubElement(anchor, f"{{{WP}}}{name}", relativeFrom=axis)
        etree.SubElement(position, f"{{{WP}}}posOffset").text = "0"
    etree.SubElement(anchor, f"{{{WP}}}extent", cx=str(wide), cy=str(high))
    etree.SubElement(anchor, f"{{{WP}}}wrapTopAndBottom")
    etree.SubElement(anchor, f"{{{WP}}}docPr", id="900001", name="Cover", descr=title)
    graphic = etree.SubElement(anchor, f"{{{A}}}graphic", nsmap={"a": A})
    data = etree.SubElement(graphic, f"{{{A}}}graphicData", uri=PIC)
    data.append(_picture(wide, high, title))
    return paragraph


def _picture(wide: int, high: int, title: str) -> etree._Element:
    picture = etree.Element(f"{{{PIC}}}pic", nsmap={"pic": PIC})
    about = etree.SubElement(picture, f"{{{PIC}}}nvPicPr")
    etree.SubElement(about, f"{{{PIC}}}cNvPr", id="0", name="Cover", descr=title)
    etree.SubElement(about, f"{{{PIC}}}cNvPicPr")
    fill = etree.SubElement(picture, f"{{{PIC}}}blipFill")
    etree.SubElement(fill, f"{{{A}}}blip").set(f"{{{R}}}embed", IDENTIFIER)
    etree.SubElement(etree.SubElement(fill, f"{{{A}}}stretch"), f"{{{A}}}fillRect")
    shape = etree.SubElement(picture, f"{{{PIC}}}spPr")
    place = etree.SubElement(shape, f"{{{A}}}xfrm")
    etree.SubElement(place, f"{{{A}}}off", x="0", y="0")
    etree.SubElement(place, f"{{{A}}}ext", cx=str(wide), cy=str(high))
    etree.SubElement(etree.SubElement(shape, f"{{{A}}}prstGeom", prst="rect"), f"{{{A}}}avLst")
    return picture
