"""Pictures: the real address among those of lazy loading, drawings in the page, each picture once."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from service.ast.descriptions import DECORATIVE
from service.ast.html.attributes import floated, sized_attributes_of
from service.ast.html.tree import Element
from service.ast.pandoc_ast import Node, attr, image, span, words
from service.model.text.characters import legal

if TYPE_CHECKING:
    from service.ast.html import Converter

# Attributes with an image's address in lazy loading, the most reliable first.
LAZY = ("data-src", "data-original", "data-lazy-src", "data-actualsrc", "data-original-src", "data-lazy", "data-url")
SETS = ("srcset", "data-srcset", "data-lazy-srcset")
# Names of pictures that represent one that is loaded later.
PLACEHOLDER = re.compile(
    r"(?:^|[/_.-])(?:blank|spacer|placeholder|pixel|transparent|lazy(?:load)?|loading|1x1|grey|empty)[^/]*$", re.I
)
SUFFIX = re.compile(r"\.(?:png|jpe?g|gif|webp|avif|bmp|svg)(?:[?#]|$)", re.I)
NO_ADDRESS = re.compile(r"[\s{}\[\]<>\"]")
IMAGES = frozenset({"img", "image", "amp-img", "amp-anim", "picture"})
NAME = re.compile(r"[A-Za-z][\w-]*")
ATTRIBUTE = re.compile(r"(?:xlink:(?:href|title)|xml:(?:space|lang)|[A-Za-z_][\w-]*)")
DEFINITIONS = frozenset({
    "defs", "symbol", "clipPath", "mask", "pattern", "marker", "linearGradient", "radialGradient", "filter", "style", "script",
    "title", "desc", "metadata",
})  # fmt: skip
SVG = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
DRAWN = frozenset({
    "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "image", "foreignObject", "use",
})  # fmt: skip
ICON = re.compile(r"(?:^|[\s_-])(?:icons?|fa|svg-inline--fa|octicon|bi|glyph)(?:$|[\s_-])", re.I)


def address_of(element: Element) -> str:
    """The address of the picture; empty if it has none."""
    direct = (element.get("src") or element.get("data")).strip()
    if direct and not _is_placeholder(direct):
        return direct
    lazy = (element.get(name).strip() for name in LAZY)
    found = (*lazy, *_candidates(element), *_named_otherwise(element))
    real = [address for address in found if address and not _is_placeholder(address)]
    return next(iter(real), direct)


def _named_otherwise(element: Element) -> Iterator[str]:
    """Addresses of pictures in attributes that only a script of this page uses."""
    for name, value in element.attributes.items():
        if name.startswith("data-") and SUFFIX.search(value) and not NO_ADDRESS.search(value.strip()):
            yield value.strip()


def _is_placeholder(address: str) -> bool:
    return address.startswith("data:") or PLACEHOLDER.search(address) is not None


def _candidates(element: Element) -> Iterator[str]:
    """The largest picture of each set (HTML Standard, 4.8.4.2.1)."""
    for name in SETS:
        best, largest = "", -1.0
        for part in re.split(r",\s+|,(?=https?:)", element.get(name)):
            address, _, size = part.strip().partition(" ")
            number = re.match(r"[0-9]{1,6}(?:\.[0-9]{1,4})?", size.strip())
            if address and (width := float(number[0]) if number else 1.0) > largest:
                best, largest = address.rstrip(","), width
        yield best


def is_picture(address: str, media_type: str) -> bool:
    return bool(address) and (media_type.startswith("image/") or (not media_type and SUFFIX.search(address) is not None))


def image_of(converter: Converter, element: Element) -> list[Node]:
    """The picture. Its content (other content of an object or AMP) is its text if it has no other text."""
    inside = converter.inlines_in(element)
    address = address_of(element)
    if not address and inside:
        return inside
    pictures = [node for node in inside if node["t"] == "Image"]
    alt = words(" ".join(element.get("alt").split())) or (inside if len(pictures) < len(inside) else [])
    attributes = sized_attributes_of(element)
    attributes[1] = list(dict.fromkeys([*attributes[1], *floated(element), *[DECORATIVE] * _is_decorative(element)]))
    attributes[2] = [pair for pair in attributes[2] if pair[0] != "title"]
    return [image([node for node in alt if node["t"] != "Image"], address, element.get("title"), attributes)]


def _is_decorative(element: Element) -> bool:
    return element.get("role") in ("presentation", "none") or element.get("aria-hidden") == "true"


def picture(converter: Converter, element: Element) -> list[Node]:
    """`<picture>`: the image for all browsers; if its address is empty, the address of the first source."""
    images = list(element.below("img", "amp-img"))
    sources = [address for each in element.below("source") for address in (*_candidates(each), each.get("src")) if address]
    shown = images[0] if images else Element("img", {}, element.line)
    if sources and (not address_of(shown) or _is_placeholder(address_of(shown))):
        shown.attributes = shown.attributes | {"src": sources[0]}
    rest = [part for part in element.children if part is not shown and not (isinstance(part, Element) and part.tag == "source")]
    made = image_of(converter, shown) if address_of(shown) or shown.get("alt") else []
    return [*made, *converter.inlines_of(part for part in rest if not (isinstance(part, str) and not part.strip()))]


def settle(body: Element) -> None:
    """Joins a picture that a script loads later with the one for browsers without scripts, which is next to it."""
    for element in list(body.iter()):
        if not any(child.tag == "noscript" for child in element.elements()):
            continue
        shown = [child for child in element.children if not (isinstance(child, str) and not child.strip())]
        for first, second in pairwise(shown):
            if isinstance(first, Element) and isinstance(second, Element):
                _join(element, first, second)
                _join(element, second, first)


def _join(parent: Element, lazy: Element, fallback: Element) -> None:
    """Removes the `<noscript>` from `parent` if it contains only the picture of its neighbour."""
    if fallback.tag != "noscript" or fallback.text().strip() or lazy.tag not in IMAGES or lazy not in parent.children:
        return
    pictures = list(fallback.below("img", "amp-img"))
    if len(pictures) != 1 or fallback not in parent.children:
        return
    target = next(lazy.iter("img", "amp-img"), lazy)
    if not address_of(target) or _is_placeholder(address_of(target)):
        target.attributes = target.attributes | {"src": address_of(pictures[0])}
    target.attributes = {"alt": pictures[0].get("alt")} | {key: value for key, value in target.attributes.items() if value}
    parent.children.remove(fallback)


def drawing(converter: Converter, element: Element) -> list[Node]:
    """An SVG in the page as a picture. The image engine reduces it to elements that only draw. Its words are its text."""
    label = " ".join(" ".join(_words(element)).split())
    if not _draws(element):
        converter.drop(element, label)
        return []
    data = base64.b64encode(svg_source(element).encode()).decode()
    pairs = {key: value for key, value in sized_attributes_of(element)[2] if key in ("width", "height")}
    if not pairs and ICON.search(element.get("class")):
        pairs = {"width": "1em", "height": "1em"}
    node = image(
        words(label or element.get("aria-label")),
        f"data:image/svg+xml;base64,{data}",
        "",
        attr("", [DECORATIVE] * _is_decorative(element), pairs),
    )
    return [span([node], attr(element.get("id")))] if element.get("id") else [node]


def _words(element: Element) -> Iterator[str]:
    """All text of a drawing but its styles and scripts."""
    for child in element.children:
        if isinstance(child, str):
            yield child
        elif child.tag not in ("style", "script"):
            yield from _words(child)


def _draws(element: Element) -> bool:
    """Whether a page shows a part of it. Definitions, and uses of another drawing's definitions, are not shown."""
    todo, identifiers = [element], {each.get("id") for each in element.below() if each.get("id")}
    while todo:
        each = todo.pop()
        if each.tag == "use":
            if (each.get("href") or each.get("xlink:href")).removeprefix("#") in identifiers:
                return True
        elif each.tag in DRAWN:
            return True
        elif each.tag not in DEFINITIONS:
            todo += each.elements()
    return False


def svg_source(element: Element) -> str:
    """The drawing as XML. Names with a colon belong to drawing programs, except links and the language."""
    parts: list[str] = []
    todo: list[str | Element | tuple[str]] = [element]
    while todo:
        part = todo.pop()
        if isinstance(part, tuple):
            parts.append(f"</{part[0]}>")
        elif isinstance(part, str):
            parts.append(escape(legal(part)))
        elif NAME.fullmatch(part.tag):
            space = f" {SVG}" if part is element else ' xmlns="http://www.w3.org/1999/xhtml"' if not part.foreign else ""
            parts.append(f"<{part.tag}{space}{_xml_attributes(part)}>")
            todo += [(part.tag,), *reversed(part.children)]
    return "".join(parts)


def _xml_attributes(element: Element) -> str:
    pairs = [(key, value) for key, value in element.attributes.items() if ATTRIBUTE.fullmatch(key) and key != "xmlns"]
    return "".join(f" {key}={quoteattr(legal(value))}" for key, value in pairs)
