"""Removes parts that Word does not print, or updates automatically: hidden text, and the list of contents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from service.containers import packages
from service.model.document import Notice
from service.model.notices import notice
from service.readers.office.title_page import letters
from service.readers.office.word_names import PARAGRAPH, RUN, TEXT, w
from service.readers.office.word_package import KNOWN

OFF = frozenset({"0", "false", "off"})
FIELD_MARK, KIND = w("fldChar"), w("fldCharType")
GALLERY = w("docPartGallery")
CONTENTS = "Table of Contents"
MOST_LISTED, LONGEST = 1_000, 2_000
DIGITS = "0123456789"


def style_names(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Identifier → name in lower case of each style."""
    data = parts.get(KNOWN["styles"], b"")
    top = packages.parse(data) if data.strip() else None
    return {style.get(w("styleId"), ""): _value(style.find(w("name"))).lower() for style in _styles(top)}


def hidden_styles(parts: Mapping[str, bytes]) -> frozenset[str]:
    """The styles of characters that hide."""
    data = parts.get(KNOWN["styles"], b"")
    top = packages.parse(data) if data.strip() else None
    return frozenset(style.get(w("styleId"), "") for style in _styles(top) if _hides(style.find(w("rPr"))))


def _styles(top: etree._Element | None) -> Iterator[etree._Element]:
    yield from top.iter(w("style")) if top is not None else ()


def _value(element: etree._Element | None) -> str:
    return element.get(w("val"), "") if element is not None else ""


def _hides(properties: etree._Element | None) -> bool:
    mark = properties.find(w("vanish")) if properties is not None else None
    return mark is not None and _value(mark).lower() not in OFF


def hidden(top: etree._Element, styles: frozenset[str]) -> list[str]:
    """Removes hidden text from the tree of a part. Returns it, one text per run."""
    found: list[str] = []
    for each in list(top.iter(RUN)):
        properties = each.find(w("rPr"))
        if properties is None:
            continue
        own = properties.find(w("vanish"))
        if _hides(properties) or (own is None and _value(properties.find(w("rStyle"))) in styles):
            texts = list(each.iter(TEXT))
            found += [words for text in texts if (words := text.text or "").strip()]
            for text in texts:
                text.text = ""
    return found


def reported(found: list[str]) -> list[Notice]:
    """The notice about hidden text."""
    if not found:
        return []
    listed = [{"tag": "w:vanish", "text": each[:LONGEST]} for each in found[:MOST_LISTED]]
    message = "Text that Word hides was removed."
    return [notice("hidden-text-removed", message, stage="read", data={"count": len(found), "dropped": listed})]


def contents(top: etree._Element, names: Mapping[str, str]) -> list[Notice]:
    """Removes the list of contents from the main part if most of its entries are headings of the document."""
    headings = {letters(_text(each)).rstrip(DIGITS) for each in top.iter(PARAGRAPH) if _style(each, names).startswith("heading ")}
    listed = [each for each in top.iter(PARAGRAPH) if _is_entry(each, names)]
    titles = [each for each in listed if _style(each, names) == "toc heading"]
    entries = [letters(_text(each)).rstrip(DIGITS) for each in listed if each not in titles]
    known = sum(any(heading and entry.endswith(heading) for heading in headings) for entry in entries if entry)
    if not known or known < len(list(filter(None, entries))) / 2:
        return []
    removed = [text for each in listed if (text := " ".join(_text(each).split()))]
    _take_out(top, listed)
    return [notice("contents-removed", stage="read", data={"removed": removed[:MOST_LISTED]})]


def _is_entry(paragraph: etree._Element, names: Mapping[str, str]) -> bool:
    style = _style(paragraph, names)
    if style == "toc heading" or (style.startswith("toc ") and style[4:].isdecimal()):
        return True
    blocks = (each for each in paragraph.iterancestors(w("sdt")) if each.find(f"{w('sdtPr')}/{w('docPartObj')}") is not None)
    return any(_value(each.find(f"{w('sdtPr')}/{w('docPartObj')}/{GALLERY}")) == CONTENTS for each in blocks)


def _style(paragraph: etree._Element, names: Mapping[str, str]) -> str:
    style = _value(paragraph.find(f"{w('pPr')}/{w('pStyle')}"))
    return names.get(style, style.lower())


def _text(paragraph: etree._Element) -> str:
    return "".join(" " if each.tag == w("tab") else each.text or "" for each in paragraph.iter(TEXT, w("tab")))


def _take_out(top: etree._Element, paragraphs: list[etree._Element]) -> None:
    """Removes these paragraphs, and the end of a field that began in one of them."""
    gone = set(paragraphs)
    depth = 0
    for mark in list(top.iter(FIELD_MARK)):
        kind, within = mark.get(KIND), any(each in gone for each in mark.iterancestors(PARAGRAPH))
        if within:
            depth += (kind == "begin") - (kind == "end")
        elif depth > 0 and kind == "end":
            depth -= 1
            packages.take_out(mark)
        elif depth > 0 and kind == "begin":
            break
    for each in paragraphs:
        packages.take_out(each)
