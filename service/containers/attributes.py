"""XHTML as EPUB allows it: attributes on the elements that may have them, identifiers once, links that lead somewhere.

pandoc writes every attribute of HTML on any element. Attributes that are not allowed are removed; they
never have text. Source: HTML Living Standard, attributes index; EPUB 3.3, 6.1 (epubcheck RSC-005, RSC-012, RSC-020).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from lxml import etree

XHTML = "{http://www.w3.org/1999/xhtml}"
SIZED = frozenset({"img", "canvas", "embed", "iframe", "object", "video", "source"})
# Attribute → the elements that may have it; all others may stand anywhere, or pandoc writes them as data-….
ALLOWED: Mapping[str, frozenset[str]] = {
    "datetime": frozenset({"time", "ins", "del"}),
    "width": SIZED,
    "height": SIZED,
    "start": frozenset({"ol"}),
    "reversed": frozenset({"ol"}),
    "type": frozenset({"ol", "a", "link", "object", "embed", "source", "script", "style"}),
    "value": frozenset({"li", "data", "meter", "progress"}),
    "cite": frozenset({"blockquote", "q", "ins", "del"}),
    "span": frozenset({"col", "colgroup"}),
    "colspan": frozenset({"td", "th"}),
    "rowspan": frozenset({"td", "th"}),
    "headers": frozenset({"td", "th"}),
    "scope": frozenset({"th"}),
    "abbr": frozenset({"th"}),
    "open": frozenset({"details"}),
    "alt": frozenset({"img"}),
    "src": frozenset({"img", "audio", "video", "source", "embed", "iframe"}),
    "href": frozenset({"a", "area", "link"}),
    "hreflang": frozenset({"a", "link"}),
    "rel": frozenset({"a", "area", "link"}),
    "target": frozenset({"a", "area"}),
    "download": frozenset({"a", "area"}),
}  # fmt: skip
DATA_NAME = re.compile("data-[a-z0-9._-]+")
HOST = re.compile(r"[\w.\-\[\]:@%!$&'()*+,;=~]*")


def settle(body: etree._Element) -> None:
    """Makes the body of a book valid, in place. Call it when its notes have their place and their identifiers."""
    known = set[str]()
    for element in list(body.iter(etree.Element)):
        if str(element.tag).startswith(XHTML):
            _settle_attributes(element, element.tag.removeprefix(XHTML))
        identifier = element.get("id")
        if identifier in known:
            del element.attrib["id"]
        elif identifier:
            known.add(identifier)
    for link in body.iter(XHTML + "a"):
        if not _leads(link.get("href", "x"), known):
            del link.attrib["href"]
    for listed in list(body.iter(XHTML + "dl")):
        _complete(listed)


def _settle_attributes(element: etree._Element, name: str) -> None:
    for attribute, value in list(element.attrib.items()):
        allowed = ALLOWED.get(str(attribute))
        if allowed is not None and name not in allowed:
            del element.attrib[attribute]
        elif str(attribute).startswith("data-") and not DATA_NAME.fullmatch(str(attribute)):
            del element.attrib[attribute]
            lowered = str(attribute).lower()
            if DATA_NAME.fullmatch(lowered) and lowered not in element.attrib:
                element.set(lowered, value)


def _leads(href: str, known: set[str]) -> bool:
    """Whether a reader can follow the link: to an identifier of the book, or to a host with a legal name."""
    if href.startswith("#"):
        return href[1:] in known or unquote(href[1:]) in known
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    if parts.scheme and not href.partition(":")[2]:
        return False  # `mailto:` alone
    return "%20" not in parts.netloc and HOST.fullmatch(parts.netloc) is not None


def _complete(listed: etree._Element) -> None:
    """A list of definitions has a term first and a definition last; empty ones are dropped."""
    children = [child for child in listed if isinstance(child.tag, str)]
    if not children:
        listed.tag = XHTML + "div"
    elif children[-1].tag == XHTML + "dt":
        etree.SubElement(listed, XHTML + "dd")
    if children and children[0].tag == XHTML + "dd":
        listed.insert(0, etree.Element(XHTML + "dt"))
