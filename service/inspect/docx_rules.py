"""The rules for a DOCX, as a table: parts and relationships, links, and the needs of screen readers.

The standards are ECMA-376 parts 1 and 2; the accessibility rules are those of WCAG 2.2 that apply to a text (W3C, WCAG2ICT).
This is not a validation: the order of elements and their attributes need a schema.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml import etree

from service.containers.namespaces import DC
from service.containers.parts import text
from service.inspect.docx_package import LEVELS, TYPES, WORD, Package, rels_of
from service.inspect.epub_book import Place, line_of

Found = Iterable[Place]
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
DECORATIVE = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"
LINKED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
CONTENT_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
VML = "{urn:schemas-microsoft-com:vml}"


class Rule(NamedTuple):
    """`severity`: error, warning or info. `find` yields the places that break the rule, `fix` is the repair."""

    name: str
    source: str
    severity: str
    message: str
    find: Callable[[Package], Found]
    fix: str


def _unreadable(package: Package) -> Found:
    return package.unreadable


def _main_part(package: Package) -> Found:
    if not any(each.type == "officeDocument" for each in package.relations.get("_rels/.rels", [])):
        yield Place("_rels/.rels")


def _untyped(package: Package) -> Found:
    types = package.xml(TYPES)
    if types is None:
        yield Place(TYPES)
        return
    suffixes = {each.get("Extension", "").lower() for each in types.iter(f"{CONTENT_TYPES}Default")}
    names = {each.get("PartName", "").lstrip("/").lower() for each in types.iter(f"{CONTENT_TYPES}Override")}
    for name in sorted(package.parts.names - {TYPES}):
        if not name.endswith("/") and name.rpartition(".")[2].lower() not in suffixes and name.lower() not in names:
            yield Place(name)


def _missing_targets(package: Package) -> Found:
    known = {name.lower() for name in package.parts.names}
    for name, relations in package.relations.items():
        for each in relations:
            if not each.is_external and each.target.lower() not in known and each.target != ".":
                yield Place(name, each.line, each.target[:200])


def _relation_twice(package: Package) -> Found:
    for name, relations in package.relations.items():
        seen: set[str] = set()
        for each in relations:
            if each.id in seen:
                yield Place(name, each.line, each.id[:80])
            seen.add(each.id)


def _unknown_relations(package: Package) -> Found:
    for part, root in package.stories.items():
        known = {each.id for each in package.relations.get(rels_of(part), [])}
        for each in root.iter(etree.Element):
            for name, value in each.attrib.items():
                if str(name).startswith(LINKED) and value and str(value) not in known:
                    yield Place(part, line_of(each), str(value)[:80])


def _unknown_notes(package: Package) -> Found:
    for kind in ("footnote", "endnote"):
        notes = {each.get(f"{WORD}id") for _, each in package.elements(kind)}
        for part, each in package.elements(f"{kind}Reference"):
            if each.get(f"{WORD}id") not in notes:
                yield Place(part, line_of(each), f"{kind} {each.get(f'{WORD}id', '')[:20]}")


def _unknown_bookmarks(package: Package) -> Found:
    known = {each.get(f"{WORD}name") for _, each in package.elements("bookmarkStart")} | {"_top"}
    for part, each in package.elements("hyperlink"):
        name = each.get(f"{WORD}anchor")
        if name and name not in known and not each.get(f"{LINKED}id"):
            yield Place(part, line_of(each), name[:120])


def _invalid_addresses(package: Package) -> Found:
    for name, relations in package.relations.items():
        for each in relations:
            if each.is_external and each.type == "hyperlink" and not _is_address(each.target):
                yield Place(name, each.line, each.target[:200])


def _is_address(target: str) -> bool:
    try:
        urlsplit(target)
    except ValueError:
        return False
    return bool(target.strip()) and " " not in target.strip() and not target.startswith(("http:///", "https:///"))


def _title(package: Package) -> Found:
    core = next((name for name in package.parts.names if name.lower() == "docprops/core.xml"), "")
    root = package.xml(core) if core else None
    if root is None or not any(text(each) for each in root.iter(f"{{{DC}}}title")):
        yield Place(core or "docProps/core.xml")


def _language(package: Package) -> Found:
    styles = package.xml(posixpath.join(posixpath.dirname(package.main), "styles.xml"))
    roots = [styles] if styles is not None else []
    core = package.xml("docProps/core.xml")
    said = [each for root in roots for each in root.iter(f"{WORD}lang") if any(each.attrib.values())]
    said += [each for _, each in package.elements("lang")]
    said += [each for each in core.iter(f"{{{DC}}}language") if text(each)] if core is not None else []
    if not said:
        yield Place("word/styles.xml")


def _undescribed(package: Package) -> Found:
    for part, root in package.stories.items():
        for each in root.iter(f"{DRAWING}docPr"):
            decorative = any(mark.get("val") in ("1", "true") for mark in each.iter(DECORATIVE))
            is_hidden = each.get("hidden") in ("1", "true")
            if not decorative and not is_hidden and not (each.get("descr") or each.get("title") or "").strip():
                yield Place(part, line_of(each), each.get("name", "")[:80])
        for each in root.iter(f"{VML}imagedata"):
            shape = each.getparent()
            is_fallback = any(True for _ in each.iterancestors(FALLBACK))
            if shape is not None and not is_fallback and not (shape.get("alt") or each.get("title") or "").strip():
                yield Place(part, line_of(each))


def _headless_tables(package: Package) -> Found:
    for part, table in package.elements("tbl"):
        rows = list(table.iterchildren(f"{WORD}tr"))
        heads = [mark for row in rows[:1] for mark in row.iter(f"{WORD}tblHeader")]
        if len(rows) > 1 and not any(each.get(f"{WORD}val", "1") not in ("0", "false", "off") for each in heads):
            yield Place(part, line_of(table))


def _headings(package: Package) -> Iterator[tuple[str, etree._Element, int]]:
    for part, each in package.elements("p"):
        style, outline = each.find(f"{WORD}pPr/{WORD}pStyle"), each.find(f"{WORD}pPr/{WORD}outlineLvl")
        level = package.headings.get(style.get(f"{WORD}val", ""), 0) if style is not None else 0
        if outline is not None and (said := outline.get(f"{WORD}val", "")).isdecimal():
            level = int(said[:3]) + 1
        if 0 < level <= LEVELS:
            yield part, each, level


def _heading_order(package: Package) -> Found:
    last = 0
    for part, each, level in _headings(package):
        if level > last + 1:
            yield Place(part, line_of(each), f"level {level} after {last}" if last else f"level {level} is the first")
        last = level


def _silent_headings(package: Package) -> Found:
    return (Place(part, line_of(each)) for part, each, _ in _headings(package) if not _speaks(each))


def _silent_links(package: Package) -> Found:
    return (Place(part, line_of(each)) for part, each in package.elements("hyperlink") if not _speaks(each))


def _speaks(element: etree._Element) -> bool:
    return bool(text(element)) or any((each.get("descr") or "").strip() for each in element.iter(f"{DRAWING}docPr"))


def _macros(package: Package) -> Found:
    return (Place(name) for name in sorted(package.parts.names) if name.lower().endswith("vbaproject.bin"))


def _comments(package: Package) -> Found:
    for part, each in _first(package.elements("ins", "del", "comment")):
        yield Place(part, line_of(each))


def _first(found: Iterator[tuple[str, etree._Element]]) -> list[tuple[str, etree._Element]]:
    """The first of several, or None."""
    return [each for each in [next(found, None)] if each is not None]


ERROR, WARNING, INFO = "error", "warning", "info"
RULES: tuple[Rule, ...] = (
    Rule("not-well-formed", "ECMA-376-2, 8.1", ERROR, "A part is not well-formed XML, or cannot be read.", _unreadable,
         "Repair the part, or save the document again."),
    Rule("main-part", "ECMA-376-1, 11.2", ERROR, "The package does not name its main part.", _main_part,
         "Add a relationship of the type officeDocument to _rels/.rels."),
    Rule("part-without-type", "ECMA-376-2, 7.2", ERROR, "A part has no content type.", _untyped,
         "Add a Default or an Override to [Content_Types].xml."),
    Rule("target-missing", "ECMA-376-2, 6.5", ERROR, "A relationship leads to a part that is missing.", _missing_targets,
         "Add the part, or remove the relationship."),
    Rule("relationship-twice", "ECMA-376-2, 6.5", ERROR, "Two relationships have the same id.", _relation_twice,
         "Give each relationship an id of its own."),
    Rule("relationship-unknown", "ECMA-376-2, 6.5", ERROR, "An element names a relationship that does not exist.",
         _unknown_relations, "Add the relationship, or remove the element."),
    Rule("note-missing", "ECMA-376-1, 17.11", ERROR, "A note is called that does not exist.", _unknown_notes,
         "Add the note, or remove its reference."),
    Rule("link-broken", "ECMA-376-1, 17.16.22", WARNING, "A link leads to a bookmark that does not exist.", _unknown_bookmarks,
         "Correct the name, or add the bookmark."),
    Rule("link-invalid", "ECMA-376-2, 6.5", WARNING, "The address of a link is not valid.", _invalid_addresses,
         "Correct the address."),
    Rule("no-title", "WCAG 2.4.2", WARNING, "The document has no title.", _title, "Set the title in the document properties."),
    Rule("no-language", "WCAG 3.1.1", WARNING, "The document has no language.", _language, "Set the language of the text."),
    Rule("image-alt", "WCAG 1.1.1", WARNING, "A picture has no description.", _undescribed,
         "Add an alternative text, or mark the picture as decorative."),
    Rule("table-head", "WCAG 1.3.1", WARNING, "A table has no header row.", _headless_tables,
         "Mark the first row as a header row."),
    Rule("heading-order", "WCAG 1.3.1", WARNING, "A heading skips a level.", _heading_order,
         "Use the next heading level, without a gap."),
    Rule("empty-heading", "WCAG 2.4.6", WARNING, "A heading has no text.", _silent_headings,
         "Give the heading a text, or use another style."),
    Rule("link-name", "WCAG 2.4.4", WARNING, "A link has no text.", _silent_links, "Give the link a text."),
    Rule("macros", "", INFO, "The document contains macros.", _macros, "Save it without macros."),
    Rule("changes", "", INFO, "The document contains tracked changes or comments.", _comments,
         "Accept the changes and remove the comments before you publish it."),
)  # fmt: skip
