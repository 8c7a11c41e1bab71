"""Styles, settings and relationships of a DOCX: pandoc's, with corrections where Word would show or change them badly."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from service.containers.packages import parse, serialize
from service.model.siblings import PRODUCED
from service.model.text.characters import clipped, legal

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
HYPERLINK = f"{R}/hyperlink"
EMU_PER_TWIP = 635
TEXT_WIDTH, TEXT_HEIGHT = 8402, 13890  # twips
SAFE_LINKS = ("http:", "https:", "mailto:", "tel:")
# Fonts of the office programs of the region; the reference document has those of zh-Hans.
FONTS: Mapping[str, tuple[str, str, str]] = {
    "zh-Hant": ("PMingLiU", "Microsoft JhengHei", "MingLiU"),
    "ja": ("Yu Mincho", "Yu Gothic", "MS Mincho"),
    "ko": ("Batang", "Malgun Gothic", "BatangChe"),
}
STRAIGHT = frozenset({"zh-Hans", "zh-Hant", "ja"})  # both edges straight, and punctuation compressed
# Elements of pandoc's settings that must be before w:mirrorMargins (ECMA-376 part 1, 17.15.1.78).
BEFORE_MIRRORING = ("zoom", "embedTrueTypeFonts", "embedSystemFonts", "saveSubsetFonts", "saveFormsData")
REFERENCE_FONTS = ("SimSun", "Microsoft YaHei", "NSimSun")


def w(name: str) -> str:
    return f"{{{W}}}{name}"


@dataclass(frozen=True, slots=True)
class Tongue:
    """A document's language in the form of Word: three slots, by script."""

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


def styles(data: bytes, reference: bytes, tongue: Tongue, obeyed: bool = False) -> bytes:
    """The profile's styles, `reference`, with those of pandoc's, `data`, that it lacks: for code, or named by the author.

    `applied`: they are the caller's, and only the language is changed.
    """
    top = parse(reference)
    known = {style.get(w("styleId")) for style in top.iter(w("style"))}
    top.extend([style for style in parse(data).iter(w("style")) if style.get(w("styleId")) not in known])
    for lang in top.findall(f"{w('docDefaults')}//{w('lang')}"):
        tongue.mark(lang)
    if obeyed:
        return serialize(top)
    fonts = dict(zip(REFERENCE_FONTS, FONTS.get(tongue.row, REFERENCE_FONTS), strict=True))
    for element in top.iter(w("rFonts")):
        if (name := element.get(w("eastAsia"))) in fonts:
            element.set(w("eastAsia"), fonts[str(name)])
    if tongue.row in STRAIGHT:
        for style in top.iter(w("style")):
            if style.get(w("styleId")) == "BodyText" and style.find(f"{w('pPr')}/{w('jc')}") is None:
                look = style.find(w("pPr"))
                if look is not None:
                    etree.SubElement(look, w("jc")).set(w("val"), "both")  # the last, as the style has no outline level
    if tongue.rtl:
        _mirror_bars(top)
    return serialize(top)


def _mirror_bars(top: etree._Element) -> None:
    """Borders are sides of the page, but indents are ends of the line: in Arabic a bar before the text is at its right."""
    for borders in top.iter(w("pBdr")):
        left, right = borders.find(w("left")), borders.find(w("right"))
        if left is not None and right is None:
            left.tag = w("right")
            borders.append(left)  # the order is top, left, bottom, right


def settings(data: bytes, tongue: Tongue, mirrored: bool = False) -> bytes:
    """pandoc's settings with the language, and with a compatibility mode, because no mode means Word 2007's layout."""
    top = parse(data)
    for lang in top.iter(w("themeFontLang")):
        tongue.mark(lang)
    for leftover in ("rsids", "savePreviewPicture", "proofState", "doNotTrackMoves", "stylePaneFormatFilter"):
        for element in top.findall(w(leftover)):
            top.remove(element)
    if tongue.row in STRAIGHT:
        for control in top.findall(w("characterSpacingControl")):
            control.set(w("val"), "compressPunctuation")
    compat = etree.Element(w("compat"))
    etree.SubElement(compat, w("doNotExpandShiftReturn"))  # lines that end in a break are not justified: verse, addresses
    setting = etree.SubElement(compat, w("compatSetting"))
    for name, value in (("name", "compatibilityMode"), ("uri", "http://schemas.microsoft.com/office/word"), ("val", "15")):
        setting.set(w(name), value)
    before = [each for name in BEFORE_MIRRORING for each in top.findall(w(name))]
    if mirrored and before:
        before[-1].addnext(etree.Element(w("mirrorMargins")))
    follower = next(iter(top.iter(w("themeFontLang"))), None)
    if follower is not None:
        follower.addprevious(compat)  # the schema fixes the order
    return serialize(top)


def running_lines(data: bytes, title: str, source: str) -> bytes:
    """The header with this article's words. Long titles are cut, because a header is one line."""
    top = parse(data)
    words = {"{title}": clipped(title, 88 if source else 120), "{source}": clipped(source, 40)}
    for element in top.iter(w("t")):
        if element.text in words:
            element.text = legal(words[element.text])
    return serialize(top)


def unsafe_links(relations: bytes) -> dict[str, str]:
    """Relationships that lead out of the file and are not allowed links: id → target."""
    return {
        relation.get("Id", ""): relation.get("Target", "")
        for relation in parse(relations).iter(f"{{{RELATIONS}}}Relationship")
        if relation.get("TargetMode") == "External"
        and not (relation.get("Type") == HYPERLINK and relation.get("Target", "").lower().startswith((*SAFE_LINKS, PRODUCED)))
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


def declare_type(parts: dict[str, bytes], suffix: str, media_type: str) -> None:
    """Declares the media type of the parts whose names end in `suffix` (ECMA-376 part 2, 7.2.3.2)."""
    types = parse(parts["[Content_Types].xml"])
    if not any(entry.get("Extension") == suffix for entry in types):
        types.insert(0, etree.Element(f"{{{CONTENT_TYPES}}}Default", Extension=suffix, ContentType=media_type))
        parts["[Content_Types].xml"] = serialize(types)


def is_running(name: str) -> bool:
    """Whether the part is a header or footer."""
    return re.fullmatch(r"word/(?:header|footer)\d+\.xml", name) is not None
