"""The changes of a look to a DOCX: page and margins, fonts, alignment, running lines, a watermark behind the text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from service.containers.packages import parse, serialize
from service.model.text.characters import legal
from service.style import PLAIN, Look, code_colours
from service.style.fonts import Family
from service.style.running_lines import Line, Part
from service.writers.docx.body import TEXT_HEIGHT, TEXT_WIDTH, w

TWIPS = 1440 / 25.4  # of a millimetre
BASE_SIZE = 21  # half points of the text in the reference documents
VML = "urn:schemas-microsoft-com:vml"
OFFICE = "urn:schemas-microsoft-com:office:office"
XML = "http://www.w3.org/XML/1998/namespace"
SIDES = ("top", "right", "bottom", "left")
TEXT_STYLES = frozenset({"BodyText", "FirstParagraph", "Compact", "BlockText", "FootnoteText", "Definition"})
HEADING_STYLES = frozenset({"Title", "Subtitle", "TOCHeading", *(f"Heading{level}" for level in range(1, 10))})
CODE_STYLES = frozenset({"SourceCode", "VerbatimChar", "Keyboard"})
FIELDS = {"page": "PAGE", "pages": "NUMPAGES"}


@dataclass(frozen=True, slots=True)
class Room:
    """A page in twips: the text area, and the text width of the profile."""

    width: int
    height: int
    own_width: int


USUAL = Room(TEXT_WIDTH, TEXT_HEIGHT, TEXT_WIDTH)


def apply(parts: dict[str, bytes], look: Look, base: int = BASE_SIZE) -> Room:
    """Changes the parts of pandoc's package, which has the profile's styles already. Returns the text area.

    `base` is the size of the text in these styles, in half points.
    """
    top = parse(parts["word/document.xml"])
    room = _set_page(top, look)
    parts["word/document.xml"] = serialize(top)
    parts["word/styles.xml"] = _styles(parts["word/styles.xml"], look, room, base)
    for name in list(parts):
        kind = name.removeprefix("word/").rstrip("0123456789.xml")
        if kind in ("header", "footer"):
            parts[name] = _running(parts[name], kind, look, room)
    return room


def room_of(document: bytes) -> Room:
    """The text area of a word/document.xml."""
    return _set_page(parse(document), PLAIN)


def _set_page(top: etree._Element, look: Look) -> Room:
    size, margins = next(top.iter(w("pgSz"))), next(top.iter(w("pgMar")))
    old = {name: int(size.get(w(name), "0")) for name in "wh"}
    edges = {side: int(margins.get(w(side), "0")) for side in SIDES}
    own = old["w"] - edges["left"] - edges["right"]
    new = dict(old)
    if look.paper:
        new = {"w": round(look.paper[0] * TWIPS), "h": round(look.paper[1] * TWIPS)}
        across, along = min(1.0, new["w"] / old["w"]), min(1.0, new["h"] / old["h"])
        edges = {side: round(edge * (across if side in ("left", "right") else along)) for side, edge in edges.items()}
        if new["w"] > new["h"]:
            size.set(w("orient"), "landscape")
    if look.margin:
        edges = {side: round(length * TWIPS) for side, length in zip(SIDES, look.margin, strict=True)}
    for name, value in new.items():
        size.set(w(name), str(value))
    for side, edge in edges.items():
        margins.set(w(side), str(edge))
    for side, edge in (("header", edges["top"]), ("footer", edges["bottom"])):
        margins.set(w(side), str(min(int(margins.get(w(side), "708")), edge // 2)))
    return Room(new["w"] - edges["left"] - edges["right"], new["h"] - edges["top"] - edges["bottom"], own)


def _styles(data: bytes, look: Look, room: Room, base: int) -> bytes:
    top = parse(data)
    for tab in top.iter(w("tab")):
        if tab.get(w("pos")) == str(room.own_width):
            tab.set(w("pos"), str(room.width))
    if look.font_size:
        factor = look.font_size * 2 / base
        for name in ("sz", "szCs"):
            for size in top.iter(w(name)):
                size.set(w("val"), str(max(8, round(int(size.get(w("val"), "0")) * factor))))
    if look.font:
        _set_fonts(next(top.iter(w("rFonts"))), look.font)  # the defaults of the document; headings and code have their own
    for family, names in ((look.heading_font, HEADING_STYLES), (look.code_font, CODE_STYLES)):
        for style in top.iter(w("style")) if family else ():
            if family and style.get(w("styleId")) in names:
                _set_fonts(_fonts_of(style), family)
    if look.justify != "auto":
        for style in top.iter(w("style")):
            if style.get(w("styleId")) in TEXT_STYLES:
                _align(style, "both" if look.justify == "justified" else "left")
    return serialize(top)


def _set_fonts(fonts: etree._Element, family: Family) -> None:
    for slot, name in (("ascii", family.word), ("hAnsi", family.word), ("eastAsia", family.word_wide)):
        fonts.set(w(slot), name)
        fonts.attrib.pop(w(f"{slot}Theme"), "")  # otherwise a font of the theme wins


def _fonts_of(style: etree._Element) -> etree._Element:
    """The fonts of a style, added if missing: first of the run properties, which follow those of the paragraph."""
    properties = style.find(w("rPr"))
    if properties is None:
        properties = etree.Element(w("rPr"))
        before = [each for each in style if each.tag in (w("tblPr"), w("trPr"), w("tcPr"), w("tblStylePr"))]
        style.insert(style.index(before[0]) if before else len(style), properties)
    fonts = properties.find(w("rFonts"))
    if fonts is None:
        fonts = etree.Element(w("rFonts"))
        properties.insert(0, fonts)
    return fonts


def _align(style: etree._Element, value: str) -> None:
    properties = style.find(w("pPr"))
    if properties is None:
        properties = etree.Element(w("pPr"))
        before = style.find(w("rPr"))
        style.insert(len(style) if before is None else style.index(before), properties)
    for old in properties.findall(w("jc")):
        properties.remove(old)
    etree.SubElement(properties, w("jc")).set(w("val"), value)  # the last except outlineLvl, which text styles do not have


def _running(data: bytes, kind: str, look: Look, room: Room) -> bytes:
    line = look.header if kind == "header" else look.footer
    if line is None and not (look.watermark and kind == "header"):
        return data
    top = parse(data)
    if line is not None:
        for paragraph in top.findall(w("p")):
            top.remove(paragraph)
        top.append(_paragraph(kind, line, room))
    if look.watermark and kind == "header":
        top.findall(w("p"))[-1].append(_watermark(look.watermark, room))
    return serialize(top)


def _paragraph(kind: str, line: Line, room: Room) -> etree._Element:
    paragraph = etree.Element(w("p"))
    properties = etree.SubElement(paragraph, w("pPr"))
    etree.SubElement(properties, w("pStyle")).set(w("val"), kind.title())
    if not any(line.values()):
        border = etree.SubElement(etree.SubElement(properties, w("pBdr")), w("bottom"))
        border.set(w("val"), "nil")
    tabs = etree.SubElement(properties, w("tabs"))
    for where, position in (("center", room.width // 2), ("right", room.width)):
        tab = etree.SubElement(tabs, w("tab"))
        tab.set(w("val"), where)
        tab.set(w("pos"), str(position))
    etree.SubElement(properties, w("jc")).set(w("val"), "left")
    paragraph.extend(_runs(line))
    return paragraph


def _runs(line: Line) -> Iterator[etree._Element]:
    for place in ("left", "middle", "right"):
        if place != "left":
            run = etree.Element(w("r"))
            etree.SubElement(run, w("tab"))
            yield run
        yield from _pieces(line[place])


def _pieces(parts: Sequence[Part]) -> Iterator[etree._Element]:
    for part in parts:
        run = etree.Element(w("r"))
        text = etree.SubElement(run, w("t"))
        text.text = "1" if part.number else legal(part.text)
        text.set(f"{{{XML}}}space", "preserve")
        if part.number:
            field = etree.Element(w("fldSimple"))
            field.set(w("instr"), f" {FIELDS[part.number]} ")
            field.append(run)
            yield field
        else:
            yield run


def _watermark(text: str, room: Room) -> etree._Element:
    """VML in the form of Word: text along a path, behind the page's content. LibreOffice shows it too."""
    columns = sum(1.0 if character >= "\u2e80" else 0.62 for character in text)
    wide = 0.95 * room.width / 20  # points
    high = min(wide / max(columns, 1), 200.0)
    wide = min(wide, high * columns)
    run = etree.Element(w("r"), nsmap={"v": VML, "o": OFFICE})
    look = etree.SubElement(run, w("rPr"))
    etree.SubElement(look, w("noProof"))
    picture = etree.SubElement(run, w("pict"))
    kind = etree.SubElement(picture, f"{{{VML}}}shapetype", {
        "id": "_x0000_t136", "coordsize": "21600,21600", f"{{{OFFICE}}}spt": "136", "adj": "10800",
        "path": "m@7,l@8,m@5,21600l@6,21600e",
    })  # fmt: skip
    formulas = etree.SubElement(kind, f"{{{VML}}}formulas")
    for equation in FORMULAS:
        etree.SubElement(formulas, f"{{{VML}}}f", eqn=equation)
    etree.SubElement(kind, f"{{{VML}}}path", textpathok="t")
    etree.SubElement(kind, f"{{{VML}}}textpath", on="t", fitshape="t")
    style = (
        f"position:absolute;margin-left:0;margin-top:0;width:{wide:.0f}pt;height:{high:.0f}pt;rotation:315;z-index:-251658752;"
        "mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
        "mso-position-vertical:center;mso-position-vertical-relative:margin"
    )
    shape = etree.SubElement(picture, f"{{{VML}}}shape", {
        "id": "ColophonWatermark", f"{{{OFFICE}}}spid": "_x0000_s2049", "type": "#_x0000_t136", "style": style,
        f"{{{OFFICE}}}allowincell": "f", "fillcolor": "#e6e3df", "stroked": "f", "alt": legal(text),
    })  # fmt: skip
    etree.SubElement(shape, f"{{{VML}}}textpath", style='font-family:"Arial";font-size:1pt;font-weight:bold', string=legal(text))
    return run


# Word's definition of text along a straight path (preset shape 136).
FORMULAS = (
    "sum #0 0 10800", "prod #0 2 1", "sum 21600 0 @1", "sum 0 0 @2", "sum 21600 0 @3", "if @0 @3 0", "if @0 21600 @1",
    "if @0 0 @2", "if @0 @4 21600", "mid @5 @6", "mid @8 @5", "mid @7 @8", "mid @6 @7", "sum @6 0 @5",
)  # fmt: skip


def colour_code(styles: bytes, theme: Mapping[str, Any]) -> bytes:
    """Blocks of code with the background and colour of a highlighting style. pandoc's styles colour the tokens."""
    ground, text = (code_colours.colour(theme, key).lstrip("#") for key in ("background-color", "text-color"))
    top = parse(styles)
    style = next((each for each in top.iter(w("style")) if each.get(w("styleId")) == "SourceCode"), None)
    if style is None:
        return styles
    if ground:
        for shade in style.iter(w("shd")):
            shade.set(w("fill"), ground)
        for side in style.findall(f"{w('pPr')}/{w('pBdr')}/*"):
            side.set(w("color"), ground)
    look, size = style.find(w("rPr")), style.find(f"{w('rPr')}/{w('sz')}")
    if text and look is not None and size is not None:
        colour = etree.Element(w("color"))
        colour.set(w("val"), text)
        size.addprevious(colour)
    return serialize(top)
