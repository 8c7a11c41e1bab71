"""The attributes of an element that stay: the identifier, classes, language, direction, alignment, sizes, numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from service.ast import floats
from service.ast.html.tree import Element
from service.ast.pandoc_ast import Attr

CLASS = re.compile(r"[\w-]{1,64}")
ATTRIBUTES: Mapping[str, re.Pattern[str]] = {
    "lang": re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*"),
    "dir": re.compile(r"ltr|rtl|auto"),
    "align": re.compile(r"left|right|center|justify|start|end"),
    "width": re.compile(r"\d{1,5}(\.\d{1,4})?(px|%|em|cm|mm|in|pt)?"),
    "height": re.compile(r"\d{1,5}(\.\d{1,4})?(px|%|em|cm|mm|in|pt)?"),
    "start": re.compile(r"\d{1,6}"),
    "startFrom": re.compile(r"\d{1,6}"),
    "number": re.compile(r"\d{1,6}"),
    "title": re.compile(r"[^\x00-\x1f]{1,500}"),
    "datetime": re.compile(r"[0-9TZ:.+\-]{4,40}"),
}


def clean_attr(attributes: Sequence[Any]) -> list[Any]:
    """The identifier, classes and pairs that stay, by an allow-list, because forbidden ones cannot be listed."""
    identifier, classes, pairs = attributes
    kept: dict[str, str] = {}
    for key, value in pairs:
        name = "lang" if key == "xml:lang" else key
        if name in ATTRIBUTES and ATTRIBUTES[name].fullmatch(value):
            kept.setdefault(name, value)
    identifier = identifier if len(identifier) <= 200 and not re.search(r"[\s\x00-\x1f\"'<>]", identifier) else ""
    return [identifier, [name for name in classes if CLASS.fullmatch(name)], [[key, value] for key, value in kept.items()]]


STYLE = re.compile(r"(?:^|;)\s*(text-align|width|height|float)\s*:([^;!]*)", re.IGNORECASE)
ALIGNED = {"middle": "center", "-webkit-center": "center", "-moz-center": "center"}
SIZED = frozenset({"width", "height"})
NOT_GENERAL = SIZED | {"align", "start", "startFrom", "number"}


def styles(element: Element) -> dict[str, str]:
    """The alignment and the size in the element's style. A style has precedence over an attribute."""
    return {name.lower(): value.strip().lower() for name, value in STYLE.findall(element.get("style"))}


def alignment(element: Element) -> str:
    """The alignment of the element's text; empty if it has none."""
    said = styles(element).get("text-align") or element.get("align").strip().lower()
    said = "center" if element.tag == "center" else ALIGNED.get(said, said)
    return said if ATTRIBUTES["align"].fullmatch(said) else ""


def floated(element: Element) -> list[str]:
    """The class of a picture or figure at one side; for an image also by `align` (HTML Standard, 15.4.3)."""
    said = styles(element).get("float") or (element.get("align").strip().lower() if element.tag == "img" else "")
    return [floats.NAMES[said]] if said in floats.NAMES else []


def attributes_of(element: Element) -> Attr:
    """The attributes that any node may have. Nodes that show sizes and alignment add these."""
    pairs = [(key, value) for key, value in element.attributes.items() if key not in NOT_GENERAL]
    return clean_attr([element.get("id"), element.get("class").split(), pairs])


def sized_attributes_of(element: Element) -> Attr:
    """With the size of a picture or a table."""
    sizes = {key: value for key, value in styles(element).items() if key in SIZED and value != "auto"}
    pairs = {**element.attributes, **sizes}
    return clean_attr(
        [element.get("id"), element.get("class").split(), [(k, v) for k, v in pairs.items() if k not in NOT_GENERAL - SIZED]]
    )
