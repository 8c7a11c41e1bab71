"""EPUB: its spine in reading order, each page read by the project's own HTML reader, and its package document as front matter."""

from __future__ import annotations

import itertools
import posixpath
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from schemas import metadata
from service.ast import html, pandoc_ast
from service.ast.html import addresses, emphasis
from service.ast.html.attributes import clean_attr
from service.ast.html.tree import Element
from service.ast.pandoc_ast import Attr, Node
from service.containers import epub
from service.containers.parts import Found
from service.engines import Engines
from service.model import metadata_map
from service.model.blocks import Blocks
from service.model.document import Asset, Document, Notice, Source
from service.model.errors import TooComplex
from service.model.notices import notice
from service.readers.office import epub_chapters, epub_links, epub_package, epub_pages
from service.readers.office.base import PART, front_matter
from service.readers.office.epub_links import Page
from service.readers.office.epub_package import RASTER, SVG, XHTML, Book, Item
from service.readers.office.title_page import letters
from service.readers.shared import dropped_html, html_notes, text

OWN_SHEET = "EPUB/styles/article.css"
# Terms without a field, and terms of which a field has only one: place → custom key.
KEPT = {
    "opf:dc:coverage": "coverage", "opf:dc:relation": "relation", "opf:dc:format": "format",
    "opf:dc:date[creation]": "date_of_creation",
}  # fmt: skip
RENDITION = frozenset({"colophon", "rendition", "media", "schema", "a11y", "ibooks", "dc"})
PLACED = frozenset({"dcterms:modified", "dcterms:issued", "dcterms:abstract", "dcterms:license"})
MORE = {
    "opf:dc:title": "other_titles", "opf:dc:source": "other_sources", "opf:dc:description": "other_descriptions",
    "opf:dc:publisher": "other_publishers", "opf:dc:rights": "other_rights", "opf:dc:identifier": "other_identifiers",
    "opf:dc:language": "other_languages", "opf:dc:type": "other_types", "opf:dc:date": "other_dates",
    "opf:belongs-to-collection": "other_collections",
}  # fmt: skip


def read(parts: Mapping[str, bytes], source: Source, engines: Engines) -> Document:
    """Raises InvalidDocument if it is not an EPUB, TooComplex if it nests or repeats too much."""
    found = epub.inspect(source.data)
    said = properties(found)
    book = epub_package.book(parts)
    pages, doubts = _pages(book, parts, engines.settings.max_text)
    record, more = metadata.load(said)
    known = {heading for page in pages for heading in epub_chapters.headings(page)}
    lines, is_own = _lines(found, said), found.record is not None
    left_out = [text for page in pages for text in epub_chapters.straightened(page, lines, known, is_own=is_own)]
    epub_chapters.name_headings(pages, list(epub_package.labels(book, parts)))
    epub_links.settle(pages, parts)
    converter = html.Converter()
    left_out += html_notes.settle([page.body for page in pages], converter)
    blocks, dropped = _converted(pages, converter, record.lang)
    cover = PART + book.items[book.cover].path if book.cover in book.items else ""
    assets = tuple(_assets(blocks, book, parts, cover))
    if cover in {asset.name for asset in assets}:
        record = replace(record, cover=record.cover or cover)
    notices = (*more, *doubts, *_notices(book, left_out), *dropped)
    text.refuse_depth(blocks)
    return Document(record, Blocks(blocks), replace(source, assets=(*source.assets, *assets)), notices=notices)


def _pages(book: Book, parts: Mapping[str, bytes], most: int) -> tuple[list[Page], list[Notice]]:
    """The pages of the spine, then those that only links lead to; each once."""
    pages: dict[str, Page] = {}
    doubts: list[Notice] = []
    sheets: dict[str, Mapping[str, str]] = {}
    by_path = {item.path: item for item in book.items.values()}
    todo = deque(book.spine)
    size = 0
    while todo:
        item = todo.popleft()
        if item.path in pages or item.path not in parts:
            continue
        size += len(parts[item.path]) if item.media_type not in RASTER else 0
        if size > 8 * most:
            raise TooComplex(f"The book's chapters have {size:,} bytes.", extra={"limit": 8 * most})
        page, reported = _page(item, parts, sheets)
        pages[item.path] = page
        doubts += reported
        if not todo:
            linked = {found[0] for each in pages.values() for found in epub_links.leading_to(each)}
            others = (by_path[path] for path in sorted(linked & by_path.keys() - pages.keys()))
            todo += [other for other in others if other.media_type == XHTML and "nav" not in other.properties.split()]
    return list(pages.values()), doubts


def _page(item: Item, parts: Mapping[str, bytes], sheets: dict[str, Mapping[str, str]]) -> tuple[Page, Sequence[Notice]]:
    """`sheets` has the rules of style sheets of earlier pages."""
    if item.media_type not in epub_package.PAGES | {SVG}:
        body = Element("body")
        body.children = [Element("img", {"src": posixpath.basename(item.path), "alt": ""})]
        return Page(item.path, body), ()
    top, reported = epub_pages.parsed(parts[item.path], item.path)
    addresses.resolve(top)
    for path in _sheets(top, item.path):
        if path in parts and path not in sheets:
            sheets[path] = emphasis.rules(parts[path].decode("utf-8", "replace"))
        emphasis.apply(top, sheets.get(path, {}))
    emphasis.apply_sheets(top)
    body = epub_pages.body_of(top)
    epub_links.link_frames(body, item.path, parts)
    lang = next((value for each in (body, top) for key in ("lang", "xml:lang") if (value := each.get(key))), "")
    title = next((each.text() for each in top.iter("title") if not each.foreign), "")
    return Page(item.path, body, lang, body.get("dir") or top.get("dir"), title), reported


def _sheets(top: Element, path: str) -> Iterator[str]:
    """The files of the package with the style sheets of a page. Those of books of this service are only their look."""
    for link in top.iter("link"):
        named = epub_links.joined(path, link.get("href")) if "stylesheet" in link.get("rel").lower().split() else None
        if named and named[0] != OWN_SHEET:
            yield named[0]


def _converted(pages: Sequence[Page], converter: html.Converter, lang: str) -> tuple[list[Node], list[Notice]]:
    """The blocks of all pages, and the markup without a counterpart."""
    blocks: list[Node] = []
    dropped = dropped_html.reported(converter.dropped)
    other = epub_chapters.languages(pages, lang)
    for page in pages:
        before = len(converter.dropped)
        made = converter.shown(page.body)
        dropped += dropped_html.reported(converter.dropped[before:], page.path)
        identifier = page.body.get("id")
        blocks += [pandoc_ast.div([], pandoc_ast.attr(identifier))] if identifier else []
        direction = page.direction.lower() if page.path in other or page.direction.lower() == "rtl" else ""
        pairs = {"lang": other.get(page.path, ""), "dir": direction if direction in ("ltr", "rtl") else ""}
        blocks += _marked(made, clean_attr(["", [], [each for each in pairs.items() if each[1]]]))
    return blocks, dropped


def _marked(blocks: list[Node], attributes: Attr) -> list[Node]:
    """`blocks` with a language or direction: on headings directly, because they define sections; around the others."""
    if not attributes[2]:
        return blocks
    out: list[Node] = []
    for is_heading, group in itertools.groupby(blocks, lambda block: block["t"] == "Header"):
        run = list(group)
        out += [_marked_heading(each, attributes[2]) for each in run] if is_heading else [pandoc_ast.div(run, attributes)]
    return out


def _marked_heading(node: Node, pairs: Sequence[Sequence[str]]) -> Node:
    level, (identifier, classes, own), inlines = node["c"]
    more = [pair for pair in pairs if pair[0] not in {key for key, _ in own}]
    return {"t": "Header", "c": [level, [identifier, classes, [*own, *more]], inlines]}


def _assets(blocks: Sequence[Node], book: Book, parts: Mapping[str, bytes], cover: str) -> Iterator[Asset]:
    """The pictures of the package that the text shows, and its cover."""
    types = {item.path: item.media_type for item in book.items.values()}
    names = dict.fromkeys([cover, *(node["c"][2][0] for node in pandoc_ast.query(blocks, {"Image"}))])
    for name in names:
        path = name.removeprefix(PART)
        if name.startswith(PART) and path in parts:
            yield Asset(name, parts[path], types.get(path, ""))


def properties(found: Found) -> dict[str, Any]:
    """The author's front matter if the file is from this service, else the metadata of the package document."""
    said = front_matter(found, "epub")
    if found.record is not None:
        return said
    native = found.native
    if creators := native.get("opf:creators"):
        said["authors"] = [_author(each) for each in creators]
    changed = native.get("opf:dcterms:modified") or native.get("opf:dc:date[modification]")
    if changed and changed != said.get("date"):
        said.setdefault("modified", changed)
    if contributors := native.get("opf:contributors"):
        said.setdefault("contributors", contributors)
    for place, key in (*KEPT.items(), *MORE.items()):
        value = native.get(place)
        if place in MORE:
            value = [one for one in value if one not in _taken(said)] if isinstance(value, list) else None
        if value:
            said.setdefault(key, value)
    if refinements := native.get("opf:refinements"):
        said.setdefault("refinements", refinements)
    for key, value in _others(native):
        said.setdefault(key, value)
    return said


def _others(native: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Properties of other vocabularies by their names; not those of the rendition, which is made again."""
    known = {cell.place for formats in metadata_map.MAPPING.values() for cell in formats["epub"]}
    for place, value in native.items():
        name = place.removeprefix("opf:")
        vocabulary = name.partition(":")[0]
        if ":" in name and vocabulary not in RENDITION and place not in known and place not in KEPT and name not in PLACED:
            yield name, value


def _author(person: Mapping[str, Any]) -> dict[str, Any] | str:
    """A creator as an author, without the default role."""
    roles = person.get("role", "")
    role = next((each for each in roles if each != "aut"), "") if isinstance(roles, list) else roles
    found = {key: value for key, value in {**person, "role": "" if role == "aut" else role}.items() if value}
    return found if len(found) > 1 else str(person["name"])


def _taken(said: Mapping[str, Any]) -> list[str]:
    """The values that a field can have: the others of the same name are kept next to it."""
    values = (value.get("name") if isinstance(value, Mapping) else value for value in said.values())
    return [str(value) for value in values if isinstance(value, str)]


def _lines(found: Found, said: Mapping[str, Any]) -> Callable[[str], bool]:
    """Reports a line that the package document has too."""
    native = found.native
    people = [str(name) for name in native.get("opf:people", ())]
    values = [*map(str, said.values()), *people, " ".join(people), *_texts(native)]
    lines = {letters(value) for value in values} - {""}
    return lambda text: letters(text) in lines


def _texts(native: Mapping[str, Any]) -> list[str]:
    found = [value for place, value in native.items() if place.startswith("opf:dc:")]
    return [str(one) for value in found for one in (value if isinstance(value, list) else [value])]


def _notices(book: Book, left_out: Sequence[str]) -> list[Notice]:
    reported = []
    if book.missing:
        names = ", ".join(book.missing[:5])
        message = f"The book names parts that it does not have: {names}."
        reported.append(notice("artifact-doubtful", message, stage="read", data={"parts": list(book.missing[:100])}))
    if lists := [text for text in left_out if text]:
        reported.append(notice("contents-removed", stage="read", data={"removed": lists}))
    return reported
