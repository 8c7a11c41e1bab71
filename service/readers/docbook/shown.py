"""Moves elements that pandoc ignores in DocBook to places that it reads: cells, entries of a bibliography, titles.

The tree is changed in place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lxml import etree

from service.readers.docbook import lists
from service.readers.shared.xml import every, words

ID = "{http://www.w3.org/XML/1998/namespace}id"
# pandoc drops the titles of these: they are moved before the element, in bold.
UNTITLED = (
    "procedure", "equation", "variablelist", "qandaset", "task", "glosslist", "epigraph", "segmentedlist", "programlistingco",
    "screenco", "simplelist", "informalexample", "productionset", "msgset", "revhistory",
)  # fmt: skip
LISTS = ("itemizedlist", "orderedlist", "variablelist", "calloutlist", "procedure")
ITEMS = frozenset({"title", "titleabbrev", "info", "listitem", "varlistentry", "callout", "step", "stepalternatives", "result"})
# Their `info` is read by pandoc, or is the metadata.
WITH_INFO = frozenset({
    "article", "book", "set", "part", "chapter", "appendix", "preface", "section", "sect1", "sect2", "sect3", "sect4", "sect5",
    "simplesect", "refentry", "refsection", "bibliography", "glossary", "index", "topic",
})  # fmt: skip
NAMES = frozenset({"author", "authorgroup", "corpauthor", "collab"})
SECTIONS = ("dedication", "colophon", "acknowledgements", "partintro")


INFOS = frozenset({"info", "chapterinfo", "sectioninfo", "sect1info", "sect2info", "sect3info", "partinfo", "prefaceinfo",
                   "appendixinfo", "refentryinfo", "articleinfo", "bookinfo"})  # fmt: skip


def put_in(top: etree._Element) -> None:
    """The document for pandoc."""
    for names, change in CHANGES:
        for each in list(top.iterdescendants(*(f"{{*}}{name}" for name in names))):
            change(each)
    _unresolved(top)
    for each in list(top.iterdescendants("{*}biblioentry", "{*}bibliomixed")):
        _referred(top, each)
        _entry(each)
    for each in list(top.iterdescendants("{*}bibliography", "{*}bibliodiv", "{*}bibliolist")):
        each.tag = _same(each, "section")
        if next(every(each, "title"), None) is None and next(every(each, "info/title"), None) is None:
            title = etree.Element(_same(each, "title"))
            title.text = "Bibliography"
            each.insert(0, title)
    for name in SECTIONS:
        for each in top.iterdescendants(f"{{*}}{name}"):
            each.tag = _same(each, "section")
    for each in list(top.iterdescendants(*(f"{{*}}{name}" for name in UNTITLED))):
        _title(each)
    for each in list(top.iterdescendants("{*}step")):
        _step(each)


def _unresolved(top: etree._Element) -> None:
    """References to missing places show the name of the place: pandoc shows `???`."""
    there = {name for each in top.iter() for name in (each.get("id"), each.get(ID)) if name}
    for each in list(top.iterdescendants("{*}xref")):
        if (name := each.get("linkend", "")) and name not in there:
            each.tag, each.text = _same(each, "phrase"), f"[{name}]"


def _hoist(info: etree._Element) -> None:
    """Moves the title in the `info` of a block before its content, where pandoc finds it."""
    parent = info.getparent()
    title = next(every(info, "title"), None)
    if parent is None or title is None or _local(parent) in WITH_INFO:
        return
    _gone(title)
    parent.insert(0, title)


def _of_html(table: etree._Element) -> None:
    """A table of HTML's model: removes descriptions of columns, by which pandoc cuts cells, and moves the foot."""
    for each in [*every(table, "colgroup"), *every(table, "col")]:
        table.remove(each)
    for foot in list(every(table, "tfoot")):
        body = next(every(table, "tbody"), None)
        (table if body is None else body).extend(list(foot))
        table.remove(foot)


def _subtitle(subtitle: etree._Element) -> None:
    """The subtitle of a part as a bold line: pandoc only shows that of the document."""
    holder = subtitle.getparent()
    info = holder if holder is not None and _local(holder) in INFOS else None
    part = info.getparent() if info is not None else holder
    if part is None or part.getparent() is None or not words(subtitle):
        return
    line = _bold(subtitle)
    _gone(subtitle)
    before = info if info is not None else next((each for each in every(part, "title")), None)
    if before is None:
        part.insert(0, line)
    else:
        before.addnext(line)


def _preamble(found: etree._Element) -> None:
    """Moves the content of a list before its items in front of the list."""
    inner = [each for each in found if isinstance(each.tag, str)]
    for each in inner:
        if _local(each) not in ITEMS:
            found.addprevious(each)


def _nested(table: etree._Element) -> None:
    """A table in place of a cell becomes a cell with a table."""
    cell, outer, group = (etree.Element(_same(table, name)) for name in ("entry", "informaltable", "tgroup"))
    group.set("cols", table.get("cols", "1"))
    group.extend(list(table))
    outer.append(group)
    cell.append(outer)
    cell.tail = table.tail
    parent = table.getparent()
    if parent is not None:
        parent.replace(table, cell)


def _columns(group: etree._Element) -> None:
    """As many columns as the widest row has cells: pandoc cuts cells beyond the described columns."""
    width = max((sum(1 for _ in every(row, "entry")) for row in _rows(group)), default=0)
    described = list(every(group, "colspec"))
    if described and not any(each.get("colnum") for each in described):
        for _ in range(width - len(described)):
            described[-1].addnext(etree.Element(_same(group, "colspec")))
    stated = group.get("cols", "")
    group.set("cols", str(max(width, int(stated) if stated.isdecimal() and len(stated) < 4 else 0)))


def _foot(group: etree._Element) -> None:
    """Moves the rows of the foot to the end of the body: pandoc drops them."""
    body = next(every(group, "tbody"), None)
    for foot in list(every(group, "tfoot")):
        if body is not None:
            body.extend(list(foot))
            group.remove(foot)


def _caption(media: etree._Element) -> None:
    """The caption of a picture as paragraphs behind it: pandoc uses it as a description."""
    for caption in list(every(media, "caption")):
        inner = list(caption)
        paragraph = etree.Element(_same(caption, "para"))
        paragraph.text = caption.text
        for each in reversed(inner if inner and not (caption.text or "").strip() else [paragraph]):
            media.addnext(each)
        paragraph.extend(inner if paragraph.getparent() is not None else [])
        media.remove(caption)


def _divisions(glossary: etree._Element) -> None:
    """The parts of a glossary as sections, because pandoc keeps their titles."""
    for division in list(every(glossary, "glossdiv")):
        division.tag = _same(division, "section")
        entries = list(every(division, "glossentry"))
        if not entries:
            continue
        group = etree.Element(_same(division, "glosslist"))
        entries[0].addprevious(group)
        group.extend(entries)
        if _local(glossary) == "glossary":
            glossary.tag = _same(glossary, "section")


def _rows(group: etree._Element) -> Iterator[etree._Element]:
    for part in ("thead", "tbody", "tfoot"):
        yield from every(group, f"{part}/row")


def _referred(top: etree._Element, entry: etree._Element) -> None:
    """References to the entry show its label: pandoc has no name for a place without a title."""
    identifier = entry.get("id") or entry.get(ID) or ""
    label = words(next(every(entry, "abbrev"), None)) or entry.get("xreflabel") or identifier
    for each in top.iterdescendants("{*}xref"):
        if identifier and each.get("linkend") == identifier:
            each.tag, each.text = _same(each, "link"), label if label.startswith("[") else f"[{label}]"


def _entry(entry: etree._Element) -> None:
    """`[A1] Al Aho. Dunes and tools. 1986`: a paragraph, with separators between the parts if they have none."""
    paragraph = etree.Element(_same(entry, "para"))
    label = next(every(entry, "abbrev"), None)
    name = words(label) or entry.get("xreflabel", "")
    mark = f"[{name}] " if name and not name.startswith("[") else f"{name} " if name else ""
    if identifier := entry.get("id") or entry.get(ID):
        anchor = etree.SubElement(paragraph, _same(entry, "anchor"))
        anchor.set("id" if entry.get("id") else ID, identifier)
    if _local(entry) == "bibliomixed" and any(text and text.strip() for text in (entry.text, *(each.tail for each in entry))):
        _set(paragraph, mark + " ".join(_spaced(entry, label).split()))
    else:
        inner = [each for each in entry if isinstance(each.tag, str) and each is not label]
        parts = [_part(each) for each in sorted(inner, key=lambda each: _local(each) not in NAMES)]
        _set(paragraph, mark + ". ".join(filter(None, parts)))
    paragraph.tail = entry.tail
    parent = entry.getparent()
    if parent is not None:
        parent.replace(entry, paragraph)


def _spaced(entry: etree._Element, label: etree._Element | None) -> str:
    """The text of a formatted entry without its label."""
    parts = [entry.text or ""]
    for each in entry:
        parts += ["" if each is label or not isinstance(each.tag, str) else _part(each), each.tail or ""]
    return "".join(parts)


def _part(element: etree._Element) -> str:
    """The words of one part of an entry, with separators between its own parts."""
    if _local(element) == "authorgroup":
        return ", ".join(filter(None, map(_part, element)))
    if _local(element) == "copyright":
        return f"© {' '.join(words(each) for each in element)}"
    separator = ", " if _local(element) in ("publisher", "confgroup", "biblioset") else " "
    inner = [each for each in element if isinstance(each.tag, str)]
    if inner and not any(text and text.strip() for text in (element.text, *(each.tail for each in inner))):
        return separator.join(filter(None, map(_part, inner)))
    return words(element)


def _title(element: etree._Element) -> None:
    title = next(every(element, "title"), None)
    title = title if title is not None else next(every(element, "info/title"), None)
    if title is None or not words(title):
        return
    element.addprevious(_bold(title))
    _gone(title)


def _step(step: etree._Element) -> None:
    title = next(every(step, "title"), None)
    if title is not None and words(title):
        step.insert(0, _bold(title))
        _gone(title)


def _bold(title: etree._Element) -> etree._Element:
    """A paragraph of the title's content in bold."""
    paragraph = etree.Element(_same(title, "para"))
    strong = etree.SubElement(paragraph, _same(title, "emphasis"), role="strong")
    strong.text = title.text
    strong.extend(list(title))
    return paragraph


def _gone(title: etree._Element) -> None:
    parent = title.getparent()
    if parent is not None:
        title.tail = None
        parent.remove(title)


def _set(paragraph: etree._Element, text: str) -> None:
    if len(paragraph):
        paragraph[-1].tail = text
    else:
        paragraph.text = text


def _same(element: etree._Element, name: str) -> str:
    """`name` in the namespace of `element`."""
    space = etree.QName(element).namespace
    return f"{{{space}}}{name}" if space else name


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname


CHANGES: tuple[tuple[tuple[str, ...], Callable[[etree._Element], None]], ...] = (
    (("subtitle",), _subtitle),
    (("info",), _hoist),
    (("entrytbl",), _nested),
    (("glossentry",), lists.glossary_entry),
    (("index", "setindex"), lists.index),
    (("table", "informaltable"), lists.table_caption),
    (("table", "informaltable"), _of_html),
    (LISTS, _preamble),
    (("tgroup",), _columns),
    (("tgroup",), _foot),
    (("mediaobject",), _caption),
    (("glossary", "glosslist"), _divisions),
)
