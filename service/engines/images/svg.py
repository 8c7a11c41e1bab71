"""SVG as a picture only: parsed, reduced to an allow-list, limited, and drawn as PNG if a target cannot show SVG.

An SVG of 1 KB with nested `use` blocks a renderer (measured), another refers to files and addresses, and a script would run in
an e-book reader. Everything that is not on the list is removed.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import resvg_py
from lxml import etree
from PIL import Image

from service.engines.images import svg_labels, svg_names, svg_styles

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
LARGEST = 2_000_000
MOST_ELEMENTS = 20_000
DEEPEST = 64
MOST_USED = 50_000  # elements drawn in all, by nested `use`, masks, clips, patterns, filters and markers too

ELEMENTS = frozenset(
    """
    svg g defs symbol use path rect circle ellipse line polyline polygon text tspan textPath title desc image
    linearGradient radialGradient stop clipPath mask pattern marker switch style a
    filter feBlend feColorMatrix feComponentTransfer feComposite feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur
    feMerge feMergeNode feOffset feDropShadow
    """.split()  # noqa: SIM905
)
PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+")
XML = "http://www.w3.org/XML/1998/namespace"
# Attributes of other namespaces; not xml:base, because it changes every address.
OTHERS = frozenset({f"{{{XLINK}}}href", f"{{{XLINK}}}title", f"{{{XML}}}space", f"{{{XML}}}lang"})
# Attributes whose value is not CSS: parentheses and backslashes are text in them.
TEXTS = frozenset({"id", "class", "d", "points", "viewBox", "values", "lang", "role", "type", "media", "name"})
TRANSFORM = re.compile(r"(?>(?:[\s,]*+[a-zA-Z]++\s*+\([\d\s.,eE+\-]*+\))*)[\s,]*+")
NUMBERS = re.compile(r"\d[\d.]*+")
TRANSFORMS = frozenset({"transform", "gradientTransform", "patternTransform"})
GRADIENTS = frozenset({"linearGradient", "radialGradient"})
LENGTH = re.compile(r"\s*+([0-9.]++)\s*+(?>(px|pt|mm|cm|in|em)?)\s*+$")
PIXELS = {"px": 1.0, "": 1.0, "pt": 4 / 3, "mm": 3.78, "cm": 37.8, "in": 96.0, "em": 16.0}


class Unsafe(Exception):
    """The reason why the picture cannot be used; safe to show."""


def looks_like_svg(data: bytes) -> bool:
    head = data[:4_096].lstrip(b"\xef\xbb\xbf \t\r\n")
    return head.startswith(b"<") and b"<svg" in data[:65_536].lower()


def clean(data: bytes) -> tuple[bytes, int, int]:
    """The picture reduced to elements that only draw, with its width and height in CSS pixels. Raises Unsafe."""
    if len(data) > LARGEST:
        raise Unsafe("the SVG is too large")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        raise Unsafe("the SVG cannot be parsed") from None
    if root.tag != f"{{{SVG}}}svg":
        raise Unsafe("it is not an SVG image")
    if root.getroottree().docinfo.internalDTD is not None and b"<!ENTITY" in data:
        raise Unsafe("the SVG declares entities")
    try:
        svg_labels.drawn(root)
        _filter(root)
        _restyle(root)
        svg_names.settle(root)
    except svg_styles.TooLong:
        raise Unsafe("the SVG has too much style") from None
    _bound_uses(root)
    etree.cleanup_namespaces(root)  # an unused one is an address that is never requested
    width, height = _size(root)
    return etree.tostring(root), width, height


def _filter(root: etree._Element) -> None:
    count = 0
    todo = [(root, 0)]
    while todo:
        element, depth = todo.pop()
        count += 1
        if count > MOST_ELEMENTS or depth > DEEPEST:
            raise Unsafe("the SVG is too complex")
        for child in list(element):
            if _draws(child):
                todo.append((child, depth + 1))
            else:
                element.remove(child)
        _filter_attributes(element)


def _draws(element: etree._Element) -> bool:
    if not isinstance(element.tag, str):
        return False
    name = etree.QName(element)
    return name.namespace == SVG and name.localname in ELEMENTS


def _filter_attributes(element: etree._Element) -> None:
    picture = etree.QName(element).localname == "image"
    for key, raw in list(element.attrib.items()):
        value = str(raw)
        name = etree.QName(key)
        local = name.localname.lower()
        if local == "href":
            if not (value.startswith("#") or (picture and PICTURE.fullmatch(value))):
                del element.attrib[key]
        elif local.startswith("on") or (name.namespace is not None and key not in OTHERS):
            del element.attrib[key]
        elif local == "style":
            element.set(key, svg_styles.declarations(value))
        elif not _is_harmless(name.localname, value):
            del element.attrib[key]


def _is_harmless(name: str, value: str) -> bool:
    """Whether the attribute draws only with content of the picture. Without parentheses and escapes there is no function."""
    if name in TEXTS or name.startswith(("data-", "aria-")) or ("(" not in value and "\\" not in value):
        return True
    return (name in TRANSFORMS and TRANSFORM.fullmatch(value) is not None) or svg_styles.is_taken(value)


def _restyle(root: etree._Element) -> None:
    """Replaces each style sheet by its safe rules, read from all text of its element. Elements inside are removed."""
    gradients = frozenset(each.get("id", "") for each in root.iter(*(f"{{{SVG}}}{name}" for name in GRADIENTS)))
    for element in root.iter(f"{{{SVG}}}style"):
        text = "".join(map(str, element.itertext()))
        for child in list(element):
            element.remove(child)
        element.text = svg_styles.sheet(text, gradients)


def _bound_uses(root: etree._Element) -> None:
    """Counts what all references together draw; one to itself or too many raise Unsafe."""
    by_id = {element.get("id"): element for element in root.iter() if element.get("id")}
    weights: dict[str, int] = {}

    def weight(element: etree._Element, open_ids: frozenset[str]) -> int:
        total = 0
        for each in element.iter():
            total += 1
            for target, times in _references(each):
                total += times * target_weight(target, open_ids)
            if total > MOST_USED:
                raise Unsafe("the SVG repeats itself too often")
        return total

    def target_weight(target: str, open_ids: frozenset[str]) -> int:
        if target in open_ids:
            raise Unsafe("the SVG refers to itself")
        if target not in weights and target in by_id and etree.QName(by_id[target]).localname not in GRADIENTS:
            weights[target] = weight(by_id[target], open_ids | {target})
        return weights.get(target, 0)

    weight(root, frozenset())


def _references(element: etree._Element) -> Iterator[tuple[str, int]]:
    """The fragments that the element draws, and the number of times: a marker is drawn at each corner of its path."""
    if etree.QName(element).localname in ("use", "textPath"):
        yield (element.get("href") or element.get(f"{{{XLINK}}}href") or "")[1:], 1
    for key, value in element.attrib.items():
        if key in TEXTS or key in TRANSFORMS or "(" not in value:
            continue
        corners = 1
        if "marker" in key or (key == "style" and "marker" in value):
            corners = sum(1 for _ in NUMBERS.finditer(element.get("d") or element.get("points") or "")) // 2 + 1
        yield from ((target, corners) for target in svg_styles.fragments(str(value)))


def _size(root: etree._Element) -> tuple[int, int]:
    width, height = (_pixels(root.get(name, "")) for name in ("width", "height"))
    box = [float(part) for part in re.findall(r"[-+0-9.eE]+", root.get("viewBox", "")) if _is_number(part)]
    if len(box) == 4 and box[2] > 0 and box[3] > 0:
        width = width or (height * box[2] / box[3] if height else box[2])
        height = height or width * box[3] / box[2]
    width, height = width or 300.0, height or 150.0
    if not (0 < width <= 16_384 and 0 < height <= 16_384):
        raise Unsafe("the SVG is too large")
    return max(1, round(width)), max(1, round(height))


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _pixels(text: str) -> float:
    found = LENGTH.match(text)
    return float(found[1]) * PIXELS[found[2] or ""] if found and _is_number(found[1]) else 0.0


def rasterised(data: bytes, width: int) -> bytes:
    """A PNG of that width. Raises Unsafe where it cannot be drawn."""
    try:
        drawn = bytes(resvg_py.svg_to_bytes(svg_string=data.decode(), width=width))
        with Image.open(io.BytesIO(drawn), formats=("PNG",)) as image:
            image.verify()
    except (ValueError, OSError, RuntimeError, BaseExceptionGroup):
        raise Unsafe("the SVG cannot be drawn") from None
    return drawn


def on_white(png: bytes) -> bytes:
    """The PNG without transparency."""
    with Image.open(io.BytesIO(png), formats=("PNG",)) as image:
        sheer = image.convert("RGBA")
    output = io.BytesIO()
    Image.alpha_composite(Image.new("RGBA", sheer.size, "white"), sheer).convert("L").save(output, "PNG", compress_level=9)
    return output.getvalue()
