"""Pictures in a DOCX: within the room for them, described or marked as decoration, an SVG next to its PNG.

Word 2016 and LibreOffice show the SVG, older programs the PNG (MS-ODRAWXML, 2.3.3: asvg:svgBlip).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from lxml import etree

from service.containers.packages import parse
from service.model.document import Document
from service.writers.docx.body import EMU_PER_TWIP, PIC, WP, A, R, add_relation, declare_type, w
from service.writers.docx.constructs import DECORATION
from service.writers.docx.schema_order import put

CAPTION = 1690  # twips that an image leaves to its caption
CELL_MARGINS = 2 * 108  # twips
SVG_BLIP = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
DECORATIVE = "http://schemas.microsoft.com/office/drawing/2017/decorative"
DECORATIVE_EXTENSION = "{C183D7F6-B498-43B3-948B-1728B52AA6E4}"


def settle(top: etree._Element, width: int, height: int, rooms: Mapping[etree._Element, int]) -> None:
    """The pictures of a part; `width` and `height` are the room on the page, `rooms` that of table cells, in twips."""
    for paragraph in dict.fromkeys(next(each.iterancestors(w("p"))) for each in top.iter(f"{{{WP}}}inline")):
        _centre(paragraph)
    for drawing in top.iter(f"{{{WP}}}inline"):
        cell = next(drawing.iterancestors(w("tc")), None)
        room = width if cell is None else max(rooms.get(cell, width) - CELL_MARGINS, CELL_MARGINS)
        _fit(drawing, room * EMU_PER_TWIP, max(height - CAPTION, CAPTION) * EMU_PER_TWIP)
        _describe(drawing)
        for side in ("distT", "distB", "distL", "distR"):
            drawing.set(side, "0")  # LibreOffice takes 3 mm for a distance that is not there


def _centre(paragraph: etree._Element) -> None:
    """Pictures without a word next to them stand in the middle, as in the other formats; not in lists, cells and alignment."""
    look = paragraph.find(w("pPr"))
    placed = look is not None and (look.find(w("jc")) is not None or look.find(w("numPr")) is not None)
    alone = not any((text.text or "").strip() for text in paragraph.iter(w("t")))
    if alone and not placed and next(paragraph.iterancestors(w("tc")), None) is None:
        put(paragraph, "pPr", "jc", val="center")


def _fit(inline: etree._Element, width: int, height: int) -> None:
    """No picture is wider than its column or higher than the page."""
    for extent in (*inline.findall(f"{{{WP}}}extent"), *inline.iter(f"{{{A}}}xfrm")):
        size = extent if extent.get("cx") else extent.find(f"{{{A}}}ext")
        if size is None:
            continue
        wide, high = int(size.get("cx", "0")), int(size.get("cy", "0"))
        scale = min(1.0, width / max(wide, 1), height / max(high, 1))
        size.set("cx", str(max(1, int(wide * scale))))
        size.set("cy", str(max(1, int(high * scale))))


def _describe(inline: etree._Element) -> None:
    """The description of the frame is the picture's too: a file name there is nobody's business.

    Decoration is what the author marked as such (`constructs.DECORATION`); a picture without a description claims nothing.
    """
    frame = next(inline.iter(f"{{{WP}}}docPr"), None)
    if frame is None:
        return
    decorates = frame.get("title") == DECORATION
    described = "" if decorates else frame.get("descr", "").strip() or frame.get("title", "").strip()
    if decorates:
        frame.set("title", "")
    frame.set("descr", described)
    for shown in inline.iter(f"{{{PIC}}}cNvPr"):
        shown.set("descr", described)
    if decorates and not len(frame):
        extension = etree.SubElement(etree.SubElement(frame, f"{{{A}}}extLst"), f"{{{A}}}ext", uri=DECORATIVE_EXTENSION)
        etree.SubElement(extension, f"{{{DECORATIVE}}}decorative", {"val": "1"}, nsmap={"adec": DECORATIVE})


def add_vectors(parts: dict[str, bytes], document: Document, top: etree._Element) -> None:
    """Adds the SVGs that the PNGs in word/media were drawn from; `top` is the tree of word/document.xml."""
    vectors = {hashlib.sha256(asset.data).digest(): asset.vector for asset in document.assets.values() if asset.vector}
    names = [name for name in parts if name.startswith("word/media/") and name.endswith(".png")] if vectors else []
    drawn = {name: vector for name in names if (vector := vectors.get(hashlib.sha256(parts[name]).digest()))}
    relations = parts["word/_rels/document.xml.rels"]
    added: dict[str, str] = {}
    for relation in parse(relations) if drawn else ():
        name = f"word/{relation.get('Target', '')}"
        if name in drawn:
            identifier, part = f"{relation.get('Id')}svg", name.removesuffix(".png") + ".svg"
            parts[part] = drawn[name]
            relations = add_relation(relations, identifier, f"{R}/image", part.removeprefix("word/"))
            added[relation.get("Id", "")] = identifier
    if not added:
        return
    parts["word/_rels/document.xml.rels"] = relations
    declare_type(parts, "svg", "image/svg+xml")
    for blip in top.iter(f"{{{A}}}blip"):
        if identifier := added.get(blip.get(f"{{{R}}}embed", ""), ""):
            extension = etree.SubElement(etree.SubElement(blip, f"{{{A}}}extLst"), f"{{{A}}}ext", uri=SVG_EXTENSION)
            etree.SubElement(extension, f"{{{SVG_BLIP}}}svgBlip", {f"{{{R}}}embed": identifier}, nsmap={"asvg": SVG_BLIP})
