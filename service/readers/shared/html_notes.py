"""Notes of a page or an EPUB: replaces each call by its target, in the same or another file.

A call is marked as one, or is a short link to a block that has a link back to it: this is the form of Word, Google Docs,
GitHub, MediaWiki, WordPress, Substack, Sphinx and pandoc.
Sources: EPUB Structural Semantics Vocabulary (noteref, footnote, endnote, rearnote, backlink), DPUB-ARIA (doc-noteref …).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from service.ast.html import Converter
from service.ast.html.blocks import HEADING_TAGS
from service.ast.html.tree import Element
from service.model.errors import TooComplex
from service.readers.shared.note_calls import MAX_NOTES

NOTES = frozenset({"footnote", "endnote", "rearnote", "note"})
GROUPS = frozenset({"footnotes", "endnotes", "rearnotes", "notes"})
BACK = frozenset({"backlink", "referrer"})
BLOCKS = frozenset({"aside", "p", "li", "div", "dd", "section", "blockquote"})
MOST_LETTERS = 4_000_000  # of all notes, each as often as it is called
LONGEST_CALL = 6  # characters of a link that is recognised as a call by the link back to it
EMPTIED = frozenset({"ol", "ul", "dl", "li", "section", "aside", "div", "hr"})
AROUND_CALL = frozenset({"sup", "sub", "small", "span", "b", "strong", "em", "i"})
# Attributes (GitHub) and classes (pandoc, Markdown parsers, MediaWiki, Substack) → the kind.
MARKS: Mapping[str, str] = {
    "data-footnote-ref": "noteref", "data-footnotes": "footnotes", "data-footnote-backref": "backlink",
    "footnote-ref": "noteref", "footnote-reference": "noteref", "footnote-anchor": "noteref",
    "footnotes": "footnotes", "footnotes-list": "footnotes", "mw-references-wrap": "footnotes",
    "footnote-back": "backlink", "footnote-backref": "backlink", "reversefootnote": "backlink", "fn-backref": "backlink",
    "mw-cite-backlink": "backlink", "footnote-number": "backlink",
}  # fmt: skip
BRACKETS = "[](){}.:^↑↩︎️ \t\n "
RETURN = frozenset({"back", "return", "up", "jump up", "back to text", "return to text", "返回", "戻る"})
FOOTNOTE_STYLE = re.compile(r"mso-element\s*:\s*(?:foot|end)note\s*(?:;|$)", re.I)
Parents = dict[Element, Element]
Calls = dict[Element, list[Element]]


def kinds(element: Element) -> set[str]:
    """The kinds of the element by its epub:type and its role: DPUB-ARIA's names without `doc-`."""
    roles = (role.removeprefix("doc-") for role in element.get("role").lower().split())
    return {*element.get("epub:type").lower().split(), *("page-list" if role == "pagelist" else role for role in roles)}


def _marked(element: Element) -> set[str]:
    """The kinds of an element, also by its classes, attributes and style."""
    names = [*element.get("class").split(), *(name for name in element.attributes if name.startswith("data-footnote"))]
    named = {MARKS[name] for name in names if name in MARKS}
    return kinds(element) | named | ({"footnote"} if FOOTNOTE_STYLE.search(element.get("style")) else set())


def settle(bodies: Sequence[Element], converter: Converter) -> list[str]:
    """Replaces calls by their notes. Returns the headings above notes that have nothing below them afterwards.

    Raises TooComplex for too much text of notes.
    """
    parents = {child: each for body in bodies for each in body.iter() for child in each.elements()}
    calls = _found(bodies, parents)
    for note in [note for note in calls if any(_is_within(parent, note, parents) for parent in calls if parent is not note)]:
        del calls[note]  # it contains other notes
    calls = {note: [each for each in found if not _in_any(each, calls, parents)] for note, found in calls.items()}
    calls = {note: found for note, found in calls.items() if found}
    _refuse_many(calls)
    for note, found in calls.items():
        _replace(note, found, converter, parents)
    return _without_empty(calls, parents)


def _found(bodies: Sequence[Element], parents: Parents) -> Calls:
    """Note → its calls."""
    targets = {each.get("name"): each for body in bodies for each in body.iter("a") if each.get("name")}
    targets |= {each.get("id"): each for body in bodies for each in body.iter() if each.get("id")}
    order = {each: number for number, each in enumerate(each for body in bodies for each in body.iter())}
    calls: Calls = {}
    for body in bodies:
        for link in body.iter("a"):
            if not link.get("href").startswith("#"):
                continue
            note = _note(link, targets, parents)
            if note is None or _is_within(link, note, parents):
                continue
            if "noteref" in kinds(link) or (order[note] > order[link] and _leads_back(note, link, parents)):
                calls.setdefault(note, []).append(link)
    return calls


def _note(call: Element, targets: Mapping[str, Element], parents: Parents) -> Element | None:
    """The note that a call leads to: a marked one, the entry of a list of notes, else the block of the target."""
    here, block = targets.get(call.get("href").removeprefix("#")), None
    while here is not None:
        own = _marked(here)
        if own & NOTES:
            return here
        if own & GROUPS or here.tag == "body":
            break
        if here.tag == "li" or (block is None and here.tag in BLOCKS):
            block = here
        here = parents.get(here)
    return block


def _leads_back(note: Element, call: Element, parents: Parents) -> bool:
    """Whether `call` is short and `note`, which has no heading, leads back to it: no entry of a table of contents does."""
    label = " ".join(call.text().split()).strip("[]()")
    if not label or (len(label) > LONGEST_CALL and "noteref" not in _marked(call)):
        return False
    names = _names(call, parents)
    return any(one.get("href") in names for one in note.iter("a")) and not any(note.below(*HEADING_TAGS))


def _names(call: Element, parents: Parents) -> set[str]:
    """The addresses of a call: its own, and those of the marks around it."""
    names: set[str] = set()
    here: Element | None = call
    while here is not None and (here is call or here.tag in AROUND_CALL):
        names |= {f"#{here.get(name)}" for name in ("id", "name") if here.get(name)}
        here = parents.get(here)
    return names


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
    names = {name for call in calls for name in _names(call, parents)}
    numbers = {" ".join(call.text().split()).strip("[]()") for call in calls}
    _drop_back_links(note, names, numbers)
    content = Element("div")
    content.children = list(note.children)
    node = {"t": "Note", "c": converter.blocks_in(content)}
    for call in calls:
        made = converter.stand_in_element([node])
        made.line = call.line
        outer = call
        while (parent := parents[outer]).tag in AROUND_CALL and _is_alone(outer, parent):
            outer = parent
        _drop_brackets(parent, outer)
        _exchange(parent, outer, _anchored(made, call, outer))


def _is_alone(element: Element, parent: Element) -> bool:
    return all(child is element or (isinstance(child, str) and not child.strip()) for child in parent.children)


def _drop_brackets(parent: Element, call: Element) -> None:
    """Removes the brackets around a call, whose number is set again."""
    at = parent.children.index(call)
    before, after = parent.children[max(0, at - 1) : at], parent.children[at + 1 : at + 2]
    if before and after and isinstance(before[0], str) and isinstance(after[0], str):
        for opening, closing in ("[]", "()"):
            if before[0].endswith(opening) and after[0].startswith(closing):
                parent.children[at - 1], parent.children[at + 1] = before[0][:-1], after[0][1:]
                return


def _anchored(made: Element, *places: Element) -> list[str | Element]:
    """The note with the identifiers of its call, because links may lead to it."""
    identifiers = dict.fromkeys(each.get("id") or each.get("name") for each in places)
    return [*(Element("span", {"id": identifier}) for identifier in identifiers if identifier), made]


def _exchange(parent: Element, old: Element, new: Sequence[str | Element]) -> None:
    at = next(number for number, child in enumerate(parent.children) if child is old)
    parent.children[at : at + 1] = new


def _drop_back_links(note: Element, names: set[str], numbers: set[str]) -> None:
    """Removes the links to the calls, and the number before the text of the note, which is set again."""
    above = {child: each for each in note.iter() for child in each.elements()}
    for one in [each for each in note.below() if each.tag == "a" or "backlink" in _marked(each)]:
        leads_back = bool(_marked(one) & BACK)
        if (leads_back or one.get("href") in names) and (parent := above.get(one)) is not None and one in parent.children:
            label = " ".join(one.text().split()).strip(BRACKETS)
            if leads_back or label in numbers or len(label) < 3 or label.casefold() in RETURN:
                _trim_after(one, parent)
                _exchange(parent, one, [])
                _drop_rest(parent, above)


def _drop_rest(element: Element, above: Parents) -> None:
    """Removes the marks around a removed link back, with the brackets in them."""
    while element.tag in AROUND_CALL and not element.text().strip(BRACKETS):
        parent = above.get(element)
        if parent is None or element not in parent.children:
            return
        _exchange(parent, element, [])
        element = parent


def _trim_after(number: Element, parent: Element) -> None:
    """Removes the stop or bracket after the number of a note, if the number is first."""
    at = parent.children.index(number)
    before = "".join(each for each in parent.children[:at] if isinstance(each, str))
    if any(isinstance(each, Element) for each in parent.children[:at]) or before.strip(BRACKETS):
        return
    after = parent.children[at + 1] if at + 1 < len(parent.children) else None
    if isinstance(after, str):
        parent.children[at + 1] = after.lstrip(".):] \n\t\u00a0")
        parent.children[:at] = [""] * at


def _without_empty(notes: Mapping[Element, object], parents: Parents) -> list[str]:
    """Removes the notes from their places, and empty elements around them: lists, and sections with only a heading."""
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
        _drop_last_rule(here)
    return headings


def _drop_last_rule(element: Element) -> None:
    """Removes the rule between the text and its notes, if nothing follows it now."""
    rest = [child for child in element.children if not isinstance(child, str) or child.strip()]
    while rest and isinstance(rest[-1], Element) and rest[-1].tag in ("hr", "br"):
        last = rest.pop()
        element.children = [child for child in element.children if child is not last]


def _has_headings_alone(element: Element) -> bool:
    """Whether it is empty; a group of notes may have its heading."""
    words = any(isinstance(each, str) and each.strip() for each in element.children)
    left = [each for each in element.elements() if each.tag not in ("hr", "br")]
    return not words and (not left or (bool(_marked(element) & GROUPS) and all(each.tag in HEADING_TAGS for each in left)))
