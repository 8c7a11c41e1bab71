"""One footnote for several calls of one note: the later calls refer to the first (NOTEREF).

pandoc repeats the text of a note for each call.
"""

from __future__ import annotations

from copy import deepcopy

from lxml import etree

from service.ast.notes import may_be_shared
from service.writers.docx import fields
from service.writers.docx.body import w


def join(document: etree._Element, footnotes: etree._Element, bookmarks: fields.Bookmarks) -> None:
    """Changes both parts in place."""
    calls = list(document.iter(w("footnoteReference")))
    if len(calls) < 2:
        return
    notes = {note.get(w("id"), ""): note for note in footnotes.iter(w("footnote"))}
    firsts: dict[bytes, etree._Element] = {}
    numbers: dict[str, int] = {}
    for call in calls:
        identifier = call.get(w("id"), "")
        note = notes.get(identifier)
        content = _content(note) if note is not None else b""
        first = firsts.setdefault(content, call) if content else call
        if first is call:
            numbers[identifier] = len(numbers) + 1
        elif note is not None:
            _refer(call, first, numbers[first.get(w("id"), "")], bookmarks)
            footnotes.remove(note)


def _content(note: etree._Element) -> bytes:
    """The key by which two notes are the same; empty for a note that is always different."""
    if not may_be_shared("".join(map(str, note.itertext()))):
        return b""
    copy = deepcopy(note)
    copy.attrib.clear()
    for mark in list(copy.iter(w("bookmarkStart"), w("bookmarkEnd"), w("numId"))):
        mark.attrib.clear()  # each list of pandoc has a number of its own
    return etree.tostring(copy, method="c14n")


def _refer(call: etree._Element, first: etree._Element, number: int, bookmarks: fields.Bookmarks) -> None:
    """A field in place of the run with the call. It shows the number of the footnote `first`."""
    run, target = call.getparent(), first.getparent()
    if run is None or target is None:
        return
    name = f"_RefNote{first.get(w('id'), '')}"
    bookmarks.around([target], name)
    style = run.find(w("rPr"))
    for each in fields.complex_field(f"NOTEREF {name} \\f \\h", str(number), style):
        run.addprevious(each)
    parent = run.getparent()
    if parent is not None:
        parent.remove(run)
