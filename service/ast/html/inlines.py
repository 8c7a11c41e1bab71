"""The inline elements: markup around text, links, code, ruby, formulas, fields, players."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from service.ast.html import mathml, pictures
from service.ast.html.attributes import attributes_of
from service.ast.html.shape import BREAK, trimmed
from service.ast.html.tree import Element
from service.ast.pandoc_ast import Node, attr, link, span, string, text, walk, words

if TYPE_CHECKING:
    from service.ast.html import Converter

Around = Callable[[Element, list[Node]], list[Node]]


def markup(tag: str) -> Around:
    """An element that is a node of the AST. Its attributes, if any, are on a span in it."""

    def around(element: Element, inside: list[Node]) -> list[Node]:
        spans = spanned(element, inside)
        return [{"t": tag, "c": spans}] if spans else []

    return around


def classed(name: str) -> Around:
    def around(element: Element, inside: list[Node]) -> list[Node]:
        identifier, classes, pairs = attributes_of(element)
        return [span(inside, [identifier, [name, *classes], pairs])] if inside or identifier else []

    return around


def spanned(element: Element, inside: list[Node]) -> list[Node]:
    """The text alone, or in a span if an attribute must be kept."""
    attributes = attributes_of(element)
    return [span(inside, attributes)] if attributes != attr() and (inside or attributes[0]) else inside


def quoted(element: Element, inside: list[Node]) -> list[Node]:
    """Double marks. A quotation inside has single ones, one inside that double ones again."""
    spans = walk(spanned(element, inside), _turned, {"Quoted"})
    return [{"t": "Quoted", "c": [{"t": "DoubleQuote"}, spans]}] if spans else []


def _turned(node: Node) -> Node:
    other = "SingleQuote" if node["c"][0]["t"] == "DoubleQuote" else "DoubleQuote"
    return {"t": "Quoted", "c": [{"t": other}, node["c"][1]]}


def anchor(element: Element, inside: list[Node]) -> list[Node]:
    inside = walk(_trimmed_ends(inside), _unlinked, {"Link"})
    attributes, target = attributes_of(element), element.get("href").strip()
    attributes = [attributes[0] or element.get("name"), attributes[1], [pair for pair in attributes[2] if pair[0] != "title"]]
    if target:
        place = [span([], attr(attributes[0]))] if attributes[0] else []
        return [link(inside, target, element.get("title"), attributes)] if inside else place
    return [span(inside, attributes)] if attributes[0] else inside


def _trimmed_ends(inlines: list[Node]) -> list[Node]:
    return trimmed(inlines) if len(inlines) > 1 and inlines[0]["t"] == "LineBreak" else inlines


def _unlinked(node: Node) -> Node | list[Node]:
    """No link within a link."""
    inside: list[Node] = node["c"][1]
    return inside


def line_break(_converter: Converter, _element: Element) -> list[Node]:
    return [BREAK]


def nothing(_converter: Converter, _element: Element) -> list[Node]:
    return []


def code(converter: Converter, element: Element) -> list[Node]:
    """`<kbd>`, `<samp>` and `<tt>` are code with that class. Pictures in code stand after it."""
    attributes, inside = attributes_of(element), converter.inlines_in(element)
    images = [node for node in inside if node["t"] == "Image"]
    content = text([node for node in inside if node["t"] != "Image"]).strip("\n")
    classes = [] if element.tag == "code" else [element.tag]
    return [*([{"t": "Code", "c": [[attributes[0], classes, []], content]}] if content else []), *images]


def ruby(converter: Converter, element: Element) -> list[Node]:
    """A span of class `ruby`: bases, each followed by its reading as a span of class `rt` between parentheses of class `rp`.
    Only targets without ruby show the parentheses.
    """
    out: list[Node] = []
    for node in converter.inlines_in(element):
        kind = node["c"][0][1][:1] if node["t"] == "Span" else []
        if kind == ["rt"]:
            marks = [span([string(mark)], attr(classes=["rp"])) for mark in "()"]
            out += [marks[0], node, marks[1]]
        elif kind != ["rp"]:
            out.append(node)
    attributes = attributes_of(element)
    return [span(out, [attributes[0], ["ruby"], attributes[2]])] if out else []


def form_field(converter: Converter, element: Element) -> list[Node]:
    """A field of a form: a check box, a picture, else its text."""
    kind = element.get("type").lower()
    if kind in ("checkbox", "radio"):
        return [string("☒" if "checked" in element.attributes else "☐")]
    if kind == "image":
        return pictures.image_of(converter, element)
    value = element.get("value") or element.get("placeholder")
    if kind not in ("hidden", "password") and value:
        return words(" ".join(value.split()))
    converter.drop(element, value)
    return []


def text_field(_converter: Converter, element: Element) -> list[Node]:
    """The text of a larger field of a form, line by line."""
    lines = [words(" ".join(line.split())) for line in element.text().strip().split("\n")]
    return [node for number, line in enumerate(lines) for node in ([BREAK] if number else []) + line]


def choice(converter: Converter, element: Element) -> list[Node]:
    """The choices of a list, one after the other."""
    out: list[Node] = []
    for part in element.children:
        inside = trimmed(converter.inlines_of([part]))
        if inside and out:
            out += [{"t": "Space"}, string("/"), {"t": "Space"}]
        out += inside
    label = words(" ".join(element.get("label").split())) if element.tag != "select" else []
    return out if element.tag == "option" and out else [*label, *([string(":"), {"t": "Space"}] if label and out else []), *out]


def gauge(converter: Converter, element: Element) -> list[Node]:
    """A meter or the progress of a task: its text, else its value in per cent (HTML Standard, 4.10.13 and 4.10.14)."""
    if inside := converter.inlines_in(element):
        return spanned(element, inside)
    try:
        low, high = float(element.get("min") or 0), float(element.get("max") or 1)
        share = (float(element.get("value")) - low) / (high - low)
    except (ValueError, ZeroDivisionError):
        return []
    return [string(f"{min(max(share, 0.0), 1.0):.0%}")] if share == share else []  # noqa: PLR0124 (not a number)


def area(_converter: Converter, element: Element) -> list[Node]:
    """A link in an image map: its text and its address."""
    label, target = words(" ".join(element.get("alt").split())), element.get("href").strip()
    return [link(label, target, element.get("title")), {"t": "Space"}] if label and target else label


def formula(converter: Converter, element: Element) -> list[Node]:
    """MathML as TeX: the TeX in its annotation, else a translation; its text if that is not possible."""
    tex = mathml.tex(element)
    if tex:
        kind = "DisplayMath" if element.get("display") == "block" or element.get("mode") == "display" else "InlineMath"
        return [{"t": "Math", "c": [{"t": kind}, tex]}]
    content = " ".join(converter.text_of(element).split())
    converter.drop(element)
    return words(content) if content else []


def player(converter: Converter, element: Element) -> list[Node]:
    """A player or a frame as a link to its content. Its text for browsers that cannot play is in the notice."""
    shown = address_of(element)
    inside = " ".join(converter.text_of(element).split())
    if not shown:
        if element.tag == "iframe":
            converter.drop(element, f"{element.get('srcdoc')} {inside}".strip())
            return []
        return converter.inlines_in(element)
    converter.drop(element, f"{shown} {inside}".strip())
    label = next((said for name in ("title", "aria-label", "alt", "name") if (said := element.get(name).strip())), shown)
    return [link(words(" ".join(label.split())), shown)]


# AMP component → its attribute with an identifier of the site, and the address of that on the site.
SITES: Mapping[str, tuple[str, str]] = {
    "amp-youtube": ("data-videoid", "https://www.youtube.com/watch?v={}"),
    "amp-vimeo": ("data-videoid", "https://vimeo.com/{}"),
    "amp-dailymotion": ("data-videoid", "https://www.dailymotion.com/video/{}"),
    "amp-twitter": ("data-tweetid", "https://twitter.com/i/status/{}"),
    "amp-instagram": ("data-shortcode", "https://www.instagram.com/p/{}/"),
    "amp-facebook": ("data-href", "{}"),
    "amp-tiktok": ("data-src", "{}"),
}


def media(converter: Converter, element: Element) -> list[Node]:
    """A medium of an Evernote note: a picture, or a file, which has only the hash of its bytes as a name."""
    kind, name = element.get("type"), element.get("hash") or element.get("src")
    inside = converter.inlines_in(element)
    if kind.startswith("image/") and name:
        shown = Element("img", element.attributes | {"src": element.get("src") or f"{name}.{_suffix(kind)}"}, element.line)
        return [*pictures.image_of(converter, shown), *inside]
    converter.drop(element, f"{kind} {name}".strip())
    return inside


def _suffix(media_type: str) -> str:
    return {"jpeg": "jpg", "svg+xml": "svg"}.get(name := media_type.removeprefix("image/"), name)


def address_of(element: Element) -> str:
    """The address of the content of a player or a frame; empty if it has none."""
    sources = (each.get("src") for each in element.iter("source", "embed"))
    name, address = SITES.get(element.tag, ("", ""))
    if name and element.get(name):
        return address.format(element.get(name).strip())
    found = (element.get("src"), element.get("data-src"), element.get("data"), *sources, element.get("code"))
    return next((address.strip() for address in found if address.strip()), "")


def embedded_object(converter: Converter, element: Element) -> list[Node]:
    """A picture if it is one; else its content for browsers that cannot show it, or a link without that."""
    address = element.get("data").strip()
    if pictures.is_picture(address, element.get("type")):
        return pictures.image_of(converter, element)
    inside = trimmed(converter.inlines_in(element))
    if not address:
        return inside
    return [*inside, *([{"t": "Space"}] if inside else []), *player(converter, _without_content(element))]


def _without_content(element: Element) -> Element:
    return Element(element.tag, element.attributes, element.line)
