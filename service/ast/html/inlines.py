"""The inline elements that have a shape of their own: links, images, quotations, ruby, formulas."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from service.ast.descriptions import DECORATIVE
from service.ast.html import names
from service.ast.html.shape import BREAK, attributes_of, trimmed
from service.ast.html.tree import Element
from service.ast.pandoc_ast import Node, attr, image, link, span, string, text, walk, words

if TYPE_CHECKING:
    from service.ast.html import Converter, Make

# A size in a style, which has precedence over the attributes.
SIZE = re.compile(r"(?:^|;)\s*(width|height)\s*:([^;!]*)", re.I)
# Where lazy loading puts an image's address, in the order to believe them.
SOURCES = ("src", "data-src", "data-original", "data-lazy-src", "data-actualsrc")


def anchor(converter: Converter, element: Element) -> list[Node]:
    inside = walk(trimmed_ends(converter.inlines_in(element)), unlinked)
    attributes, target = attributes_of(element), element.get("href").strip()
    title = element.get("title")
    attributes = [attributes[0] or element.get("name"), attributes[1], []]
    if target:
        return [link(inside, target, title, attributes)] if inside else []
    return [span(inside, attributes)] if attributes[0] else inside


def trimmed_ends(inlines: list[Node]) -> list[Node]:
    return inlines if len(inlines) < 2 else trimmed(inlines) if inlines[0]["t"] == "LineBreak" else inlines


def unlinked(node: Node) -> Node | list[Node]:
    """No link within a link."""
    if node["t"] != "Link":
        return node
    inside: list[Node] = node["c"][1]
    return inside


def picture(_converter: Converter, element: Element) -> list[Node]:
    addresses = [element.get(name).strip() for name in SOURCES]
    real = [address for address in addresses if address and not address.startswith("data:")]
    address = next(iter(real), next(filter(None, addresses), ""))
    attributes = attributes_of(element)
    sizes = {name.lower(): value.strip() for name, value in SIZE.findall(element.get("style"))}
    pairs = {key: value for key, value in attributes[2] if key != "title" and key not in sizes}
    decorative = element.get("role") in ("presentation", "none") or element.get("aria-hidden") == "true"
    classes = list(dict.fromkeys([*attributes[1], *[DECORATIVE] * decorative]))
    attributes = names.clean_attr([attributes[0], classes, [*pairs.items(), *sizes.items()]])
    return [image(words(" ".join(element.get("alt").split())), address, element.get("title"), attributes)]


def line_break(_converter: Converter, _element: Element) -> list[Node]:
    return [BREAK]


def nothing(_converter: Converter, _element: Element) -> list[Node]:
    return []


def quoted(converter: Converter, element: Element) -> list[Node]:
    return [{"t": "Quoted", "c": [{"t": "DoubleQuote"}, converter.inlines_in(element)]}]


def ruby(converter: Converter, element: Element) -> list[Node]:
    """Base and reading as spans, the reading in parentheses: what a target that knows no ruby shows."""
    out: list[Node] = []
    for node in converter.inlines_in(element):
        kind = node["c"][0][1][:1] if node["t"] == "Span" else []
        if kind == ["rt"]:
            marks = [span([string(mark)], attr(classes=["rp"])) for mark in "()"]
            out += [marks[0], node, marks[1]]
        elif kind != ["rp"]:
            out.append(node)
    return [span(out, attr(classes=["ruby"]))] if out else []


def field(converter: Converter, element: Element) -> list[Node]:
    """A form's field: a box for a check mark, else the text in it."""
    kind = element.get("type").lower()
    if kind in ("checkbox", "radio"):
        return [string("☒" if "checked" in element.attributes else "☐")]
    value = element.get("value") or element.get("placeholder")
    shown = kind not in ("hidden", "password") and value
    if not shown:
        converter.dropped.append(("input", value))
    return words(value) if shown else []


def formula(converter: Converter, element: Element) -> list[Node]:
    """MathML by the TeX that its maker left in it; else its text."""
    tex = next((part.text() for part in element.iter("annotation") if "tex" in part.get("encoding")), "")
    if tex:
        kind = "DisplayMath" if element.get("display") == "block" else "InlineMath"
        return [{"t": "Math", "c": [{"t": kind}, tex.strip()]}]
    converter.dropped.append(("math", ""))
    return words(" ".join(element.text().split()))


def code(converter: Converter, element: Element) -> list[Node]:
    attributes = attributes_of(element)
    content = text(converter.inlines_in(element)).strip("\n")
    kind = [] if element.tag == "code" else [element.tag]
    return [{"t": "Code", "c": [[attributes[0], kind, []], content]}] if content else []


INLINES: Mapping[str, Make] = {
    "a": anchor, "img": picture, "br": line_break, "wbr": nothing, "q": quoted, "ruby": ruby, "input": field, "math": formula,
    "code": code, "kbd": code, "samp": code, "tt": code,
}  # fmt: skip
