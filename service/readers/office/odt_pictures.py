"""The pictures of an OpenDocument text: pandoc reads only those in Pictures/, and Word writes media/."""

from __future__ import annotations

import base64
import binascii
import posixpath
from urllib.parse import unquote

from lxml import etree

from service.ast import pandoc_ast
from service.ast.pandoc_ast import Node
from service.containers import packages
from service.readers.office.inserts import Inserts
from service.readers.office.odt_names import FRAME, HREF, IMAGE, OFFICE, SVG, d

FOLDER = "Pictures/"
DATA = f"{{{OFFICE}}}binary-data"
FORMULA = b"http://www.w3.org/1998/Math/MathML"


def bound(body: etree._Element, parts: dict[str, bytes], inserts: Inserts) -> dict[str, list[str]]:
    """Every picture is in Pictures/, or an image of the AST that leads out of the document. Changes tree and parts.

    Returns the descriptions of each picture in the package, in the order of the text: pandoc ignores them.
    """
    descriptions: dict[str, list[str]] = {}
    for frame in list(body.iter(FRAME)):
        images = list(frame.iterchildren(IMAGE))
        for image in images:
            _move(image, parts)
        described = next((text for tag in ("desc", "title") if (text := _text(frame, tag))), "")
        descriptions.setdefault(images[0].get(HREF, "") if images else "", []).append(described)
        if images and not any(image.get(HREF, "") in parts for image in images) and not _is_formula(frame, parts):
            stands = inserts.inline(pandoc_ast.image(pandoc_ast.words(described), images[0].get(HREF) or "picture"))
            _replace_by_text(frame, stands)
    return {name: texts for name, texts in descriptions.items() if any(texts)}


def described(node: Node, descriptions: dict[str, list[str]]) -> Node:
    """An image with its description, if it has none."""
    attributes, alt, (name, title) = node["c"]
    texts = descriptions.get(name)
    text = texts.pop(0) if texts else ""
    return pandoc_ast.image(pandoc_ast.words(text), name, title, attributes) if text and not alt else node


def _text(frame: etree._Element, tag: str) -> str:
    return " ".join((frame.findtext(f"{{{SVG}}}{tag}") or "").split())


def _is_formula(frame: etree._Element, parts: dict[str, bytes]) -> bool:
    objects = (posixpath.normpath(each.get(HREF, "")) + "/content.xml" for each in frame.iterchildren(d("object")))
    return any(FORMULA in parts.get(name, b"")[:2000] for name in objects)


def _move(image: etree._Element, parts: dict[str, bytes]) -> None:
    """Moves the picture's bytes to a name in Pictures/."""
    href = image.get(HREF, "")
    name = posixpath.normpath(unquote(href)) if href and "://" not in href else ""
    data = parts.get(name) or parts.get(href) or _enclosed(image)
    if not data:
        return
    target = name if name.startswith(FOLDER) and "/" not in name.removeprefix(FOLDER) else FOLDER + _flat(name, parts)
    parts[target] = data
    image.set(HREF, target)


def _flat(name: str, parts: dict[str, bytes]) -> str:
    stem, suffix = posixpath.splitext(name.replace("/", "-") or f"enclosed-{len(parts)}")
    return stem.lstrip(".") + suffix


def _enclosed(image: etree._Element) -> bytes:
    try:
        return base64.b64decode(image.findtext(DATA) or "", validate=False)
    except binascii.Error:
        return b""


def _replace_by_text(frame: etree._Element, text: str) -> None:
    frame.tail = text + (frame.tail or "")
    packages.take_out(frame)
