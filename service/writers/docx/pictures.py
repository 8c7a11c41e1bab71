"""Pictures in a DOCX: fitted to their space, described or marked as decoration, an SVG next to its PNG.

Word 2016 and LibreOffice show the SVG, older programs the PNG (MS-ODRAWXML, 2.3.3: asvg:svgBlip).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from lxml import etree

from service.containers.packages import parse
from service.model import picture_rows
from service.model.document import Document
from service.writers.docx.body import EMU_PER_TWIP, PIC, WP, A, R, add_relation, declare_type, w
from service.writers.docx.constructs import DECORATION
from service.writers.docx.regions import SIDE, TEXT_STYLES
from service.writers.docx.schema_order import put
from service.writers.docx.stylesheet import style_of

CAPTION = 1690  # twips that an image leaves for its caption
CELL_MARGINS = 2 * 108  # twips
TWIPS_PER_PIXEL = 15
FLOAT_SHARE = 0.6  # share of the text width that a picture at one side may have
MISSING_IMAGE_STYLE = "MissingImage"
SIDE_GAP = 144_000  # EMU between such a picture and the text: 4 mm
SVG_BLIP = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
DECORATIVE = "http://schemas.microsoft.com/office/drawing/2017/decorative"
DECORATIVE_EXTENSION = "{C183D7F6-B498-43B3-948B-1728B52AA6E4}"


def settle(top: etree._Element, width: int, height: int, rooms: Mapping[etree._Element, int]) -> None:
    """The pictures of a part; `width` and `height` are the text area, `rooms` the widths of table cells, in twips."""
    for paragraph in dict.fromkeys(next(each.iterancestors(w("p"))) for each in top.iter(f"{{{WP}}}inline")):
        if _is_alone(paragraph):
            _set_side_by_side(paragraph, width)
            _centre(paragraph)
    for paragraph in dict.fromkeys(next(each.iterancestors(w("p"))) for each in top.iter(w("r")) if _is_missing(each)):
        if all(_is_missing(each) for each in paragraph.iter(w("r")) if "".join(map(str, each.itertext())).strip()):
            _centre(paragraph)
    for drawing in list(top.iter(f"{{{WP}}}inline")):
        cell = next(drawing.iterancestors(w("tc")), None)
        room = width if cell is None else max(rooms.get(cell, width) - CELL_MARGINS, CELL_MARGINS)
        frame = next(drawing.iterancestors(w("p"))).find(f"{w('pPr')}/{w('framePr')}")
        side = str(drawing.attrib.pop(SIDE, ""))
        if cell is None and (side or frame is not None):
            room = round(room * FLOAT_SHARE)
        _fit(drawing, room * EMU_PER_TWIP, max(height - CAPTION, CAPTION) * EMU_PER_TWIP)
        _describe(drawing)
        for distance in ("distT", "distB", "distL", "distR"):
            drawing.set(distance, "0")  # LibreOffice uses 3 mm for a missing distance
        if frame is not None:
            _set_width_of_frame(drawing)
        elif side and cell is None:
            _anchor(drawing, side)


def _is_alone(paragraph: etree._Element) -> bool:
    """Whether there is no word next to its pictures."""
    return not any((text.text or "").strip() for text in paragraph.iter(w("t")))


def _is_missing(run: etree._Element) -> bool:
    """Whether it is the placeholder of a picture."""
    style = run.find(f"{w('rPr')}/{w('rStyle')}")
    return style is not None and style.get(w("val")) == MISSING_IMAGE_STYLE


def _set_side_by_side(paragraph: etree._Element, width: int) -> None:
    """Pictures that are in one line of the source are in one line here."""
    lines: list[list[etree._Element]] = [[]]
    for each in paragraph.iter(f"{{{WP}}}inline", w("br")):
        if each.tag == w("br"):
            lines.append([])
        elif SIDE not in each.attrib:
            lines[-1].append(each)
    for line in lines:
        sizes = [_size(each) for each in line]
        found = picture_rows.fitted(sizes, width / TWIPS_PER_PIXEL)
        for each, (old, _), (new, _) in zip(line, sizes, (size for row in found for size in row), strict=False):
            _scale(each, new / old)


def _size(inline: etree._Element) -> picture_rows.Size:
    """In pixels."""
    extent = next(inline.iter(f"{{{WP}}}extent"))
    wide, high = (max(int(extent.get(name, "0")), 1) / EMU_PER_TWIP / TWIPS_PER_PIXEL for name in ("cx", "cy"))
    return wide, high


def _anchor(inline: etree._Element, side: str) -> None:
    """Moves the picture out of the line to one side, with text next to it (ECMA-376 part 1, 20.4.2.3)."""
    inline.tag = f"{{{WP}}}anchor"
    around = {"distL": SIDE_GAP if side == "right" else 0, "distR": SIDE_GAP if side == "left" else 0, "distB": SIDE_GAP // 2}
    flags = {"simplePos": 0, "relativeHeight": 2, "behindDoc": 0, "locked": 0, "layoutInCell": 1, "allowOverlap": 0}
    for name, value in (around | flags).items():
        inline.set(name, str(value))
    place = etree.Element(f"{{{WP}}}simplePos", x="0", y="0")
    across = etree.Element(f"{{{WP}}}positionH", relativeFrom="column")
    etree.SubElement(across, f"{{{WP}}}align").text = side
    down = etree.Element(f"{{{WP}}}positionV", relativeFrom="paragraph")
    etree.SubElement(down, f"{{{WP}}}posOffset").text = "0"
    inline[:0] = [place, across, down]
    before = inline.find(f"{{{WP}}}effectExtent")
    before = inline.find(f"{{{WP}}}extent") if before is None else before
    if before is not None:
        before.addnext(etree.Element(f"{{{WP}}}wrapSquare", wrapText="bothSides"))
    _join_text(next(inline.iterancestors(w("p"))))


def _join_text(paragraph: etree._Element) -> None:
    """Moves the pictures of a paragraph with nothing but pictures at a side into the next paragraph."""
    following = paragraph.getnext()
    if not _is_alone(paragraph) or next(paragraph.iter(f"{{{WP}}}inline"), None) is not None:
        return
    if following is None or following.tag != w("p") or style_of(following) not in TEXT_STYLES or _is_alone(following):
        return
    look = following.find(w("pPr"))
    at = 0 if look is None else following.index(look) + 1
    following[at:at] = [each for each in paragraph if each.tag != w("pPr")]
    parent = paragraph.getparent()
    if parent is not None:
        parent.remove(paragraph)


def _set_width_of_frame(inline: etree._Element) -> None:
    """Sets the width of a frame, and of its caption, to that of its picture."""
    width = str(round(_size(inline)[0] * TWIPS_PER_PIXEL))
    paragraph: etree._Element | None = next(inline.iterancestors(w("p")))
    while paragraph is not None and (each := paragraph.find(f"{w('pPr')}/{w('framePr')}")) is not None:
        each.set(w("w"), width)
        paragraph = paragraph.getnext()


def _centre(paragraph: etree._Element) -> None:
    """Centres the paragraph, as in the other formats; not in lists, cells and aligned blocks."""
    look = paragraph.find(w("pPr"))
    placed = look is not None and (look.find(w("jc")) is not None or look.find(w("numPr")) is not None)
    if not placed and next(paragraph.iterancestors(w("tc")), None) is None:
        put(paragraph, "pPr", "jc", val="center")


def _fit(inline: etree._Element, width: int, height: int) -> None:
    """No picture is wider than its column or higher than the page."""
    for size in _extents(inline):
        wide, high = int(size.get("cx", "0")), int(size.get("cy", "0"))
        _scale_one(size, min(1.0, width / max(wide, 1), height / max(high, 1)))


def _scale(inline: etree._Element, factor: float) -> None:
    for extent in _extents(inline):
        _scale_one(extent, factor)


def _extents(inline: etree._Element) -> Iterator[etree._Element]:
    """The elements with the picture's size in EMU."""
    for extent in (*inline.findall(f"{{{WP}}}extent"), *inline.iter(f"{{{A}}}xfrm")):
        size = extent if extent.get("cx") else extent.find(f"{{{A}}}ext")
        if size is not None:
            yield size


def _scale_one(size: etree._Element, factor: float) -> None:
    for name in ("cx", "cy"):
        size.set(name, str(max(1, int(int(size.get(name, "0")) * factor))))


def _describe(inline: etree._Element) -> None:
    """Copies the description of the frame to the picture, which would otherwise show a file name.

    The author marks decoration (`constructs.DECORATION`). A picture without a description claims nothing.
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
