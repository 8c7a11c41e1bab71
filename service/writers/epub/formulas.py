"""Formulas of an EPUB: MathML with its TeX as text, and a drawing for programs that show no MathML (MathML 3, 2.2.3).

A device that shows no MathML gets pictures: PNG on white, with the TeX as description. A formula that pandoc
cannot read becomes code with a notice.
"""

from __future__ import annotations

from lxml import etree

from service.containers.packages import replace
from service.engines import formulas
from service.engines.images import svg
from service.model.document import Notice
from service.model.notices import notice
from service.writers.epub.xhtml import MATHML, tag

MOST = 200  # limit of different formulas that are drawn: 5 ms and 3 KB each
# Characters of MathML of one formula and of all that are drawn. The time to draw one grows with the square of its length:
# 10,000 take 0.2 s, 38,000 take 3.5 s.
LONGEST, LONGEST_IN_ALL = 10_000, 400_000
PIXELS = 48  # of a PNG for each em
Drawings = dict[str, bytes]


def settle(body: etree._Element, as_pictures: bool = False) -> tuple[Drawings, list[Notice]]:
    """Changes the formulas in place. Returns the drawings by name, and a notice for each formula that is shown as code."""
    unreadable = _as_code(body)
    names: dict[str, str] = {}
    drawings: Drawings = {}
    left = LONGEST_IN_ALL
    for math in list(body.iter(f"{{{MATHML}}}math")):
        annotation = math.find(f".//{{{MATHML}}}annotation")
        tex = (annotation.text or "").strip() if annotation is not None else ""
        if tex:
            math.set("alttext", tex)
        mathml, key = _bare(math), tex + math.get("display", "")
        is_new = key not in names
        if is_new and (len(names) >= MOST or len(mathml) > min(LONGEST, left)):
            continue
        left -= len(mathml) if is_new else 0
        drawn = _drawn(mathml)
        if drawn is not None:
            name = names.setdefault(key, f"media/formula-{len(names) + 1}.{'png' if as_pictures else 'svg'}")
            if as_pictures:
                drawings[name] = drawings.get(name) or _png(drawn)
                _replace(math, name, drawn)
            else:
                drawings[name] = drawn.svg
                _refer(math, name, drawn)
    return drawings, [notice("math-unreadable", stage="epub", data={"tex": tex[:500]}) for tex in unreadable]


def _bare(math: etree._Element) -> str:
    """The MathML without its TeX."""
    copy = etree.fromstring(etree.tostring(math, with_tail=False))
    for each in list(copy.iter(f"{{{MATHML}}}annotation")):
        parent = each.getparent()
        if parent is not None:
            parent.remove(each)
    for wrapper in list(copy.iter(f"{{{MATHML}}}semantics")):
        row = wrapper[0] if len(wrapper) else None
        if row is not None:
            replace(wrapper, row)
    return etree.tostring(copy, encoding="unicode")


def _drawn(mathml: str) -> formulas.Formula | None:
    try:
        return formulas.draw(mathml)
    except ValueError:
        return None


def _refer(math: etree._Element, name: str, drawn: formulas.Formula) -> None:
    math.set("altimg", f"../{name}")
    math.set("altimg-width", f"{drawn.width:.3f}em")
    math.set("altimg-height", f"{drawn.height:.3f}em")
    math.set("altimg-valign", f"{-drawn.depth:.3f}em")


def _png(drawn: formulas.Formula) -> bytes:
    """The drawing on white, sharp at twice the usual size of text."""
    return svg.on_white(svg.rasterised(drawn.svg, max(1, round(drawn.width * PIXELS))))


def _replace(math: etree._Element, name: str, drawn: formulas.Formula) -> None:
    """Replaces the formula by a picture with its height, its baseline, and its TeX as description."""
    image = etree.Element(tag("img"), {"class": "formula", "src": name, "alt": math.get("alttext") or "formula"})
    image.set("style", f"height: {drawn.height:.3f}em; vertical-align: {-drawn.depth:.3f}em")
    if math.get("display") != "block":
        replace(math, image)
        return
    line = etree.Element(tag("span"), {"class": "math display"})
    line.append(image)
    replace(math, line)


def _as_code(body: etree._Element) -> list[str]:
    """Replaces the TeX that pandoc could not read by code."""
    found = []
    for element in list(body.iter(tag("span"))):
        if element.get("class", "").startswith("math ") and not len(element):
            tex = (element.text or "").strip().strip("$")
            code = etree.Element(tag("code"), {"class": "math", "dir": "ltr"})
            code.text = tex
            replace(element, code)
            found.append(tex)
    return found
