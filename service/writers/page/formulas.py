"""Formulas of a page as pictures, for a printer that knows no MathML."""

from __future__ import annotations

from lxml import etree

from service.engines import formulas
from service.model.document import Notice
from service.model.notices import notice
from service.writers.page.elements import dissolve, replace

MATHML = "{http://www.w3.org/1998/Math/MathML}"
Pictures = dict[str, tuple[str, bytes]]


def to_pictures(body: etree._Element) -> tuple[Pictures, list[Notice]]:
    """Puts an image in the place of each formula; answers the images by name, and what could not be set."""
    pictures: Pictures = {}
    unreadable = [(element.text or "").strip() for element in body.iter("span") if _is_raw(element)]
    for element in list(body.iter(f"{MATHML}math")):
        tex = _tex(element)
        try:
            drawn = formulas.draw(_bare(element))
        except ValueError:
            unreadable.append(tex)
            code = etree.Element("code", {"class": "math"})
            code.text = tex
            replace(element, code)
            continue
        name = f"media/formula-{len(pictures) + 1}.svg"
        pictures[name] = ("image/svg+xml", drawn.svg)
        replace(element, _image(name, tex, drawn, element.get("display") == "block"))
    told = [notice("math-unreadable", stage="pdf", data={"tex": tex[:500]}) for tex in unreadable]
    return pictures, told


def _is_raw(element: etree._Element) -> bool:
    """pandoc leaves TeX that it can't read as it is."""
    return element.get("class", "").startswith("math ") and not len(element)


def _image(name: str, tex: str, drawn: formulas.Formula, displayed: bool) -> etree._Element:
    style = f"width:{drawn.width:.3f}em;height:{drawn.height:.3f}em;vertical-align:{-drawn.depth:.3f}em"
    kind = "formula display" if displayed else "formula"
    return etree.Element("img", {"src": name, "alt": tex, "class": kind, "style": style})


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
        dissolve(wrapper)  # of no use without annotations, and unknown to the drawer
    return etree.tostring(math, encoding="unicode", with_tail=False)
