"""Constructs in XHTML: shaped in the AST if they need words, and by the table of elements after pandoc."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml import etree

from service.ast import alignment, callouts, captions, code_titles, formula_numbers, list_delimiters
from service.ast.descriptions import DECORATIVE
from service.ast.missing_images import MISSING_IMAGE
from service.model.blocks import Blocks
from service.model.text.characters import is_wide
from service.writers.epub import ordered_lists, pictures, tables
from service.writers.epub.xhtml import MATHML, tag

# Class of pandoc's span or code → the element of XHTML. pandoc writes `mark` and `kbd` itself.
ELEMENTS: Mapping[str, Mapping[str, str]] = {
    "span": {
        "ruby": "ruby", "rb": "span", "rt": "rt", "rp": "rp", "mark": "mark", "ins": "ins", "abbr": "abbr", "small": "small",
        "kbd": "kbd", "q": "q", "dfn": "dfn", "var": "var", "samp": "samp",
    },
    "code": {"kbd": "kbd", "samp": "samp"},
}  # fmt: skip
IN_RUBY = frozenset({"rt", "rp"})
# HTML Living Standard, 4.5.14: the forms of `datetime` that occur in articles.
MOMENT = re.compile(
    r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01])(?:[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,3})?)?"
    r"(?:Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?)?)?)?"
)
SETTLED = ("p", "em", "span", "code", "div", "img", "pre", "ol", "table")
NO_SIZES: pictures.Sizes = {}
IDEOGRAPHIC = ("zh", "ja", "ko")
WIDE_CODE = range(59, 85)  # characters of a line of code that needs smaller type
FORMULA = f"{{{MATHML}}}math"
LENGTH = re.compile(r"\d{1,5}(?:\.\d{1,3})?(?:px|em|cm|mm|in|pt)?")


def shaped(blocks: Blocks, lang: str) -> Blocks:
    """Callouts, titles of code, numbers of captions and alignment as elements with classes, for pandoc; `lang` is BCP 47."""
    numbered = captions.numbered(formula_numbers.shown(blocks), lang)
    divided = callouts.divisions(code_titles.shaped(numbered), lang)
    return list_delimiters.divisions(alignment.as_classes(divided))


def settle(body: etree._Element, rtl: bool, lang: str = "en", sizes: pictures.Sizes = NO_SIZES) -> None:
    """Gives constructs their elements, images their requested sizes, and code its direction in a page that is `rtl`.

    `sizes` are those of the pictures (`pictures.sizes_of`).
    """
    for element in list(body.iter(*map(tag, SETTLED))):
        match etree.QName(element).localname:
            case "p" if _shows_pictures(element):
                pictures.settle(element, sizes)
            case "em" if lang.startswith(IDEOGRAPHIC) and not any(map(is_wide, "".join(map(str, element.itertext())))):
                element.set("class", "latin")
            case "span":
                _name(element, "span")
                _date(element)
            case "code":
                _name(element, "code")
                if rtl:
                    element.set("dir", "ltr")
            case "pre":
                _code(element, rtl)
            case "div":
                _note(element)
            case "img":
                _size(element)
                if DECORATIVE in _classes(element):
                    element.set("alt", "")
            case "ol":
                ordered_lists.settle(element)
            case "table":
                tables.settle(element, lang)


def _classes(element: etree._Element) -> list[str]:
    return element.get("class", "").split()


def _name(element: etree._Element, kind: str) -> None:
    found = next((name for name in _classes(element) if name in ELEMENTS[kind]), "")
    parent = element.getparent()
    if not found or parent is None or (found in IN_RUBY and parent.tag != tag("ruby")):
        return
    element.tag = tag(ELEMENTS[kind][found])
    rest = [name for name in _classes(element) if name != found]
    if rest:
        element.set("class", " ".join(rest))
    elif "class" in element.attrib:
        del element.attrib["class"]
    if found == "ruby" and not any(child.tag == tag("rt") or "rt" in _classes(child) for child in element):
        element.tag = tag("span")  # a ruby without a reading is invalid


def _date(element: etree._Element) -> None:
    """A span with a date becomes a `time`, if a program can read the date."""
    if element.tag == tag("span") and MOMENT.fullmatch(element.get("datetime", "")):
        element.tag = tag("time")


def _code(block: etree._Element, rtl: bool) -> None:
    """Code has the direction left to right. A block with long lines has smaller type, so that it does not wrap."""
    if rtl:
        block.set("dir", "ltr")
    if max(map(len, "".join(map(str, block.itertext())).splitlines()), default=0) in WIDE_CODE:
        block.set("class", f"{block.get('class', '')} wide".strip())


def _shows_pictures(paragraph: etree._Element) -> bool:
    """Whether it contains pictures or their placeholders, also in links, and no other word."""
    missing = [each for each in paragraph.iter(tag("span")) if MISSING_IMAGE in _classes(each)]
    if _letters(paragraph) != sum(map(_letters, missing)) or next(paragraph.iter(FORMULA), None) is not None:
        return False
    return bool(missing) or next(paragraph.iter(tag("img")), None) is not None


def _letters(element: etree._Element) -> int:
    """The number of its characters without blanks."""
    return sum(map(len, "".join(map(str, element.itertext())).split()))


def _note(element: etree._Element) -> None:
    if callouts.CALLOUT in _classes(element):
        element.tag = tag("aside")
        element.set("role", "note")


def _size(image: etree._Element) -> None:
    """Sets width and height as a style: `height: auto` of the sheet, which keeps the ratio, would win over the attribute."""
    wide, high = (image.get(name, "") for name in ("width", "height"))
    if not LENGTH.fullmatch(high):
        return
    if LENGTH.fullmatch(wide) and wide.isdecimal() and high.isdecimal():
        style = f"width: {wide}px; aspect-ratio: {wide} / {high}; object-fit: fill"
    elif not wide and "width" not in image.get("style", ""):
        style = f"height: {high}{'px' if high.replace('.', '', 1).isdecimal() else ''}; width: auto"
    else:
        return
    image.set("style", "; ".join(filter(None, (image.get("style", "").rstrip("; "), style))))
