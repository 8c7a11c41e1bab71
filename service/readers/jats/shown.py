"""What pandoc passes over in JATS, put where it reads: the abstract, the list of references, labels and notes at the end.

The tree is changed in place. A reference stands as its journal would print it: `1. Doe A (2008) Reading maps. Atlas 4: 10.`
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lxml import etree

from service.ast.pandoc_ast import Node, attr, span, walk
from service.ast.pandoc_ast import words as words_of
from service.model.text import labels
from service.readers.shared.placeholders import StandIns
from service.readers.shared.xml import every, words

ABSTRACTS = ("abstract", "trans-abstract")
# Labels of these have a place of their own, or are marks of notes.
UNLABELLED = frozenset({"ref", "fn", "aff", "corresp", "contrib", "custom-meta", "def-item", "author-comment", "th", "td"})
CAPTIONED = ("fig", "table-wrap", "boxed-text", "supplementary-material", "media", "fig-group", "table-wrap-group", "graphic")
CITATIONS = ("mixed-citation", "element-citation", "citation", "nlm-citation", "product", "note")
KEPT = frozenset({"italic", "bold", "sub", "sup", "sc", "underline", "monospace", "ext-link", "uri", "email", "xref"})
# The parts of a reference that is data alone, in their order, with what stands before and after each.
PARTS: tuple[tuple[str, str, str], ...] = (
    ("year", " (", ")"), ("article-title", " ", "."), ("chapter-title", " ", "."), ("trans-title", " [", "]."),
    ("data-title", " ", "."), ("part-title", " ", "."), ("source", " ", ""), ("trans-source", " [", "]"), ("edition", ", ", ""),
    ("volume", " ", ""), ("issue", " (", ")"), ("fpage", ": ", ""), ("lpage", "–", ""), ("page-range", ": ", ""),
    ("elocation-id", ": ", ""), ("publisher-name", ". ", ""), ("publisher-loc", ", ", ""),
)  # fmt: skip
NOT_SHOWN = frozenset({"month", "day", "season", "string-date", "date", "object-id", "size", "isbn", "issn"})


def put_in(top: etree._Element, lang: str, one: StandIns) -> None:
    """The article as pandoc may read it; stand-ins mark where references begin."""
    body = next(every(top, "body"), None)
    if body is None:
        body = etree.SubElement(top, "body")
    sections = [_abstract(each, lang) for name in ABSTRACTS for each in every(top, f"front/article-meta/{name}")]
    for place, section in enumerate(section for section in sections if words(section)):
        body.insert(place, section)
    for each in list(top.iter("{*}ref-list")):
        _references(each, one)
    _notes(top)
    _rows(top)
    for name in CAPTIONED:
        for each in top.iter(f"{{*}}{name}"):
            _caption(each)
    for each in list(top.iter("{*}label")):
        _label(each)
    for back in list(every(top, "back")):  # pandoc sets its sections one level lower
        body.extend(list(back))


def _notes(top: etree._Element) -> None:
    """Notes of the back that no place in the text refers to, as a section: pandoc knows those alone that one does."""
    referred = {each.get("rid") for each in top.iter("{*}xref") if each.get("ref-type") != "bibr"}
    for group in list(top.iter("{*}fn-group")):
        free = [each for each in every(group, "fn") if each.get("id") not in referred]
        if not free:
            continue
        section = etree.Element("sec")
        section.extend([*every(group, "title"), *free])
        group.addprevious(section)
        for note in free:
            note.tag = "sec" if next(every(note, "title"), None) is not None else "disp-quote"
            _mark(note)


def _rows(top: etree._Element) -> None:
    """Rows that stand in the table itself in a body of their own, and citations as links: pandoc passes over both."""
    for table in top.iter("{*}table"):
        if rows := list(every(table, "tr")):
            rows[0].addprevious(held := etree.Element("tbody"))
            held.extend(rows)
    for each in top.iter("{*}xref"):
        if each.get("ref-type") == "bibr":
            del each.attrib["ref-type"]


def placed(blocks: Sequence[Node], one: StandIns) -> list[Node]:
    """The blocks with the identifiers of references where their stand-ins are."""
    names = {mark: name for name, mark in one.given.items()}

    def place(node: Node) -> Node | list[Node]:
        name = names.get(node["c"][:1])
        return node if name is None else [span([], attr(name)), *words_of(node["c"][1:])]

    return walk(blocks, place, frozenset({"Str"})) if names else list(blocks)


def _abstract(abstract: etree._Element, lang: str) -> etree._Element:
    """A section with the abstract's own content and its title."""
    section = etree.Element("sec", id=abstract.get("id", ""))
    if next(every(abstract, "title"), None) is None:
        kind = (abstract.get("abstract-type") or "").replace("-", " ")
        etree.SubElement(section, "title").text = kind.capitalize() or labels.word("abstract", lang)
    section.extend([_copied(each) for each in abstract])
    if abstract.text and abstract.text.strip():
        etree.SubElement(section, "p").text = abstract.text
    return section


def _copied(element: etree._Element) -> etree._Element:
    """A copy, for the metadata are read from what stands in the front."""
    copy: etree._Element = etree.fromstring(etree.tostring(element, with_tail=False))
    copy.tail = element.tail
    return copy


# Labels


def _caption(element: etree._Element) -> None:
    """Label and title in front of the caption's text: `Figure 3. The dune.`"""
    label, caption = next(every(element, "label"), None), next(every(element, "caption"), None)
    title = next(every(caption, "title"), None)
    if label is None and (title is None or _local(element) == "fig"):
        return
    if caption is None:
        caption = etree.Element("caption")
        element.insert(0, caption)
    if title is not None:
        title.tag = "p"
    first = title if title is not None else next(every(caption, "p"), None)
    if first is None:
        first = etree.SubElement(caption, "p")
    if label is not None:
        _put_before(first, label)
        _removed(label)
    if title is not None and (following := next(every(caption, "p[2]"), None)) is not None:
        _joined(first, following)


def _joined(first: etree._Element, following: etree._Element) -> None:
    """The caption's title and first paragraph as one."""
    said = words(first)
    stop = " " if said.endswith((".", "?", "!", ":")) else ". "
    _append(first, stop + (following.text or ""))
    first.extend(list(following))
    _removed(following)


def _label(label: etree._Element) -> None:
    """The label of a section, statement, formula or item in front of its title or first paragraph."""
    parent = label.getparent()
    if parent is None or _local(parent) in UNLABELLED or not words(label):
        return
    first = next(every(parent, "title"), None)
    first = first if first is not None else next(every(parent, "p"), None)
    if _local(parent) == "list-item" and (outer := parent.getparent()) is not None:
        outer.set("list-type", "bullet")
    if first is not None:
        _put_before(first, label, stop=_local(parent) == "statement")
        _removed(label)
    elif _local(parent) == "disp-formula":
        parent.tail = f" {words(label)} {parent.tail or ''}"
        _removed(label)
    else:
        label.tag = "p"


def _mark(note: etree._Element) -> None:
    label, first = next(every(note, "label"), None), next(every(note, "p"), None)
    if label is not None and first is not None:
        _put_before(first, label, stop=False)
        _removed(label)


def _put_before(element: etree._Element, label: etree._Element, *, stop: bool = True) -> None:
    said = words(label)
    element.text = f"{said}{'.' if stop and said and said[-1].isalnum() else ''} {(element.text or '').lstrip()}"


# References


def _references(listed: etree._Element, one: StandIns) -> None:
    """`<ref-list>` as a section, each reference a paragraph with its identifier."""
    listed.tag = "sec"
    for ref in list(every(listed, "ref")):
        label = next(every(ref, "label"), None)
        said = words(label)
        said = f"{said}. " if said and said[-1].isalnum() else f"{said} " if said else ""
        paragraph = etree.Element("p")
        paragraph.text = one.of(ref.get("id") or "") + said
        for each in _cited(ref):
            _move(each, paragraph)
        paragraph.tail = ref.tail
        listed.replace(ref, paragraph)


def _cited(ref: etree._Element) -> Iterator[etree._Element]:
    """The citations of a reference; of several forms of one, the first."""
    for each in ref:
        if not isinstance(each.tag, str) or _local(each) == "label":
            continue
        if _local(each) == "citation-alternatives" and len(each):
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
    names = {each.tag for each in citation.iterdescendants() if isinstance(each.tag, str) and _local(each) not in KEPT}
    if names:
        etree.strip_tags(citation, *names)
    _append(paragraph, " " if len(paragraph) else "")
    _append(paragraph, citation.text or "")
    paragraph.extend(list(citation))


def _set(citation: etree._Element) -> None:
    """The parts of a citation that is data alone, in order and with the marks between them; what has no place comes last."""
    parts = list(citation)
    people = [each for each in parts if _local(each) in ("person-group", "name", "string-name", "collab", "etal", "anonymous")]
    for each in parts:
        citation.remove(each)
    for place, each in enumerate(people):
        each.text = "et al." if _local(each) == "etal" and not words(each) else each.text
        each.tail = ", " if place + 1 < len(people) else ""
        citation.append(each)
    for name, before, after in PARTS:
        for each in [each for each in parts if _local(each) == name and words(each)]:
            _append(citation, before if words(citation) else before.lstrip(" :,."))
            ends = words(each).endswith((".", "?", "!")) and after == "."
            each.tail = "" if ends else after
            citation.append(each)
            parts.remove(each)
    _append(citation, "" if words(citation).endswith(".") else ".")
    for each in parts:
        if each not in people and words(each) and _local(each) not in NOT_SHOWN:
            _append(citation, " doi:" if each.get("pub-id-type") == "doi" else " ")
            each.tail = ""
            citation.append(each)


def _spaced(name: etree._Element) -> None:
    """`Doe A`: a blank between the parts of a name that has none."""
    for part in list(name)[:-1]:
        part.tail = part.tail if part.tail and part.tail.strip() else " "


def _separated(group: etree._Element) -> None:
    for each in list(group)[:-1]:
        each.tail = each.tail if each.tail and each.tail.strip() else ", "
    for each in every(group, "etal"):
        each.text = each.text or "et al."


# Elements


def _append(element: etree._Element, text: str) -> None:
    """`text` at the end of the element's content."""
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def _removed(element: etree._Element) -> None:
    """The element goes, and what follows it stays."""
    parent, before, tail = element.getparent(), element.getprevious(), element.tail or ""
    if parent is None:
        return
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    element.tail = None
    parent.remove(element)


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname
