"""Entries of glossaries and indexes of DocBook as pandoc reads them."""

from __future__ import annotations

from lxml import etree

from service.readers.shared.xml import every, phrase, words


def glossary_entry(entry: etree._Element) -> None:
    """Abbreviations are in brackets behind the term, references to other terms are paragraphs of the definition."""
    term = next(every(entry, "glossterm"), None)
    for name in ("acronym", "abbrev"):
        for each in list(every(entry, name)):
            if term is not None and words(each):
                etree.SubElement(term, _same(entry, "phrase")).text = f" ({words(each)})"
            entry.remove(each)
    for each in list(every(entry, "glosssee")):
        each.tag = _same(entry, "glossdef")
        _paragraph(each, f"See {words(each)}.")
    for each in list(entry.iterfind("{*}glossdef/{*}glossseealso")):
        each.tag = _same(entry, "para")
        text = f"See also {words(each)}."
        for inner in list(each):
            each.remove(inner)
        each.text = text


def index(found: etree._Element) -> None:
    """An index with entries becomes a section with a paragraph for each. An empty index, which a processor fills, is removed."""
    if not words(found):
        parent = found.getparent()
        if parent is not None:
            parent.remove(found)
        return
    for each in [found, *every(found, "indexdiv")]:
        each.tag = _same(found, "section")
    for entry in list(found.iter("{*}indexentry")):
        text = phrase(entry, ", ")
        for inner in list(entry):
            entry.remove(inner)
        entry.tag, entry.text = _same(found, "para"), text


def table_caption(table: etree._Element) -> None:
    """Moves the caption of a table that also has a title behind the table, because pandoc drops it."""
    if next(every(table, "title"), None) is None and next(every(table, "info/title"), None) is None:
        return
    for caption in list(every(table, "caption")):
        inner = list(caption)
        if inner and not (caption.text or "").strip():
            for each in reversed(inner):
                table.addnext(each)
        else:
            text = words(caption)
            table.addnext(paragraph := etree.Element(_same(table, "para")))
            paragraph.text = text
        table.remove(caption)


def _paragraph(element: etree._Element, text: str) -> None:
    for inner in list(element):
        element.remove(inner)
    element.text = None
    etree.SubElement(element, _same(element, "para")).text = text


def _same(element: etree._Element, name: str) -> str:
    """`name` in the namespace of `element`."""
    space = etree.QName(element).namespace
    return f"{{{space}}}{name}" if space else name
