"""Formulas that a script has drawn, or would draw: each becomes one `<math>` with its TeX or MathML.

KaTeX, MathJax 2 to 4, MediaWiki, GitHub, and the classes that pandoc, Sphinx and Python-Markdown give to TeX for a script.
"""

from __future__ import annotations

import re

from service.ast.html.tree import Element

# Elements of a drawn formula, together with its MathML.
DRAWN = frozenset({"katex", "MathJax", "MathJax_SVG", "mjx-chtml", "mwe-math-element"})
PREVIEWS = frozenset(
    {"MathJax_Preview", "MathJax", "MathJax_Display", "MathJax_SVG", "MathJax_SVG_Display", "MathJax_CHTML", "mjx-chtml"}
)
WRITTEN = frozenset({"math", "arithmatex", "js-inline-math", "js-display-math", "math-renderer"})
PICTURES = frozenset({"latex", "tex", "mwe-math-fallback-image-inline", "mwe-math-fallback-image-display"})
DELIMITED = re.compile(r"\s*(?:\\\((.*)\\\)|\\\[(.*)\\\]|\$\$(.*)\$\$|\$(.*)\$)\s*", re.DOTALL)
INLINE = (1, 4)  # groups of the delimiters of formulas in the line


def settle(page: Element) -> None:
    for element in list(page.iter()):
        if element.foreign:
            continue
        classes = set(element.get("class").split())
        if element.tag == "mjx-container" or classes & DRAWN:
            _keep_mathml(element)
        elif "katex-display" in classes and (formula := element.first("math")) is not None:
            formula.attributes = formula.attributes | {"display": "block"}
        elif element.tag == "img" and classes & PICTURES and element.get("alt").strip():
            _from_picture(element)
        elif element.tag == "math-renderer" or classes & WRITTEN:
            _from_text(element)
        if any(child.tag == "script" for child in element.elements()):
            _from_scripts(element)


def _keep_mathml(element: Element) -> None:
    """Removes the drawn formula: its letters would appear twice, and a style hides the MathML."""
    formula = element.first("math")
    if formula is not None:
        element.attributes = {key: value for key, value in element.attributes.items() if key == "id"}
        element.children = [formula]


def _from_picture(image: Element) -> None:
    """A picture of a formula, as WordPress and MediaWiki make one, with its TeX as description."""
    tex = image.get("alt").strip()
    delimited = DELIMITED.fullmatch(tex)
    formula = _formula(delimited[delimited.lastindex or 1] if delimited else tex, display=False)
    image.tag, image.attributes, image.children = formula.tag, formula.attributes, formula.children


def _from_text(element: Element) -> None:
    found = None if any(element.elements()) else DELIMITED.fullmatch(element.text())
    if found and found[found.lastindex or 1].strip():
        element.children = [_formula(found[found.lastindex or 1], display=found.lastindex not in INLINE)]


def _from_scripts(parent: Element) -> None:
    """`<script type="math/tex">`, after the formula that MathJax has drawn."""
    kept: list[str | Element] = []
    for child in parent.children:
        kind = child.get("type").lower() if isinstance(child, Element) and child.tag == "script" else ""
        if isinstance(child, str) or not kind.startswith("math/tex"):
            kept.append(child)
            continue
        while kept and isinstance(drawn := kept[-1], Element) and PREVIEWS.intersection(drawn.get("class").split()):
            kept.pop()
        kept.append(_formula(child.text(), display="mode=display" in kind.replace(" ", "")))
    parent.children = kept


def _formula(tex: str, *, display: bool) -> Element:
    formula = Element("math", {"display": "block"} if display else {})
    annotation = Element("annotation", {"encoding": "application/x-tex"})
    annotation.children = [tex]
    formula.children = [annotation]
    return formula
