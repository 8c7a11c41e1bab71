"""Moves elements that pandoc ignores in JATS to places that it reads: the abstract, references, labels, notes at the end.

The tree is changed in place. A reference has the form of a journal: `1. Doe A (2008) Reading maps. Atlas 4: 10.`
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lxml import etree

from service.ast.pandoc_ast import Node, attr, span, walk
from service.ast.pandoc_ast import words as words_of
from service.model.text import labels
from service.readers.jats import front, references
from service.readers.jats.elements import append, local, removed
from service.readers.shared.placeholders import Placeholders
from service.readers.shared.xml import every, phrase, words

MOST_COLUMNS = 1_000
STUB_KEPT = frozenset({"title-group", "contrib-group", "article-id", "related-object", "related-article", "abstract"})
ABSTRACTS = ("abstract", "trans-abstract")
# Labels of these have their own place, or are marks of notes.
UNLABELLED = frozenset({"ref", "fn", "aff", "corresp", "contrib", "custom-meta", "def-item", "author-comment", "th", "td"})
CAPTIONED = ("fig", "table-wrap", "boxed-text", "supplementary-material", "media", "fig-group", "table-wrap-group", "graphic")


def put_in(top: etree._Element, lang: str, one: Placeholders) -> None:
    """The article for pandoc; stand-ins mark the starts of references."""
    body = next(every(top, "body"), None)
    if body is None:
        body = etree.SubElement(top, "body")
    sections = [_abstract(each, lang) for name in ABSTRACTS for each in every(top, f"front/article-meta/{name}")]
    for place, section in enumerate(section for section in sections if words(section)):
        body.insert(place, section)
    for each in list(top.iterdescendants("{*}sub-article", "{*}response")):
        _sub_article(each)
    for each in list(top.iterdescendants("{*}permissions")):
        _permissions(each)
    for each in list(top.iterdescendants("{*}ref-list")):
        references.listed(each, one)
    _notes(top)
    _rows(top)
    for name in CAPTIONED:
        for each in top.iterdescendants(f"{{*}}{name}"):
            _caption(each)
    for each in list(top.iterdescendants("{*}label")):
        _label(each)
    for back in list(every(top, "back")):  # pandoc sets its sections one level lower
        body.extend(list(back))


def _notes(top: etree._Element) -> None:
    """Notes of the back without a reference in the text, as a section: pandoc reads only referenced ones."""
    calls = [each for each in top.iterdescendants("{*}xref") if each.get("ref-type") == "fn"]
    referred = {each.get("rid") for each in calls if next(each.iterancestors("{*}contrib-group"), None) is None}
    for note in top.iterfind(".//{*}table-wrap-foot//{*}fn"):
        _mark(note)
    for group in list(top.iterdescendants("{*}fn-group")):
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
    """Puts direct rows of the table into a body, and makes links of citations: pandoc ignores both."""
    for table in top.iterdescendants("{*}table"):
        if rows := list(every(table, "tr")):
            rows[0].addprevious(held := etree.Element("tbody"))
            held.extend(rows)
        _widened(table)
    for each in top.iterdescendants("{*}xref"):
        if each.get("ref-type") == "bibr":
            del each.attrib["ref-type"]


def _widened(table: etree._Element) -> None:
    """Adds empty cells to the end of one row: pandoc counts cells, and cuts rows that are wider because of spans."""
    rows = [[each for each in row if local(each) in ("td", "th")] for row in table.iter("{*}tr")]
    body = next(table.iterfind("{*}tbody/{*}tr"), None)
    if body is None or not any(_span(each, "colspan") > 1 for row in rows for each in row):
        return
    width = max((_width(list(part)) for part in table if local(part) in ("thead", "tbody", "tfoot")), default=0)
    if width <= MOST_COLUMNS:
        for _ in range(width - len(body)):
            etree.SubElement(body, "td")


def _width(rows: Sequence[etree._Element]) -> int:
    """The number of columns of the rows, with cells that span from rows above."""
    widest, hanging = 0, list[tuple[int, int]]()  # rows to go, columns
    for row in rows:
        cells = [(_span(each, "rowspan"), _span(each, "colspan")) for each in row]
        widest = max(widest, sum(span for _, span in cells) + sum(span for _, span in hanging))
        hanging = [(left - 1, span) for left, span in (*hanging, *cells) if left > 1]
    return widest


def _span(cell: etree._Element, name: str) -> int:
    said = cell.get(name, "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 4 else 1


def placed(blocks: Sequence[Node], one: Placeholders) -> list[Node]:
    """The blocks with the identifiers of references in place of their stand-ins."""
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


def _sub_article(article: etree._Element) -> None:
    """A decision letter, a reply or a translation as a section: its title, who wrote it, its identifier, its text."""
    stub = next((each for name in ("front-stub", "front/article-meta", "front") for each in every(article, name)), None)
    section = etree.Element("sec", id=article.get("id", ""))
    section.tail = article.tail
    title = next(every(stub, "title-group/article-title"), None)
    if title is not None:
        title.tag = "title"
        section.append(title)
    lines = [
        *_bylines(stub),
        *(f"{each.get('pub-id-type', '')}: {words(each)}".strip(": ") for each in every(stub, "article-id")),
    ]
    lines += [phrase(each, ", ") for each in (stub if stub is not None else ()) if local(each) not in STUB_KEPT]
    for line in filter(None, lines):
        etree.SubElement(section, "p").text = line
    section.extend(
        [*every(article, "body/*"), *every(article, "back/*"), *every(article, "sub-article"), *every(article, "response")]
    )
    section.extend(list(every(article, "floats-group/*")))
    parent = article.getparent()
    if parent is not None:
        body = next(every(parent, "body"), None)
        parent.remove(article)
        (parent if body is None else body).append(section)


def _bylines(stub: etree._Element | None) -> Iterator[str]:
    """`Sophie Held, Editor, North Bank` for each person; then what else the group says."""
    for group in every(stub, "contrib-group"):
        for each in group:
            if local(each) != "contrib":
                yield phrase(each, ", ")
                continue
            named = next((found for path in front.NAMES for found in every(each, path)), None)
            rest = [phrase(part, ", ") for part in each if part is not named and local(part) not in ("xref", "name-alternatives")]
            yield ", ".join(filter(None, [front.person_name(named), *rest]))


def _permissions(permissions: etree._Element) -> None:
    """The permissions of a figure or box as one paragraph; the statement says the year and the holder."""
    above = permissions.getparent()
    if above is None or local(above) in ("article-meta", "front-stub"):
        return
    statement = words(next(every(permissions, "copyright-statement"), None))
    parts = [
        each for each in permissions if not (local(each) in ("copyright-year", "copyright-holder") and words(each) in statement)
    ]
    paragraph = etree.Element("p")
    for each in parts:
        append(paragraph, " " if words(paragraph) else "")
        inner = list(each.iter("{*}license-p", "{*}p")) or [each]
        for one in inner:
            append(paragraph, one.text or "")
            paragraph.extend(list(one))
    paragraph.tail = permissions.tail
    above.replace(permissions, paragraph)


def _copied(element: etree._Element) -> etree._Element:
    """A copy, because the metadata is read from the front."""
    copy: etree._Element = etree.fromstring(etree.tostring(element, with_tail=False))
    copy.tail = element.tail
    return copy


# Labels


def _caption(element: etree._Element) -> None:
    """Label and title in front of the caption's text: `Figure 3. The dune.`"""
    label, caption = next(every(element, "label"), None), next(every(element, "caption"), None)
    title = next(every(caption, "title"), None)
    if label is None and (title is None or local(element) == "fig"):
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
        removed(label)
    if title is not None and (following := next(every(caption, "p[2]"), None)) is not None:
        _joined(first, following)


def _joined(first: etree._Element, following: etree._Element) -> None:
    """The caption's title and first paragraph as one."""
    said = words(first)
    stop = " " if said.endswith((".", "?", "!", ":")) else ". "
    append(first, stop + (following.text or ""))
    first.extend(list(following))
    removed(following)


def _label(label: etree._Element) -> None:
    """The label of a section, statement, formula or item in front of its title or first paragraph."""
    parent = label.getparent()
    if parent is None or local(parent) in UNLABELLED or not words(label):
        return
    first = next(every(parent, "title"), None)
    first = first if first is not None else next(every(parent, "p"), None)
    if local(parent) == "list-item" and (outer := parent.getparent()) is not None:
        outer.set("list-type", "bullet")
    if first is not None:
        _put_before(first, label, stop=local(parent) == "statement")
        removed(label)
    elif local(parent) == "disp-formula":
        parent.tail = f" {words(label)} {parent.tail or ''}"
        removed(label)
    else:
        label.tag = "p"


def _mark(note: etree._Element) -> None:
    label, first = next(every(note, "label"), None), next(every(note, "p"), None)
    if label is not None and first is not None:
        _put_before(first, label, stop=False)
        removed(label)


def _put_before(element: etree._Element, label: etree._Element, *, stop: bool = True) -> None:
    said = words(label)
    element.text = f"{said}{'.' if stop and said and said[-1].isalnum() else ''} {(element.text or '').lstrip()}"
