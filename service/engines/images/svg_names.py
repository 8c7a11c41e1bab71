"""Identifiers and names of attributes in an SVG that EPUB allows: XML names without colons, each identifier once.

Source: EPUB 3.3, 3.7 (SVG); epubcheck RSC-005, HTM_061.
"""

from __future__ import annotations

import re

from lxml import etree

BAD = re.compile(r"[^\w.\-]")
DATA_NAME = re.compile(r"data-[a-z_][a-z0-9._-]*")
REFERENCE = re.compile(r"(url\(\s*+[\"']?#)([^\s\"')]++)")


def settle(root: etree._Element) -> None:
    """Renames identifiers that EPUB forbids, and the references to them. Of two equal ones the first stays."""
    renamed: dict[str, str] = {}
    taken = {str(each.get("id")) for each in root.iter(etree.Element) if each.get("id")}
    seen = set[str]()
    for element in root.iter(etree.Element):
        for key in [str(each) for each in element.attrib if str(each).startswith("data-")]:
            if not DATA_NAME.fullmatch(key):
                del element.attrib[key]
        given = element.get("id")
        if given is None:
            continue
        if not given.strip() or given in seen:
            del element.attrib["id"]
            continue
        seen.add(given)
        if (name := _name(given, taken)) != given:
            renamed[given] = name
            element.set("id", name)
    if renamed:
        _refer(root, renamed)


def _name(given: str, taken: set[str]) -> str:
    """`given` as an XML name; another one if the picture has that name already."""
    plain = BAD.sub("_", given)
    plain = plain if re.match(r"[^\W\d]|_", plain) else f"_{plain}"
    if plain == given:
        return given
    while plain in taken:
        plain += "_"
    taken.add(plain)
    return plain


def _refer(root: etree._Element, renamed: dict[str, str]) -> None:
    """`href="#a:b"` and `url(#a:b)` lead to the new name; `#123456` in other places is a colour."""

    def follow(found: re.Match[str]) -> str:
        return found[1] + renamed.get(found[2], found[2])

    for element in root.iter(etree.Element):
        for key, raw in element.attrib.items():
            value = str(raw)
            if etree.QName(key).localname == "href":
                element.set(key, "#" + renamed.get(value[1:], value[1:]) if value.startswith("#") else value)
            elif "url(" in value:
                element.set(key, REFERENCE.sub(follow, value))
        if etree.QName(element).localname == "style" and element.text:
            element.text = REFERENCE.sub(follow, element.text)
