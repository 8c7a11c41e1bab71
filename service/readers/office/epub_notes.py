"""Notes of an EPUB: what a call leads to, in its own file or another, stands in the place of the call.

Sources: EPUB Structural Semantics Vocabulary (noteref, footnote, endnote, rearnote, backlink), DPUB-ARIA (doc-noteref …).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from service.ast.html import Converter
from service.ast.html.tree import Element
from service.model.errors import TooComplex
from service.readers.office.epub_links import HEADINGS, Page
from service.readers.shared.note_calls import MAX_NOTES

NOTES = frozenset({"footnote", "endnote", "rearnote", "note"})
GROUPS = frozenset({"footnotes", "endnotes", "rearnotes", "notes"})
BACK = frozenset({"backlink", "referrer"})
BLOCKS = frozenset({"aside", "p", "li", "div", "dd", "section", "blockquote"})
MOST_LETTERS = 4_000_000  # of all notes, each as often as it is called
EMPTIED = frozenset({"ol", "ul", "dl", "li", "section", "aside", "div", "hr"})
Parents = dict[Element, Element]


def kinds(element: Element) -> set[str]:
    """What the element is by its epub:type and its role: DPUB-ARIA's names without `doc-`."""
    roles = (role.removeprefix("doc-") for role in element.get("role").lower().split())
    return {*element.get("epub:type").lower().split(), *("page-list" if role == "pagelist" else role for role in roles)}


def settle(pages: Sequence[Page], converter: Converter) -> list[str]:
    """Puts the notes into the places of their calls. Gives the headings above notes that are left with nothing below them.

    Raises TooComplex for notes that come to too much.
    """
    parents = {child: each for page in pages for each in page.body.iter() for child in each.elements()}
    targets = {each.get("id"): each for page in pages for each in page.body.iter() if each.get("id")}
    calls: dict[Element, list[Element]] = {}
    for page in pages:
        for link in page.body.iter("a"):
            note = _note(link, targets, parents) if "noteref" in kinds(link) else None
            if note is not None and not _is_within(link, note, parents):
                calls.setdefault(note, []).append(link)
    for note in [note for note in calls if any(_is_within(parent, note, parents) for parent in calls if parent is not note)]:
        del calls[note]  # it holds other notes
    calls = {note: [each for each in found if not _in_any(each, calls, parents)] for note, found in calls.items()}
    calls = {note: found for note, found in calls.items() if found}
    _refuse_many(calls)
    for note, found in calls.items():
        _replace(note, found, converter, parents)
    return _without_empty(calls, parents)


def _note(call: Element, targets: Mapping[str, Element], parents: Parents) -> Element | None:
    """The note that a call leads to: what is marked as one, the entry of a list of notes, else the block of the target."""
    target = targets.get(call.get("href").removeprefix("#")) if call.get("href").startswith("#") else None
    here, block = target, None
    while here is not None:
        if kinds(here) & NOTES:
            return here
        if kinds(here) & GROUPS or here.tag == "body":
            break
        if here.tag == "li" or (block is None and here.tag in BLOCKS):
            block = here
        here = parents.get(here)
    return block


def _is_within(element: Element, outer: Element, parents: Parents) -> bool:
    here: Element | None = element
    while here is not None:
        if here is outer:
            return True
        here = parents.get(here)
    return False


def _in_any(element: Element, outer: Mapping[Element, object], parents: Parents) -> bool:
    here: Element | None = element
    while here is not None:
        if here in outer:
            return True
        here = parents.get(here)
    return False


def _refuse_many(calls: Mapping[Element, Sequence[Element]]) -> None:
    letters = sum(len(note.text()) * len(found) for note, found in calls.items())
    number = sum(map(len, calls.values()))
    if number > MAX_NOTES or letters > MOST_LETTERS:
        raise TooComplex(f"The notes come to {number:,} with {letters:,} letters, each as often as it is called.")


def _replace(note: Element, calls: Sequence[Element], converter: Converter, parents: Parents) -> None:
    names = {f"#{each.get('id')}" for call in calls for each in (call, parents.get(call)) if each is not None and each.get("id")}
    numbers = {" ".join(call.text().split()).strip("[]()") for call in calls}
    _drop_back_links(note, names, numbers)
    content = Element("div")
    content.children = list(note.children)
    node = {"t": "Note", "c": converter.blocks_in(content)}
    for call in calls:
        made = converter.stand_in_element([node])
        made.line = call.line
        outer = call
        while (parent := parents[outer]).tag in ("sup", "small", "span") and _is_alone(outer, parent):
            outer = parent
        _exchange(parent, outer, _anchored(made, call, outer))


def _is_alone(element: Element, parent: Element) -> bool:
    return all(child is element or (isinstance(child, str) and not child.strip()) for child in parent.children)


def _anchored(made: Element, *places: Element) -> list[str | Element]:
    """The note with the identifiers of its call, to which a link may lead."""
    identifiers = dict.fromkeys(each.get("id") for each in places if each.get("id"))
    return [*(Element("span", {"id": identifier}) for identifier in identifiers), made]


def _exchange(parent: Element, old: Element, new: Sequence[str | Element]) -> None:
    at = next(number for number, child in enumerate(parent.children) if child is old)
    parent.children[at : at + 1] = new


def _drop_back_links(note: Element, names: set[str], numbers: set[str]) -> None:
    """Takes out the links to the calls, and the number of the note that stands before its text: it is set again."""
    for each in note.iter():
        back = [one for one in each.elements() if one.tag == "a" and (kinds(one) & BACK or one.get("href") in names)]
        for one in back:
            label = one.text().strip().strip("[]().:")
            if label in numbers or kinds(one) & BACK or not any(map(str.isalnum, label)):
                _trim_after(one, each)
                _exchange(each, one, [])


def _trim_after(number: Element, parent: Element) -> None:
    """Takes the stop or bracket away that follows the number of a note, where the number stands first."""
    at = parent.children.index(number)
    before = "".join(each for each in parent.children[:at] if isinstance(each, str))
    if any(isinstance(each, Element) for each in parent.children[:at]) or before.strip(" \n\t[("):
        return
    after = parent.children[at + 1] if at + 1 < len(parent.children) else None
    if isinstance(after, str):
        parent.children[at + 1] = after.lstrip(".):] \n\t")
        parent.children[:at] = [""] * at


def _without_empty(notes: Mapping[Element, object], parents: Parents) -> list[str]:
    """Takes the notes out of their places, and what is then around nothing: lists, and sections with a heading alone."""
    headings: list[str] = []
    holders = dict.fromkeys(parent for note in notes if (parent := parents.get(note)) is not None)
    for holder in holders:
        holder.children = [child for child in holder.children if child not in notes]
    for holder in holders:
        here = holder
        while here.tag in EMPTIED and _has_headings_alone(here) and (parent := parents.get(here)) is not None:
            headings += [text for each in here.elements() if (text := " ".join(each.text().split()))]
            parent.children = [child for child in parent.children if child is not here]
            here = parent
    return headings


def _has_headings_alone(element: Element) -> bool:
    """Whether nothing is in it; in a group of notes, nothing but its heading."""
    words = any(isinstance(each, str) and each.strip() for each in element.children)
    left = [each for each in element.elements() if each.tag not in ("hr", "br")]
    return not words and (not left or (bool(kinds(element) & GROUPS) and all(each.tag in HEADINGS for each in left)))
