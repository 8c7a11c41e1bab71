"""Notes of EPUB 3: asides that pop up, one for all calls of the same note (EPUB SSV 1.1, `footnote`)."""

from __future__ import annotations

from copy import deepcopy

from lxml import etree

from service.ast.notes import may_be_shared
from service.containers import packages
from service.model.text import digits
from service.model.text.characters import is_wide
from service.writers.epub.xhtml import OPS, tag

SECTION = {"class": "footnotes", f"{{{OPS}}}type": "footnotes", "role": "doc-endnotes"}


def pop_up(root: etree._Element, lang: str = "") -> None:
    """Converts the notes. Each shows its number, which links back to the text, for reading systems without pop-ups."""
    numbers = _join(root)
    for mark in root.iter(tag("a")):
        if mark.get("role") == "doc-noteref":
            mark.set(f"{{{OPS}}}type", "noteref")
            target, number = numbers.get(mark.get("href", ""), ("", 0))
            mark.text = digits.written(str(number), lang) if number else "".join(str(part) for part in mark.itertext())
            if target:
                mark.set("href", target)
            del mark[:]
            _hold(mark)
    for section in list(root.iter(tag("section"))):
        ordered = section.find(tag("ol"))
        if section.get("role") == SECTION["role"] and ordered is not None:
            section.set(f"{{{OPS}}}type", "footnotes")
            for number, item in enumerate(list(ordered), 1):
                section.append(_note(item, digits.written(str(number), lang)))
            section.remove(ordered)


def _hold(mark: etree._Element) -> None:
    """Keeps the call of a note on the line of the ideograph before it, after which a line could break."""
    before, parent = mark.getprevious(), mark.getparent()
    text = (parent.text if before is None and parent is not None else before.tail if before is not None else "") or ""
    if parent is None or not text or not is_wide(text[-1]):
        return
    held = etree.Element(tag("span"), {"class": "call"})
    held.text, held.tail, mark.tail = text[-1], mark.tail, None
    parent.replace(mark, held)
    held.append(mark)
    if before is None:
        parent.text = text[:-1]
    else:
        before.tail = text[:-1]


def _join(root: etree._Element) -> dict[str, tuple[str, int]]:
    """Removes the notes that repeat another one. Returns for each link to a note its target and number."""
    found: dict[str, tuple[str, int]] = {}
    firsts: dict[bytes, tuple[str, int]] = {}
    for section in root.iter(tag("section")):
        ordered = section.find(tag("ol"))
        if section.get("role") != SECTION["role"] or ordered is None:
            continue
        for item in list(ordered):
            link, content = f"#{item.get('id', '')}", _content(item)
            own = (link, len(firsts) + 1)
            found[link] = firsts.setdefault(content or link.encode(), own)
            if found[link] is not own:
                ordered.remove(item)
    return found


def _content(item: etree._Element) -> bytes:
    """The key by which two notes are the same; empty for a note that is always different."""
    copy = deepcopy(item)
    for link in [link for link in copy.iter(tag("a")) if link.get("role") == "doc-backlink"]:
        packages.take_out(link)
    copy.attrib.clear()
    copy.tail = None
    for each in copy.iter(etree.Element):
        if "id" in each.attrib:
            del each.attrib["id"]  # it has the number of a block of code
    return etree.tostring(copy, method="c14n") if may_be_shared("".join(map(str, copy.itertext()))) else b""


def _note(item: etree._Element, number: str) -> etree._Element:
    """pandoc's list item as an aside, its arrow at the end replaced by its number in front."""
    note = etree.Element(tag("aside"), {f"{{{OPS}}}type": "footnote", "role": "doc-footnote", "id": item.get("id", "")})
    arrows = [link for link in item.iter(tag("a")) if link.get("role") == "doc-backlink"]
    target = arrows[-1].get("href", "") if arrows else ""
    for arrow in arrows[-1:]:
        packages.take_out(arrow)
    note.text = item.text
    note.extend(list(item))
    first = note.find(tag("p"))
    holder = note if first is None else first
    back = etree.Element(tag("a"), {"href": target, "class": "footnote-back", "role": "doc-backlink"})
    back.text, back.tail, holder.text = number, f" {(holder.text or '').lstrip()}", None
    holder.insert(0, back)
    note.tail = "\n"
    return note


def take_out(body: etree._Element) -> dict[str, etree._Element]:
    """Removes the section of notes from the body. Returns the notes by the links to them."""
    notes = {f"#{note.get('id')}": note for note in body.iter(tag("aside")) if note.get("role") == "doc-footnote"}
    for section in list(body.iter(tag("section"))):
        if section.get("role") == SECTION["role"]:
            body.remove(section)
    return notes
