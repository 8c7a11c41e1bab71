"""Notes at the foot of the page: each is after its call, as an element that floats there (CSS GCPM 3, 2).

A paragraph can contain only phrases, so the paragraphs of a note are spans that are set as blocks. A document whose notes
have other content, or are too long for the foot of a page, has its notes at the end.
"""

from __future__ import annotations

from copy import deepcopy

from lxml import etree

from service.ast import pandoc_ast
from service.ast.notes import may_be_shared
from service.model.blocks import Blocks
from service.model.text import digits
from service.writers.page import sections
from service.writers.page.elements import dissolve

NOTE, PARAGRAPH = "foot-note", "note-paragraph"  # "note" is a class that authors use
HIGHEST = 0.35  # share of a page: a larger note is not set at its foot
MOST = 1_000  # notes: each is laid out again for every other one on its page


def fit(blocks: Blocks, share: float) -> bool:
    """Whether all notes fit at the foot of pages with `share` times the text of those of the article profile."""
    notes = list(pandoc_ast.query(blocks, {"Note"}))
    return (
        len(notes) <= MOST
        and all(_is_plain(note, share) for note in notes)
        and not any(map(_is_called_above, pandoc_ast.query(blocks, {"Table"})))
    )


def _is_plain(note: pandoc_ast.Node, share: float) -> bool:
    words = pandoc_ast.text(note["c"])
    return all(block["t"] in {"Para", "Plain"} for block in note["c"]) and sections.fills(words) <= HIGHEST * share


def _is_called_above(table: pandoc_ast.Node) -> bool:
    """Whether a caption or a head, which is repeated on each page of a table, calls a note."""
    _, caption, _, head, *_ = table["c"]
    return next(pandoc_ast.query([caption[1], head[1]], {"Note"}), None) is not None


def calls(body: etree._Element) -> list[etree._Element]:
    return [link for link in body.iter("a") if link.get("class") == "footnote-ref"]


def section_of(body: etree._Element) -> etree._Element | None:
    """The list of notes that pandoc puts last."""
    last = body[-1] if len(body) else None
    return last if last is not None and last.get("role") == "doc-endnotes" else None


def content(note: etree._Element) -> str:
    """The key by which two notes are the same; empty for a note that is always different."""
    copy = deepcopy(note)
    for back in [each for each in copy.iter("a") if each.get("class") == "footnote-back"]:
        back.text = None
        dissolve(back)
    copy.attrib.clear()
    copy.tail = None
    return etree.tostring(copy, encoding="unicode") if may_be_shared("".join(map(str, copy.itertext()))) else ""


def place(body: etree._Element, section: etree._Element) -> None:
    """Moves each note of `section` behind its first call. The section must be removed from the body already."""
    notes = {note.get("id"): note for note in section[-1]}
    for link in calls(body):
        note = notes.pop(link.get("href", "").removeprefix("#"), None)
        if note is not None:  # otherwise an earlier call has it
            made = _span(note, "".join(map(str, link.itertext())), link.get("id", ""))
            made.tail, link.tail = link.tail, None
            link.addnext(made)
    parent = section.getparent()
    if parent is not None:
        parent.remove(section)


def _span(note: etree._Element, number: str, call: str) -> etree._Element:
    made = etree.Element("span", {"class": NOTE, "id": note.get("id", "")})
    for index, paragraph in enumerate(list(note)):
        for back in [each for each in paragraph.iter("a") if each.get("class") == "footnote-back"]:
            back.text = None
            dissolve(back)
        paragraph.tag = "span"
        paragraph.set("class", PARAGRAPH)
        paragraph.tail = None
        if index == 0:
            mark = etree.Element("a", {"class": "note-number", "href": f"#{call}"})
            mark.text, mark.tail, paragraph.text = number, paragraph.text, None
            paragraph.insert(0, mark)
        made.append(paragraph)
    return made


def renumber(body: etree._Element, lang: str) -> None:
    """Writes the numbers of notes in the digits of the language."""
    for link in body.iter("a"):
        if link.get("class") in ("footnote-ref", "note-number"):
            holder = link[0] if len(link) else link
            holder.text = digits.written(holder.text or "", lang)


def restored(body: etree._Element) -> etree._Element | None:
    """Moves the notes out of the body again. Returns their section for the end; None without notes."""
    items = [_item(span) for span in list(body.iter("span")) if span.get("class") == NOTE]
    if not items:
        return None
    section = etree.Element("section", {"class": "footnotes", "role": "doc-endnotes"})
    etree.SubElement(section, "hr")
    etree.SubElement(section, "ol").extend(items)
    return section


def _item(span: etree._Element) -> etree._Element:
    item = etree.Element("li", {"id": span.get("id", "")})
    for paragraph in list(span):
        paragraph.tag = "p"
        del paragraph.attrib["class"]
        if len(paragraph) and paragraph[0].get("class") == "note-number":
            paragraph[0].text = None
            dissolve(paragraph[0])
        item.append(paragraph)
    dissolve(span)
    return item
