"""Formulas of a page as pictures, because WeasyPrint does not support MathML.

The time to draw a formula grows with the square of its length (measured: 5 ms for a short one, 5 s for
3,800 characters). So a page has a budget for it, in milliseconds, and formulas beyond the budget are shown as text.
"""

from __future__ import annotations

import re

from lxml import etree

from service.engines import formulas
from service.model.document import Notice
from service.model.notices import notice
from service.writers.page.elements import dissolve, replace

MATHML = "{http://www.w3.org/1998/Math/MathML}"
LONGEST = 1_000  # characters of one formula: a third of a second
MOST_IN_ALL = 20_000  # of `price`: about 4,000 short formulas
NUMBER = re.compile(r"(?<![ \t])[ \t]*+\\qquad \\text\{[^{}]*+\}$")  # in the form of `passes.tex` and `ast.formula_numbers`
NUMBER_LONGEST = 16  # characters: a longer text is a remark, and part of the formula
DIGIT, GAP, ASCENT = 0.6, 1.0, 0.89  # em: a character of a number at most, its distance, its top above the baseline
INTEGRALS = frozenset("∫∬∭∮∯∰")
Pictures = dict[str, tuple[str, bytes]]


def to_pictures(body: etree._Element, keep: bool = False) -> tuple[Pictures, list[Notice]]:
    """Replaces each formula by an image. Returns the images by name, and the formulas that could not be drawn.

    With `keep`, each image has its MathML too, for a PDF that can contain both.
    """
    pictures: Pictures = {}
    unreadable = [(element.text or "").strip() for element in body.iter("span") if _is_raw(element)]
    spent = 0.0
    for element in list(body.iter(f"{MATHML}math")):
        tex = _tex(element)
        number = _take_number(element) if element.get("display") == "block" else ""
        affordable = len(tex) <= LONGEST and spent + price(tex) <= MOST_IN_ALL
        drawn = _drawn(element) if affordable else None
        if drawn is None:
            unreadable.append(tex)
            code = etree.Element("code", {"class": "math"})
            code.text = tex  # with its number
            replace(element, code)
            continue
        spent += price(tex)
        name = f"media/formula-{len(pictures) + 1}.svg"
        pictures[name] = ("image/svg+xml", drawn.svg)
        tex = NUMBER.sub("", tex) if number else tex
        image = _image(name, tex, drawn, element.get("display") == "block")
        if keep:
            element.set("alttext", tex)
            image.set("data-mathml", etree.tostring(element, encoding="unicode", with_tail=False))
        replace(element, _numbered(image, number, drawn) if number else image)
    reported = [notice("math-unreadable", stage="pdf", data={"tex": tex[:500]}) for tex in unreadable]
    return pictures, reported


def price(tex: str) -> float:
    """The estimated time to draw it, in milliseconds."""
    return 5 + len(tex) ** 2 / 3_000


def _drawn(element: etree._Element) -> formulas.Formula | None:
    try:
        return formulas.draw(_bare(element))
    except ValueError:
        return None


def _is_raw(element: etree._Element) -> bool:
    """Finds TeX that pandoc could not read and left unchanged."""
    return element.get("class", "").startswith("math ") and not len(element)


def _image(name: str, tex: str, drawn: formulas.Formula, displayed: bool) -> etree._Element:
    style = f"width:{drawn.width:.3f}em;height:{drawn.height:.3f}em;vertical-align:{-drawn.depth:.3f}em"
    kind = "formula display" if displayed else "formula"
    return etree.Element("img", {"src": name, "alt": tex, "class": kind, "style": style})


def _take_number(math: etree._Element) -> str:
    """Takes the number out of a displayed formula and returns it; empty for one without."""
    row = math.find(f".//{MATHML}mrow")
    if row is None or len(row) < 3 or row[-1].tag != f"{MATHML}mtext" or row[-2].tag != f"{MATHML}mspace":
        return ""
    number = (row[-1].text or "").strip()
    if not NUMBER.search(_tex(math)) or not 0 < len(number) <= NUMBER_LONGEST or len(row[-1]):
        return ""
    del row[-2:]
    return number


def _numbered(image: etree._Element, number: str, drawn: formulas.Formula) -> etree._Element:
    """The formula in the middle of the line, with its number at the end of the line, on one baseline."""
    room = DIGIT * len(number) + GAP
    line = etree.Element("span", {"class": "numbered-formula", "style": f"padding:0 {room:.2f}em"})
    shown = etree.SubElement(line, "span", {"class": "formula-number"})
    shown.text = number
    shown.set("style", f"top:{drawn.height - drawn.depth - ASCENT:.3f}em")
    line.insert(0, image)
    return line


def _tex(math: etree._Element) -> str:
    annotation = math.find(f".//{MATHML}annotation")
    return (annotation.text or "").strip() if annotation is not None else "".join(map(str, math.itertext())).strip()


def _bare(math: etree._Element) -> str:
    """The formula without its annotations, which would be set as text."""
    for annotation in list(math.iter(f"{MATHML}annotation")):
        parent = annotation.getparent()
        if parent is not None:
            parent.remove(annotation)
    for wrapper in list(math.iter(f"{MATHML}semantics")):
        dissolve(wrapper)  # not needed without annotations, and unknown to ziamath
    for sign in math.iter(f"{MATHML}mo") if math.get("display") != "block" else ():
        if INTEGRALS.issuperset(sign.text or " "):
            sign.set("stretchy", "false")  # as high as the line; ziamath stretches them even between words
    return etree.tostring(math, encoding="unicode", with_tail=False)
