"""The body and settings of a DOCX: pandoc's, mended where Word would show them badly or do something on its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from service.containers.packages import parse, serialize
from service.model.text.characters import clipped, legal

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
HYPERLINK = f"{R}/hyperlink"
EMU_PER_TWIP = 635
TEXT_WIDTH, TEXT_HEIGHT = 9072, 13890  # twips
CAPTION = 1690  # what an image leaves to its caption
SAFE_LINKS = ("http:", "https:", "mailto:", "tel:")
# Fonts that the office programs of the region bring along; the reference document has those of zh-Hans.
FONTS: Mapping[str, tuple[str, str, str]] = {
    "zh-Hant": ("PMingLiU", "Microsoft JhengHei", "MingLiU"),
    "ja": ("Yu Mincho", "Yu Gothic", "MS Mincho"),
    "ko": ("Batang", "Malgun Gothic", "BatangChe"),
}
REFERENCE_FONTS = ("SimSun", "Microsoft YaHei", "NSimSun")


def w(name: str) -> str:
    return f"{{{W}}}{name}"


@dataclass(frozen=True, slots=True)
class Tongue:
    """A document's language as Word has it: three slots, by script."""

    tag: str
    row: str  # a row of labels.WORDS, for the fonts
    rtl: bool = False

    @property
    def slots(self) -> dict[str, str]:
        primary = self.tag.split("-")[0].lower()
        east = {"zh-Hans": "zh-CN", "zh-Hant": "zh-TW", "ja": "ja-JP", "ko": "ko-KR"}.get(self.row, "")
        latin = "en-US" if east or self.rtl or primary in {"", "und"} else self.tag
        return {"val": latin, "eastAsia": east or "zh-CN", "bidi": self.tag if self.rtl else "ar-SA"}

    def mark(self, element: etree._Element) -> None:
        for slot, tag in self.slots.items():
            element.set(w(slot), tag)


def styles(data: bytes, reference: bytes, tongue: Tongue) -> bytes:
    """The profile's own styles, `reference`, and of pandoc's, `data`, those that it lacks: for code, or named by the author."""
    top = parse(reference)
    known = {style.get(w("styleId")) for style in top.iter(w("style"))}
    top.extend([style for style in parse(data).iter(w("style")) if style.get(w("styleId")) not in known])
    for lang in top.findall(f"{w('docDefaults')}//{w('lang')}"):
        tongue.mark(lang)
    fonts = dict(zip(REFERENCE_FONTS, FONTS.get(tongue.row, REFERENCE_FONTS), strict=True))
    for element in top.iter(w("rFonts")):
        if (name := element.get(w("eastAsia"))) in fonts:
            element.set(w("eastAsia"), fonts[str(name)])
    return serialize(top)


def settings(data: bytes, tongue: Tongue, mirrored: bool = False) -> bytes:
    """pandoc's settings with the language, and without compatibility mode: no mode at all means Word 2007's layout."""
    top = parse(data)
    for lang in top.iter(w("themeFontLang")):
        tongue.mark(lang)
    for leftover in ("rsids", "savePreviewPicture", "proofState", "doNotTrackMoves", "stylePaneFormatFilter"):
        for element in top.findall(w(leftover)):
            top.remove(element)
    compat = etree.Element(w("compat"))
    setting = etree.SubElement(compat, w("compatSetting"))
    for name, value in (("name", "compatibilityMode"), ("uri", "http://schemas.microsoft.com/office/word"), ("val", "15")):
        setting.set(w(name), value)
    zoom = top.find(w("zoom"))
    if mirrored and zoom is not None:
        zoom.addnext(etree.Element(w("mirrorMargins")))
    follower = next(iter(top.iter(w("themeFontLang"))), None)
    if follower is not None:
        follower.addprevious(compat)  # the schema fixes the order
    return serialize(top)


def running_lines(data: bytes, title: str, source: str) -> bytes:
    """The header with this article's words; long titles are cut, for a header is one line."""
    top = parse(data)
    words = {"{title}": clipped(title, 88 if source else 120), "{source}": clipped(source, 40)}
    for element in top.iter(w("t")):
        if element.text in words:
            element.text = legal(words[element.text])
    return serialize(top)


def body(data: bytes, width: int, height: int) -> bytes:
    """A part with text; `width` and `height` are the room for it on the page, in twips."""
    top = parse(data)
    for table in top.iter(w("tbl")):
        _steady_table(table, width)
    for drawing in top.iter(f"{{{WP}}}inline"):
        _fit_image(drawing, width * EMU_PER_TWIP, max(height - CAPTION, CAPTION) * EMU_PER_TWIP)
    return serialize(top)


def _steady_table(table: etree._Element, room: int) -> None:
    """Rows don't break across pages; a table with long cells takes the text's width and no more, as do its columns."""
    columns = list(table.iter(w("gridCol")))
    share = room / max(1, *(sum(int(column.get(w("w"), "0")) for column in columns), room))
    for column in columns if share < 1 else ():
        column.set(w("w"), str(int(int(column.get(w("w"), "0")) * share)))
    for row in table.findall(w("tr")):
        look = row.find(w("trPr"))
        if look is None:
            look = etree.Element(w("trPr"))
            row.insert(0, look)
        if look.find(w("cantSplit")) is None and sum(len(text) for text in _texts(row)) < 1200:
            look.insert(0, etree.Element(w("cantSplit")))
    width = table.find(f"{w('tblPr')}/{w('tblW')}")
    widest = max((sum(len(text) for text in _texts(row)) for row in table.findall(w("tr"))), default=0)
    if width is not None and widest > 60:
        width.set(w("type"), "pct")
        width.set(w("w"), "5000")


def _texts(row: etree._Element) -> list[str]:
    return [element.text or "" for element in row.iter(w("t"))]


def _fit_image(inline: etree._Element, width: int, height: int) -> None:
    """No image is wider than its column or higher than the page; its file name is nobody's business."""
    room = width
    for ancestor in inline.iterancestors(w("tr")):
        room //= max(1, len(ancestor.findall(w("tc"))))
    extents = [*inline.findall(f"{{{WP}}}extent"), *inline.iter(f"{{{A}}}ext")]
    for extent in extents:
        wide, high = int(extent.get("cx", "0")), int(extent.get("cy", "0"))
        scale = min(1.0, room / max(wide, 1), height / max(high, 1))
        extent.set("cx", str(max(1, int(wide * scale))))
        extent.set("cy", str(max(1, int(high * scale))))
    for shown in inline.iter(f"{{{PIC}}}cNvPr"):
        shown.set("descr", next((frame.get("descr", "") for frame in inline.iter(f"{{{WP}}}docPr")), ""))


def unsafe_links(relations: bytes) -> dict[str, str]:
    """Relationships that lead out of the file and are not links of a kind that we let stand: id → target."""
    return {
        relation.get("Id", ""): relation.get("Target", "")
        for relation in parse(relations).iter(f"{{{RELATIONS}}}Relationship")
        if relation.get("TargetMode") == "External"
        and not (relation.get("Type") == HYPERLINK and relation.get("Target", "").lower().startswith(SAFE_LINKS))
    }


def unlink(data: bytes, identifiers: frozenset[str]) -> bytes:
    """A part without the hyperlinks of these relationships; their text stays."""
    top = parse(data)
    for element in list(top.iter(w("hyperlink"))):
        if element.get(f"{{{R}}}id") in identifiers:
            element.attrib.pop(f"{{{R}}}id")
    return serialize(top)


def drop_relations(data: bytes, identifiers: frozenset[str]) -> bytes:
    top = parse(data)
    for relation in list(top):
        if relation.get("Id") in identifiers:
            top.remove(relation)
    return serialize(top)


def add_relation(data: bytes, identifier: str, kind: str, target: str) -> bytes:
    top = parse(data)
    etree.SubElement(top, f"{{{RELATIONS}}}Relationship", Id=identifier, Type=kind, Target=target)
    return serialize(top)


def is_header(name: str) -> bool:
    return re.fullmatch(r"word/header\d+\.xml", name) is not None
