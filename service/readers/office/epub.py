"""EPUB as pandoc reads it without loss, and its package document under the names of a front matter."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from service.ast import pandoc_ast, title_block
from service.ast.pandoc_ast import Node
from service.containers import epub, packages
from service.containers.parts import Found
from service.model.document import Notice
from service.model.notices import notice
from service.readers.office import epub_chapters, epub_package
from service.readers.office.base import Prepared, front_matter
from service.readers.office.epub_package import SVG, XHTML, Book, Item
from service.readers.office.title_page import letters

# Terms that have no field, and those of which a field takes one: place → custom key.
KEPT = {
    "opf:dc:coverage": "coverage", "opf:dc:relation": "relation", "opf:dc:format": "format",
    "opf:dc:date[creation]": "date_of_creation",
}  # fmt: skip
MORE = {
    "opf:dc:title": "other_titles", "opf:dc:source": "other_sources", "opf:dc:description": "other_descriptions",
    "opf:dc:publisher": "other_publishers", "opf:dc:rights": "other_rights", "opf:dc:identifier": "other_identifiers",
    "opf:dc:language": "other_languages", "opf:dc:type": "other_types", "opf:dc:date": "other_dates",
    "opf:belongs-to-collection": "other_collections",
}  # fmt: skip


def prepare(parts: Mapping[str, bytes], data: bytes) -> Prepared:
    """Raises InvalidDocument for what is no EPUB."""
    found = epub.inspect(data)
    said = properties(found)
    book = epub_package.book(parts)
    pages = [_page(item, parts) for item in book.spine]
    changed = dict(parts)
    left_out = _straighten(pages, changed, _lines(found, said))
    changed |= epub_package.written(book, pages)
    return Prepared(changed, said, finish=_finish, notices=tuple(_notices(book, left_out)))


def properties(found: Found) -> dict[str, Any]:
    """What the author wrote where the file is one of ours, else all that the package document says."""
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
    return said


def _author(person: Mapping[str, Any]) -> dict[str, Any] | str:
    """A creator as an author; that one is an author goes without saying."""
    roles = person.get("role", "")
    role = next((each for each in roles if each != "aut"), "") if isinstance(roles, list) else roles
    found = {key: value for key, value in {**person, "role": "" if role == "aut" else role}.items() if value}
    return found if len(found) > 1 else str(person["name"])


def _taken(said: Mapping[str, Any]) -> list[str]:
    """The values that a field has: the others of the same name are kept beside it."""
    values = (value.get("name") if isinstance(value, Mapping) else value for value in said.values())
    return [str(value) for value in values if isinstance(value, str)]


def _page(item: Item, parts: Mapping[str, bytes]) -> Item:
    """An item of the spine as XHTML; a drawing under a name of its own, where the page that shows it will be."""
    if item.media_type == SVG:
        return replace(item, identifier=f"page-{item.identifier}", path=_free(f"{item.path}.xhtml", parts), media_type=XHTML)
    return replace(item, media_type=XHTML) if item.media_type in epub_package.PAGES else item


def _free(name: str, parts: Mapping[str, bytes]) -> str:
    while name in parts:
        name = name.replace(".svg", ".svg.page", 1)
    return name


def _straighten(pages: Sequence[Item], parts: dict[str, bytes], known: Callable[[str], bool]) -> list[str]:
    """Changes the chapters that need it; the lists of contents that were left out."""
    trees = {}
    headings: set[str] = set()
    for page in pages:
        source = parts.get(page.path)
        if source is None:  # the page of a drawing
            drawing = epub_chapters.parsed(parts[page.path.removesuffix(".xhtml").replace(".svg.page", ".svg")])
            if drawing is not None:
                parts[page.path] = epub_chapters.page_of(drawing)
        elif page.media_type == XHTML and (top := epub_chapters.parsed(source)) is not None:
            headings |= set(epub_chapters.headings(top))
            if any(mark in source for mark in epub_chapters.WORTH_A_LOOK) or epub_chapters.unknown(top):
                trees[page.path] = top
    left_out: list[str] = []
    for path, top in trees.items():
        left_out += epub_chapters.straightened(top, posixpath.basename(path), known, headings)
        parts[path] = packages.serialize(top)
    return left_out


def _lines(found: Found, said: Mapping[str, Any]) -> Callable[[str], bool]:
    """Tells a line that the package document has too."""
    native = found.native
    people = [str(name) for name in native.get("opf:people", ())]
    values = [*map(str, said.values()), *people, " ".join(people), *_texts(native)]
    lines = {letters(value) for value in values} - {""}
    return lambda text: letters(text) in lines


def _texts(native: Mapping[str, Any]) -> list[str]:
    found = [value for place, value in native.items() if place.startswith("opf:dc:")]
    return [str(one) for value in found for one in (value if isinstance(value, list) else [value])]


def _notices(book: Book, left_out: Sequence[str]) -> list[Notice]:
    told = []
    if book.missing:
        names = ", ".join(book.missing[:5])
        message = f"The book names parts that it does not have: {names}."
        told.append(notice("artifact-doubtful", message, stage="read", data={"parts": list(book.missing[:100])}))
    if lists := [text for text in left_out if text]:
        told.append(notice("contents-removed", stage="read", data={"removed": lists}))
    return told


def _finish(blocks: Sequence[Node]) -> list[Node]:
    return pandoc_ast.walk(blocks, _without_own, {"Div"})


def _without_own(node: Node) -> Node | list[Node] | None:
    """Without what an EPUB has about itself: its landmarks, and the title block, which is written again from the metadata."""
    (identifier, classes, _), inside = node["c"]
    if identifier == "landmarks" or "title-block" in classes:
        return None
    if identifier.endswith(title_block.TITLE_ID):
        return [each for each in inside if each["t"] != "Header" or "title" not in each["c"][1][1]]
    return node
