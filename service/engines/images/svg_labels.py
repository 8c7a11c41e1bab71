"""The text of `foreignObject` as text of SVG.

Programs that draw diagrams (Mermaid, draw.io) write their labels as HTML in the SVG, which other SVG renderers do not show. Each
label becomes lines of text in the middle of its rectangle, with its words, colour and size. The rest of its HTML is removed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

SVG = "http://www.w3.org/2000/svg"
BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol"})
SILENT = frozenset({"script", "style", "head", "title", "template"})
SIZE, LEADING, WIDE, NARROW = 14.0, 1.25, 1.0, 0.55  # pixels, then of an em: line, ideograph, other characters
SMALLEST = 5.0
MOST_LINES = 200
FONT_SIZE = re.compile(r"font-size\s*:\s*([0-9]+(?:\.[0-9]+)?)px")
COLOUR = re.compile(r"(?:^|[;\s])color\s*:\s*(#[0-9a-fA-F]{3,8}|[a-zA-Z]+|rgb\([0-9, ]+\))")
ALIGNED = re.compile(r"(?:text-align|justify-content)\s*:\s*(?:unsafe )?(left|start|flex-start)")


def drawn(root: etree._Element) -> None:
    """Replaces each `foreignObject` of a picture by text. The whole text of a `switch` next to one stays."""
    for element in list(root.iter(f"{{{SVG}}}foreignObject")):
        parent = element.getparent()
        if parent is None:
            continue
        words = [line for each in "".join(_text(element)).split("\n") if (line := " ".join(each.split()))]
        instead = parent.find(f"{{{SVG}}}text") if parent.tag == f"{{{SVG}}}switch" else None
        if instead is None and words:
            label = _label(element, words)
            label.tail = element.tail
            parent.replace(element, label)
        elif instead is not None and (instead.text or "").endswith("..."):  # draw.io cuts it short
            instead.text = " ".join(words)


def _label(element: etree._Element, words: list[str]) -> etree._Element:
    """The lines of `words` in the middle of the element's rectangle."""
    x, y, width, height = (_number(element.get(name, "")) for name in ("x", "y", "width", "height"))
    styles = " ".join(each.get("style", "") for each in element.iter(etree.Element))
    size = max((float(each) for each in FONT_SIZE.findall(styles)), default=0.0) or SIZE
    lines = _wrapped(words, width / size if width > 1 else 0)
    while height > 1 and len(lines) > 1 and len(lines) * size * LEADING > height * 1.2 and size > SMALLEST:
        size -= 1
        lines = _wrapped(words, width / size if width > 1 else 0)
    colour = COLOUR.search(styles)
    at_start = ALIGNED.search(styles) is not None or width <= 1
    text = etree.Element(f"{{{SVG}}}text", {
        "font-family": "Noto Sans, sans-serif", "font-size": f"{size:g}", "text-anchor": "start" if at_start else "middle",
        "fill": colour[1] if colour else "#222",
    })  # fmt: skip
    top = y + max(height - len(lines) * size * LEADING, 0) / 2 if height > 1 else y
    for index, line in enumerate(lines[:MOST_LINES]):
        at = {"x": f"{x if at_start else x + width / 2:g}", "y": f"{top + (index + 0.8) * size * LEADING:g}"}
        etree.SubElement(text, f"{{{SVG}}}tspan", at).text = line
    return text


def _text(element: etree._Element) -> Iterator[str]:
    """The words, with a line feed around each block."""
    for child in element:
        name = etree.QName(child).localname.lower() if isinstance(child.tag, str) else ""
        if name and name not in SILENT:
            edge = "\n" if name in BREAKS else ""
            yield edge + (child.text or "").replace("\n", " ")
            yield from _text(child)
            yield edge
        yield (child.tail or "").replace("\n", " ")


def _wrapped(paragraphs: list[str], ems: float) -> list[str]:
    """Lines of at most that many ems; all in one where it is 0."""
    lines: list[str] = []
    for paragraph in paragraphs:
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}".strip()
            if line and ems and _width(longer) > ems * 1.05:
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    return lines


def _width(text: str) -> float:
    return sum(WIDE if character >= "\u2e80" else NARROW for character in text)


def _number(text: str) -> float:
    try:
        return float(text.removesuffix("px"))
    except ValueError:
        return 0.0
