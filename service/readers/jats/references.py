"""The list of references of a JATS article as a section of paragraphs: `1. Doe A (2008) Reading maps. Atlas 4: 10.`"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from service.readers.jats.elements import append, local
from service.readers.shared.placeholders import Placeholders
from service.readers.shared.xml import every, words

CITATIONS = ("mixed-citation", "element-citation", "citation", "nlm-citation", "product", "note")
KEPT = frozenset({"italic", "bold", "sub", "sup", "sc", "underline", "monospace", "ext-link", "uri", "email", "xref"})
# The parts of a reference that is only data, in their order, with the text before and after each.
PARTS: tuple[tuple[str, str, str], ...] = (
    ("year", " (", ")"), ("article-title", " ", "."), ("chapter-title", " ", "."), ("trans-title", " [", "]."),
    ("data-title", " ", "."), ("part-title", " ", "."), ("source", " ", ""), ("trans-source", " [", "]"), ("edition", ", ", ""),
    ("volume", " ", ""), ("issue", " (", ")"), ("fpage", ": ", ""), ("lpage", "–", ""), ("page-range", ": ", ""),
    ("elocation-id", ": ", ""), ("publisher-name", ". ", ""), ("publisher-loc", ", ", ""),
)  # fmt: skip
NOT_SHOWN = frozenset({"month", "day", "season", "string-date", "date", "object-id", "size", "isbn", "issn"})


def listed(references: etree._Element, one: Placeholders) -> None:
    """`<ref-list>` as a section, each reference a paragraph with its identifier."""
    references.tag = "sec"
    for ref in list(every(references, "ref")):
        label = next(every(ref, "label"), None)
        said = words(label)
        said = f"{said}. " if said and said[-1].isalnum() else f"{said} " if said else ""
        paragraph = etree.Element("p")
        paragraph.text = one.of(ref.get("id") or "") + said
        for each in _cited(ref):
            _move(each, paragraph)
        paragraph.tail = ref.tail
        references.replace(ref, paragraph)


def _cited(ref: etree._Element) -> Iterator[etree._Element]:
    """The citations of a reference; of several forms of one, the first."""
    for each in ref:
        if not isinstance(each.tag, str) or local(each) == "label":
            continue
        if local(each) == "citation-alternatives" and len(each):
            yield next((one for name in CITATIONS for one in every(each, name)), each[0])
        else:
            yield each


def _move(citation: etree._Element, paragraph: etree._Element) -> None:
    """The citation's words at the end of `paragraph`, with the markup that a line of text may have."""
    is_data = not any(text and text.strip() for text in (citation.text, *(each.tail for each in citation)))
    for name in citation.iter("{*}name", "{*}string-name"):
        _spaced(name)
    for group in citation.iter("{*}person-group"):
        _separated(group)
    if is_data and len(citation):
        _set(citation)
    names = {each.tag for each in citation.iterdescendants() if isinstance(each.tag, str) and local(each) not in KEPT}
    if names:
        etree.strip_tags(citation, *names)
    append(paragraph, " " if len(paragraph) else "")
    append(paragraph, citation.text or "")
    paragraph.extend(list(citation))


def _set(citation: etree._Element) -> None:
    """The parts of a citation that is only data, in order and with the marks between them; other parts are last."""
    parts = list(citation)
    people = [each for each in parts if local(each) in ("person-group", "name", "string-name", "collab", "etal", "anonymous")]
    for each in parts:
        citation.remove(each)
    for place, each in enumerate(people):
        each.text = "et al." if local(each) == "etal" and not words(each) else each.text
        each.tail = ", " if place + 1 < len(people) else ""
        citation.append(each)
    for name, before, after in PARTS:
        for each in [each for each in parts if local(each) == name and words(each)]:
            append(citation, before if words(citation) else before.lstrip(" :,."))
            ends = words(each).endswith((".", "?", "!")) and after == "."
            each.tail = "" if ends else after
            citation.append(each)
            parts.remove(each)
    append(citation, "" if words(citation).endswith(".") else ".")
    for each in parts:
        if each not in people and words(each) and local(each) not in NOT_SHOWN:
            append(citation, " doi:" if each.get("pub-id-type") == "doi" else " ")
            each.tail = ""
            citation.append(each)


def _spaced(name: etree._Element) -> None:
    """`Doe A`: adds a blank between the parts of a name."""
    for part in list(name)[:-1]:
        part.tail = part.tail if part.tail and part.tail.strip() else " "


def _separated(group: etree._Element) -> None:
    for each in list(group)[:-1]:
        each.tail = each.tail if each.tail and each.tail.strip() else ", "
    for each in every(group, "etal"):
        each.text = each.text or "et al."
