"""Gives the content between two marks (`constructs`) its look: callouts, alignment, ruby. Removes the marks.

The two marks of a region are siblings, because pandoc writes the marks and the content one after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy

from lxml import etree

from service.writers.docx.body import WP, w
from service.writers.docx.constructs import NAMESPACE
from service.writers.docx.schema_order import put
from service.writers.docx.stylesheet import StyleSheet, style_of

SIDE = f"{{{NAMESPACE}}}side"  # of a picture, until `pictures` reads it
OPEN, CLOSE, READING = (f"{{{NAMESPACE}}}{name}" for name in ("open", "close", "reading"))
# Styles of running text: in a callout the style of the callout replaces them.
TEXT_STYLES = frozenset({"", "BodyText", "FirstParagraph", "Compact"})
INDENT, RIGHT_INDENT, LIST_STEP, HANGING = 360, 113, 320, 360  # twips; the first two as in the styles Callout…
QUOTATION_STEP = 454  # twips
BELOW = 200  # twips between a callout and the next block
BAR_SPACE, MOST_SPACE = 10, 31  # points between the bar of a callout and its text; 31 is the most that Word allows
Elements = Sequence[etree._Element]


def resolve(top: etree._Element, styles: StyleSheet, rtl: bool) -> None:
    """Gives each region of a part its look, inner ones first, and removes the marks."""
    for opening in reversed(list(top.iter(OPEN))):
        inside = _inside(opening)
        KINDS[opening.get("kind", "")](inside, opening.get("value", ""), Setting(styles, rtl))
    for mark in list(top.iter(OPEN, CLOSE, READING)):
        parent = mark.getparent()
        if parent is not None:
            parent.remove(mark)


class Setting:
    """The properties of the document that regions need."""

    def __init__(self, styles: StyleSheet, rtl: bool) -> None:
        self.styles, self.rtl = styles, rtl


def _inside(opening: etree._Element) -> list[etree._Element]:
    inside = []
    for each in opening.itersiblings():
        if each.tag == CLOSE and each.get("n") == opening.get("n"):
            break
        inside.append(each)
    return inside


def _paragraphs(elements: Elements) -> list[etree._Element]:
    return [each for element in elements for each in element.iter(w("p"))]


# Alignment


def _align(elements: Elements, value: str, setting: Setting) -> None:
    """`left` and `right` are sides of the page. Word's are those of the line, which begins at the right in Arabic."""
    for paragraph in _paragraphs(elements):
        put(paragraph, "pPr", "jc", val=_side(value, setting.rtl))
    for element in elements:
        if element.tag == w("tbl") and value == "center":
            put(element, "tblPr", "jc", val="center")


def _side(value: str, rtl: bool) -> str:
    if value == "justify":
        return "both"
    if value in ("left", "right") and rtl:
        return "right" if value == "left" else "left"
    return {"start": "left", "end": "right"}.get(value, value)


# Callouts


def _callout(elements: Elements, look: str, setting: Setting) -> None:
    """The paragraph styles Callout…, the first of them the title's; lists and code in it continue with its bar."""
    name = f"Callout{look.title()}"
    first = True
    texts: list[etree._Element] = []
    for element in elements:
        if element.tag != w("p"):
            continue
        style = style_of(element)
        if first or (style in TEXT_STYLES and not _is_listed(element)):
            put(element, "pPr", "pStyle", val=f"{name}Title" if first else name)
            first = False
            texts.append(element)
        elif style.startswith("Callout"):
            continue  # a callout in a callout has its own bar
        else:
            _with_bar(element, setting.styles, name)
    paragraphs = [each for each in elements if each.tag == w("p")]
    bar = _bars(setting.styles, name)
    for each in texts if len(texts) < len(paragraphs) and bar else ():
        put(each, "pPr", "pBdr")[:] = _sides({bar[0].tag: deepcopy(bar[0])})  # an edge would separate it from the list below
    if paragraphs:
        put(paragraphs[-1], "pPr", "spacing", after=BELOW)
    _separate(elements)


def _bars(styles: StyleSheet, name: str) -> list[etree._Element]:
    """The border before the text of a callout; None if its style has none."""
    style = styles.styles.get(name)
    borders = style.find(f"{w('pPr')}/{w('pBdr')}") if style is not None else None
    return [each for each in borders if each.tag in (w("left"), w("right"))] if borders is not None else []


def _sides(bars: Mapping[str, etree._Element]) -> list[etree._Element]:
    """The four borders of a paragraph: the given ones, and explicitly no border at the other sides."""
    return [bars.get(w(side), etree.Element(w(side), {w("val"): "nil"})) for side in ("top", "left", "bottom", "right")]


def _is_listed(paragraph: etree._Element) -> bool:
    return paragraph.find(f"{w('pPr')}/{w('numPr')}") is not None


def _with_bar(paragraph: etree._Element, styles: StyleSheet, name: str) -> None:
    """Adds the bar and background of a callout to a paragraph of another style. In a nested list the bar stays at its place."""
    space, left, hanging = BAR_SPACE, INDENT, 0
    level = paragraph.find(f"{w('pPr')}/{w('numPr')}/{w('ilvl')}")
    if level is not None:
        step = int(level.get(w("val"), "0")) * LIST_STEP
        left, hanging = INDENT + HANGING + step, HANGING
        space = min(MOST_SPACE, BAR_SPACE + step // 20)
    put(paragraph, "pPr", "ind", left=left, hanging=hanging, right=RIGHT_INDENT)
    style = styles.styles.get(name)
    look = style.find(w("pPr")) if style is not None else None
    if look is None:
        return
    bars = {each.tag: deepcopy(each) for each in _bars(styles, name)}  # no edge above or below
    for bar in bars.values():
        bar.set(w("space"), str(space))
    code = style_of(paragraph) == "SourceCode"
    put(paragraph, "pPr", "pBdr")[:] = _sides(bars) if code else list(bars.values())
    put(paragraph, "pPr", "spacing", before=0, after=0)
    before = paragraph.getprevious()
    if before is not None and before.tag == w("p"):
        put(before, "pPr", "spacing", after=0)  # no gap in the bar if the indent changes
    ground = look.find(w("shd"))
    if ground is not None and not code:
        put(paragraph, "pPr", "shd").attrib.update(ground.attrib)


def _separate(elements: Elements) -> None:
    """A paragraph of no height between two callouts, because Word draws one box around paragraphs with the same look."""
    following = next((each for each in elements[-1].itersiblings() if each.tag != CLOSE), None) if elements else None
    if following is not None and following.tag == OPEN and following.get("kind") == "callout":
        following.addprevious(gap())


def gap() -> etree._Element:
    paragraph = etree.Element(w("p"))
    put(paragraph, "pPr", "pStyle", val="BoxGap")
    return paragraph


# Pictures at one side


def _float(elements: Elements, side: str, _: Setting) -> None:
    """Marks pictures for `pictures`, which knows their size."""
    for inline in (each for element in elements for each in element.iter(f"{{{WP}}}inline")):
        inline.set(SIDE, side)


def _frame(elements: Elements, side: str, _: Setting) -> None:
    """A figure with its caption in a frame (ECMA-376 part 1, 17.3.1.11): paragraphs of the same frame are in one."""
    for paragraph in (each for each in elements if each.tag == w("p")):
        frame: dict[str, str | int] = {
            "hSpace": 227, "vSpace": 113, "wrap": "around", "vAnchor": "text", "hAnchor": "margin", "xAlign": side, "y": 57,
        }  # fmt: skip
        put(paragraph, "pPr", "framePr", **frame)


# Ruby


def _ruby(elements: Elements, _: str, setting: Setting) -> None:
    """w:ruby (ECMA-376 part 1, 17.3.3.25): the reading at half the size, above the base."""
    if not elements:
        return
    at = next((index for index, each in enumerate(elements) if each.tag == READING), len(elements))
    base, reading = _runs(elements[:at]), _runs(elements[at:])
    paragraph = next(elements[0].iterancestors(w("p")), None)
    size = setting.styles.number(style_of(paragraph) if paragraph is not None else "", "rPr/sz", "val") or 22
    run, parent = etree.Element(w("r")), elements[0].getparent()
    elements[0].addprevious(run)
    ruby = etree.SubElement(run, w("ruby"))
    about = etree.SubElement(ruby, w("rubyPr"))
    values = ("rubyAlign", "distributeSpace"), ("hps", size // 2), ("hpsRaise", size - 2), ("hpsBaseText", size), ("lid", "ja-JP")
    for name, value in values:
        etree.SubElement(about, w(name)).set(w("val"), str(value))
    for name, runs in (("rt", reading), ("rubyBase", base)):
        part = etree.SubElement(ruby, w(name))
        part.extend(runs)
        for each in runs if name == "rt" else ():
            put(each, "rPr", "sz", val=size // 2)
            put(each, "rPr", "szCs", val=size // 2)
    for each in elements:
        if parent is not None and each.getparent() is parent:
            parent.remove(each)


def _runs(elements: Elements) -> list[etree._Element]:
    """The runs with text. Ruby cannot contain a link, but its text."""
    return [run for element in elements for run in element.iter(w("r")) if run.find(w("t")) is not None]


# Quotations in quotations


def _quotation(elements: Elements, _: str, setting: Setting) -> None:
    """Indents the paragraphs of an inner quotation, with its bar, more than those around it."""
    for paragraph in _paragraphs(elements):
        own = paragraph.find(f"{w('pPr')}/{w('ind')}")
        left = own.get(w("left")) if own is not None else None
        base = int(left) if left is not None else setting.styles.number(style_of(paragraph), "pPr/ind", "left")
        put(paragraph, "pPr", "ind", left=base + QUOTATION_STEP)


KINDS: Mapping[str, Callable[[Elements, str, Setting], None]] = {
    "align": _align, "callout": _callout, "quotation": _quotation, "ruby": _ruby,
    "float": _float, "frame": _frame,
}  # fmt: skip
