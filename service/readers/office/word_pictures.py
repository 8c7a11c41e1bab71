"""The pictures of a Word document, one per run: in a run with text and pictures, or with several, pandoc reads only one."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping

from lxml import etree

from service.ast import pandoc_ast
from service.readers.office.base import PART
from service.readers.office.inserts import Inserts
from service.readers.office.word_names import BLIP, IMAGE_DATA, PIC, RUN, VML, WP, R, replaced, run, w

DRAWING, PICT, OBJECT = w("drawing"), w("pict"), w("object")
HOLDERS = frozenset({DRAWING, PICT, OBJECT})
# In a run with one of these pandoc reads only that one.
ALONE = HOLDERS | {w(name) for name in ("fldChar", "instrText", "footnoteReference", "endnoteReference")}
EMBEDDED, LINKED, BY_ID = f"{{{R}}}embed", f"{{{R}}}link", f"{{{R}}}id"
HREF = f"{{{R}}}href"
PROPERTIES = w("rPr")


class Pictures:
    """The pictures of one part. `targets` are its relationships: id → part of the package, or an address outside of it."""

    def __init__(self, targets: Mapping[str, str], parts: Mapping[str, bytes], inserts: Inserts) -> None:
        self.targets, self.parts, self.inserts = targets, parts, inserts
        self.elsewhere: list[str] = []  # those outside of a folder "media", where pandoc does not look

    def separate(self, top: etree._Element) -> None:
        """Changes the tree of the part in place."""
        for element in list(top.iter(RUN)):
            children = [child for child in element if child.tag != PROPERTIES]
            if len(children) > 1 and any(child.tag in ALONE for child in children):
                _split(element, children)
        for holder in list(top.iter(*HOLDERS)):
            self._separate(holder)

    def _separate(self, holder: etree._Element) -> None:
        """Each picture of a drawing in a run of its own; a stand-in for each that is not in the package."""
        element = holder.getparent()
        if element is None or element.tag != RUN:
            return
        runs: list[etree._Element] = []
        pictures = list(_pictures(holder))
        about = list(holder.iter(f"{{{WP}}}docPr"))[:1]
        extents = list(holder.iter(f"{{{WP}}}extent"))[:1] if len(pictures) == 1 else []
        for picture in pictures:
            alt = _described(picture, about)
            name = _name(picture)
            target = self.targets.get(name, "") if name else picture.get(HREF, "") or picture.get("src", "")
            if target in self.parts and "media" in target.split("/")[:-1]:
                runs.append(_alone(picture, name, alt, extents))
            elif target in self.parts:
                self.elsewhere.append(target)
                runs.append(self._apart(alt, PART + target))
            else:
                runs.append(self._apart(alt, self.targets.get(picture.get(LINKED, ""), target)))
        if runs:
            replaced(element, runs)

    def _apart(self, alt: str, target: str) -> etree._Element:
        return run(self.inserts.inline(pandoc_ast.image(pandoc_ast.words(alt), target.strip() or "picture")))


def _split(element: etree._Element, children: list[etree._Element]) -> None:
    """A run for each child that pandoc reads separately, and for the children between them."""
    properties = element.find(PROPERTIES)
    runs: list[etree._Element] = []
    fresh = True
    for child in children:
        if child.tag in ALONE or fresh:
            runs.append(etree.Element(RUN))
            runs[-1].extend([copy.deepcopy(properties)] if properties is not None else [])
        runs[-1].append(child)
        fresh = child.tag in ALONE
    replaced(element, runs)


def _pictures(holder: etree._Element) -> Iterator[etree._Element]:
    """The elements that name a picture: a blip (one of two for a picture and its vector form), or VML's image data."""
    yield from holder.iter(BLIP, IMAGE_DATA)


def _name(picture: etree._Element) -> str:
    return picture.get(EMBEDDED) or picture.get(BY_ID) or ""


def _described(picture: etree._Element, drawing: list[etree._Element]) -> str:
    """The alternative text of the picture itself, of the drawing (its properties), or of the shape."""
    own = next(picture.iterancestors(f"{{{PIC}}}pic"), None)
    named = own.find(f"{{{PIC}}}nvPicPr/{{{PIC}}}cNvPr") if own is not None else None
    about = [*([named] if named is not None else ()), *drawing, *picture.iterancestors(f"{{{VML}}}shape")]
    words = (each.get(key, "").strip() for key in ("descr", "alt", "title") for each in about)
    return next(filter(None, (*words, picture.get("title", "").strip())), "")


def _alone(picture: etree._Element, name: str, alt: str, extents: list[etree._Element]) -> etree._Element:
    """A run with only that picture; `extents` is the size of the drawing, if the picture is all of it."""
    if picture.tag == IMAGE_DATA:
        outer = etree.Element(RUN)
        shape = etree.SubElement(etree.SubElement(outer, PICT), f"{{{VML}}}shape")
        etree.SubElement(shape, IMAGE_DATA).set(BY_ID, name)
        return outer
    outer = etree.Element(RUN)
    inline = etree.SubElement(etree.SubElement(outer, DRAWING), f"{{{WP}}}inline")
    inline.extend([copy.deepcopy(each) for each in extents])
    properties = etree.SubElement(inline, f"{{{WP}}}docPr")
    properties.set("descr", alt)
    drawn = etree.SubElement(inline, f"{{{PIC}}}pic")
    fill = etree.SubElement(drawn, f"{{{PIC}}}blipFill")
    etree.SubElement(fill, BLIP).set(EMBEDDED, name)
    return outer
