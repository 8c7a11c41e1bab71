"""The parts of a DOCX with text, as trees: runs each step of this room, in order."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass

from lxml import etree

from service.ast import title_block
from service.containers.packages import parse, serialize
from service.model.document import Document
from service.writers.docx import (
    captions,
    contents,
    direction,
    emphasis,
    fields,
    formulas,
    lists,
    notes,
    pictures,
    regions,
    stylesheet,
    wide_tables,
)
from service.writers.docx.body import w
from service.writers.docx.contents import TITLE_STYLES
from service.writers.docx.page_estimate import Estimate
from service.writers.docx.schema_order import put
from service.writers.docx.stylesheet import style_of
from service.writers.docx.tables import Layouts

DOCUMENT, FOOTNOTES = "word/document.xml", "word/footnotes.xml"
STYLES, NUMBERING = "word/styles.xml", "word/numbering.xml"
VML, OFFICE = "urn:schemas-microsoft-com:vml", "urn:schemas-microsoft-com:office:office"
UNDER_TITLE = 360  # twips between the lines under the title and the text
SHORT_CODE = 14  # lines
BOXED = frozenset({"SourceCode", "Placeholder"})


@dataclass(frozen=True, slots=True)
class Setting:
    """The text area in twips, the direction of the document, and the scale of its type."""

    width: int
    height: int
    rtl: bool
    scale: float = 1.0


def settle(parts: dict[str, bytes], document: Document, setting: Setting) -> None:
    """Changes the parts with text in place. They may get additional pictures."""
    styles, bookmarks = stylesheet.of(parts[STYLES]), fields.Bookmarks()
    turned = {name: setting.rtl or direction.has_right_to_left(parts[name]) for name in (DOCUMENT, FOOTNOTES)}
    numbering = parse(parts[NUMBERING])
    trees = {name: parse(parts[name]) for name in (DOCUMENT, FOOTNOTES)}
    notes.join(trees[DOCUMENT], trees[FOOTNOTES], bookmarks)
    for name, top in trees.items():
        regions.resolve(top, styles, setting.rtl)
        turned_room = wide_tables.sheet_of(top).turned_room if name == DOCUMENT else 0
        layouts = Layouts(styles, setting.width, setting.rtl, setting.scale, turned_room)
        layouts.lay_out(top)
        wide_tables.turn(top, layouts.turned, parts, styles)
        pictures.settle(top, setting.width, setting.height, layouts.rooms)
        _separate_boxes(top)
        lists.settle(top, numbering)
        _thin_rules(top)
        _say_once(top)
        _keep_code(top)
        emphasis.settle(top, document.metadata.lang)
        formulas.in_order(top)
        if turned[name]:
            direction.settle(top, setting.rtl)
    captions.number(trees[DOCUMENT], document.metadata.lang, bookmarks)
    words = {each.get(w("id"), ""): "".join(map(str, each.itertext())) for each in trees[FOOTNOTES].iter(w("footnote"))}
    estimate = Estimate(styles, setting.width, setting.height, words)
    contents.settle(trees[DOCUMENT], bookmarks, lambda blocks: estimate.run(iter(blocks)))
    _space_under_title(trees[DOCUMENT], styles)
    if title_block.is_centred(document):
        _centre_title(trees[DOCUMENT])
    pictures.add_vectors(parts, document, trees[DOCUMENT])
    parts.update({name: serialize(top) for name, top in trees.items()})
    parts[NUMBERING] = serialize(numbering)


def _separate_boxes(top: etree._Element) -> None:
    """A paragraph of no height between two blocks of code, because Word draws one box around paragraphs with the same look."""
    for paragraph in list(top.iter(w("p"))):
        following = paragraph.getnext()
        if following is not None and following.tag == w("p") and style_of(paragraph) in BOXED & {style_of(following)}:
            paragraph.addnext(regions.gap())


def _say_once(top: etree._Element) -> None:
    """Removes repeated properties: pandoc repeats that of bold text within bold text, which the schema forbids."""
    for look in top.iter(w("rPr")):
        if len(look) > 1:
            tags = [each.tag for each in look]
            for place in reversed(range(len(tags))):
                if tags[place] in tags[:place]:
                    look.remove(look[place])


def _keep_code(top: etree._Element) -> None:
    """Keeps a short block of code on one page."""
    for paragraph in top.iter(w("p")):
        if style_of(paragraph) == "SourceCode" and len(list(paragraph.iter(w("br")))) < SHORT_CODE:
            put(paragraph, "pPr", "keepLines")


def _thin_rules(top: etree._Element) -> None:
    """Makes a thematic break a thin line in the middle, as in the other formats. pandoc's is thick and from edge to edge."""
    for rule in top.iter(f"{{{VML}}}rect"):
        if rule.get(f"{{{OFFICE}}}hr") == "t":
            rule.set("style", "width:0;height:.75pt")
            put(next(rule.iterancestors(w("p"))), "pPr", "jc", val="center")  # for LibreOffice
            rule.set(f"{{{OFFICE}}}hrpct", "300")  # thousandths of the text's width
            rule.set(f"{{{OFFICE}}}hrnoshade", "t")
            rule.set("fillcolor", "#a0a0a0")
            rule.set("stroked", "f")


def _centre_title(top: etree._Element) -> None:
    for block in next(top.iter(w("body"))):
        if block.tag == w("p") and style_of(block) not in TITLE_STYLES:
            break
        if block.tag == w("p"):
            put(block, "pPr", "jc", val="center")


def _space_under_title(top: etree._Element, styles: stylesheet.StyleSheet) -> None:
    """Adds space after the last line under the title, and the rule if the profile has one."""
    last: etree._Element | None = None
    for block in next(top.iter(w("body"))):
        if block.tag == w("p"):
            if style_of(block) not in TITLE_STYLES:
                break
            last = block
    if last is not None and style_of(last) != "Title":
        put(last, "pPr", "spacing", after=UNDER_TITLE)
        rule = styles.styles.get("TitleRule")
        borders = rule.find(f"{w('pPr')}/{w('pBdr')}") if rule is not None else None
        if borders is not None:
            put(last, "pPr", "pBdr")[:] = [deepcopy(each) for each in borders]
