"""Checks an EPUB by the rules of e-readers and their shops (`service.model.devices`): one check for each row of the table.

The checks run on any EPUB. Unreadable parts are left out; `service.inspect.epub_rules` reports them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from langcodes import tag_is_valid
from lxml import etree

from service.containers.parts import text
from service.inspect import device_pictures, epub_rules
from service.inspect.device_pictures import Picture
from service.inspect.epub_book import NCX, SPACE, XHTML, Book, Place, line_of
from service.model.devices import DEVICES, MEGABYTE, RULES, Rule
from service.style import device_css

MATHML = "http://www.w3.org/1998/Math/MathML"
SCRIPTS = ("script", "form", "input", "button", "select", "textarea", "iframe", "frame", "object", "embed", "canvas")
FONTS = frozenset({"font/ttf", "font/otf", "application/vnd.ms-opentype", "application/font-sfnt", "application/x-font-ttf",
                   "application/x-font-opentype", "application/x-font-otf"})  # fmt: skip
PLAIN_NAME = re.compile(r"[A-Za-z0-9._/-]+")
HIDDEN = re.compile(r"display\s*+:\s*+none")
MOST_HIDDEN, MOST_CELLS, MOST_IN_TABLE, MOST_COLUMNS = 10_000, 1_800, 20_000, 4
UNKNOWN = frozenset({"und", "mul", "zxx", "mis"})
MOST_PLACES = 20
LARGEST_CSS = 1_000_000


@dataclass(frozen=True, slots=True)
class Subject:
    """A book, its size in bytes, and its pictures."""

    book: Book
    size: int
    pictures: tuple[Picture, ...]


Check = Callable[[Subject], Iterable[Place]]


def broken(book: Book, size: int, devices: Iterable[str]) -> Iterator[tuple[Rule, list[Place]]]:
    """Each rule of the devices that the book breaks, with at most 20 places; refusals come first."""
    wanted = frozenset(devices)
    subject = Subject(book, size, device_pictures.of(book))
    rules = [rule for rule in RULES if rule.device in wanted and book.package is not None]
    for rule in sorted(rules, key=lambda each: not each.refuses):
        if places := list(islice(CHECKS[rule.key](subject), MOST_PLACES)):
            yield rule, places


def _languages(subject: Subject) -> Iterator[Place]:
    said = [text(each) for each in subject.book.metadata("language")]
    for each in said or ["none"]:
        if each in UNKNOWN or each == "none" or not tag_is_valid(each):
            yield Place(subject.book.package_path, 0, each[:80])


def _broken_links(subject: Subject) -> Iterator[Place]:
    yield from epub_rules.broken_links(subject.book)
    yield from epub_rules.broken_fragments(subject.book)


def _empty_descriptions(subject: Subject) -> Iterator[Place]:
    for path, each in subject.book.elements("img"):
        if each.get("alt") is not None and not (each.get("alt") or "").strip():
            yield Place(path, line_of(each), (each.get("src") or "")[:120])


def _hidden(subject: Subject) -> Iterator[Place]:
    for path, root in subject.book.documents.items():
        found = (each for each in root.iter(etree.Element) if HIDDEN.search(each.get("style") or ""))
        if sum(len("".join(map(str, each.itertext()))) for each in found) > MOST_HIDDEN:
            yield Place(path)


def _no_contents(subject: Subject) -> Iterator[Place]:
    if subject.book.nav() is None:
        yield from _no_ncx(subject)


def _no_ncx(subject: Subject) -> Iterator[Place]:
    if not any(item.media_type == NCX for item in subject.book.items):
        yield Place(subject.book.package_path)


def _larger_than(most: int) -> Check:
    def check(subject: Subject) -> Iterator[Place]:
        if subject.size > most:
            yield Place("book", 0, f"{subject.size // MEGABYTE} MB")

    return check


def _long_documents(subject: Subject) -> Iterator[Place]:
    for item in subject.book.items:
        if item.media_type == XHTML and item.path in subject.book.parts.names:
            size = subject.book.parts.archive.getinfo(item.path).file_size
            if size > 10 * MEGABYTE:
                yield Place(item.path, 0, f"{size // MEGABYTE} MB")


def _large_tables(subject: Subject) -> Iterator[Place]:
    for path, each in subject.book.elements("table"):
        cells = sum(1 for _ in each.iter(f"{SPACE}td", f"{SPACE}th"))
        if cells > MOST_CELLS and len("".join(map(str, each.itertext()))) > MOST_IN_TABLE:
            yield Place(path, line_of(each), f"{cells} cells")


def _nested(name: str) -> Check:
    def check(subject: Subject) -> Iterator[Place]:
        for path, each in subject.book.elements(name):
            if next(each.iterancestors(f"{SPACE}{name}"), None) is not None:
                yield Place(path, line_of(each))

    return check


def _wide_tables(subject: Subject) -> Iterator[Place]:
    for path, each in subject.book.elements("table"):
        columns = max((len(row) for row in each.iter(f"{SPACE}tr")), default=0)
        if columns > MOST_COLUMNS:
            yield Place(path, line_of(each), f"{columns} columns")


def _scripts(subject: Subject) -> Iterator[Place]:
    for path, each in subject.book.elements(*SCRIPTS):
        yield Place(path, line_of(each), etree.QName(each).localname)


def _formulas(subject: Subject) -> Iterator[Place]:
    for path, root in subject.book.documents.items():
        yield from (Place(path, line_of(each)) for each in root.iter(f"{{{MATHML}}}math"))


def _fonts(subject: Subject) -> Iterator[Place]:
    for item in subject.book.items:
        is_font = item.media_type.startswith("font/") or "font" in item.media_type.rpartition("/")[2]
        if is_font and item.media_type not in FONTS:
            yield Place(item.path, 0, item.media_type[:80])


def _styles(device: str, rule: str) -> Check:
    """The violations in style sheets, style elements and style attributes."""

    def check(subject: Subject) -> Iterator[Place]:
        for path, line, css in _sheets(subject.book):
            for each in device_css.found(css, device):
                if each.rule == rule:
                    yield Place(path, line + each.line, each.text)
        for path, root in subject.book.documents.items():
            for element in root.iter(etree.Element):
                for each in device_css.adapted_style(element.get("style") or "", device)[1]:
                    if each.rule == rule:
                        yield Place(path, line_of(element), each.text)

    return check


def _sheets(book: Book) -> Iterator[tuple[str, int, str]]:
    """Part, number of lines before it, and text of each style sheet within the size limit."""
    for item in book.items:
        info = book.parts.archive.getinfo(item.path) if item.path in book.parts.names else None
        if item.media_type == "text/css" and info and info.file_size <= LARGEST_CSS:
            yield item.path, 0, (book.parts.get(item.path) or b"").decode("utf-8", "replace")
    for path, each in book.elements("style"):
        yield path, max(0, line_of(each) - 1), each.text or ""


def _no_spans(subject: Subject) -> Iterator[Place]:
    spans = (each for _, each in subject.book.elements("span") if "koboSpan" in (each.get("class") or "").split())
    if next(spans, None) is None:
        yield Place(subject.book.package_path)


def _cover_pages(subject: Subject) -> Iterator[Place]:
    cover = device_pictures.cover_of(subject.book)
    for path, each in subject.book.elements("img"):
        body = next(each.iterancestors(f"{SPACE}body"), None)
        if cover and body is not None and cover.path.endswith((each.get("src") or "?").rpartition("/")[2]) and text(body):
            yield Place(path, line_of(each))


def _names(subject: Subject) -> Iterator[Place]:
    for item in subject.book.items:
        if item.path and not PLAIN_NAME.fullmatch(item.path):
            yield Place(subject.book.package_path, item.line, item.path[:120])


def _ncx_identifiers(subject: Subject) -> Iterable[Place]:
    return epub_rules.ncx_identifier(subject.book)


def _old_version(subject: Subject) -> Iterator[Place]:
    if not subject.book.version.startswith("3"):
        yield Place(subject.book.package_path, 0, subject.book.version[:20])


def _wrapped(subject: Subject) -> Iterator[Place]:
    for path, root in subject.book.documents.items():
        for each in root.iter("{http://www.w3.org/2000/svg}svg"):
            children = [child for child in each if isinstance(child.tag, str)]
            if len(children) == 1 and etree.QName(children[0]).localname == "image":
                yield Place(path, line_of(each))


def _pictures(is_wrong: Callable[[Picture], Any]) -> Check:
    def check(subject: Subject) -> Iterator[Place]:
        return (Place(each.path, 0, each.about) for each in subject.pictures if is_wrong(each))

    return check


def _covers(is_wrong: Callable[[Picture], Any]) -> Check:
    def check(subject: Subject) -> Iterator[Place]:
        return (Place(each.path, 0, each.about) for each in subject.pictures if each.is_cover and is_wrong(each))

    return check


def _no_cover(subject: Subject) -> Iterator[Place]:
    if device_pictures.cover_of(subject.book) is None:
        yield Place(subject.book.package_path)


def _is_small(picture: Picture, shorter: int, longer: int = 0) -> bool:
    sides = sorted((picture.width, picture.height))
    return bool(sides[0]) and (sides[0] < shorter or sides[1] < longer)


RASTER = frozenset({"PNG", "JPEG", "GIF"})
CHECKS: dict[str, Check] = {
    "kindle/language": _languages,
    "kindle/link-broken": _broken_links,
    "kindle/empty-alt": _empty_descriptions,
    "kindle/hidden-text": _hidden,
    "kindle/contents": _no_contents,
    "kindle/ncx": _no_ncx,
    "kindle/file-size": _larger_than(200 * MEGABYTE),
    "kindle/mail-size": _larger_than(50 * MEGABYTE),
    "kindle/cover-missing": _no_cover,
    "kindle/cover-format": _covers(lambda each: each.format not in ("JPEG", "PNG")),
    "kindle/cover-small": _covers(lambda each: _is_small(each, 625, 1_000)),
    "kindle/cover-size": _covers(lambda each: 0 < each.height < 2_500),
    "kindle/picture-format": _pictures(lambda each: each.format not in RASTER | {"SVG", "BMP"}),
    "kindle/picture-vector": _pictures(lambda each: each.format == "SVG"),
    "kindle/picture-size": _pictures(lambda each: each.size > 5 * MEGABYTE),
    "kindle/picture-transparent": _pictures(lambda each: each.is_transparent),
    "kindle/picture-animated": _pictures(lambda each: each.is_animated),
    "kindle/picture-colours": _pictures(lambda each: each.has_ink),
    "kindle/table-large": _large_tables,
    "kindle/table-nested": _nested("table"),
    "kindle/scripts": _scripts,
    "kindle/paragraph-nested": _nested("p"),
    "kindle/formulas": _formulas,
    "kindle/css-layout": _styles("kindle", "css-layout"),
    "kindle/css-negative": _styles("kindle", "css-negative"),
    "kindle/css-variables": _styles("kindle", "css-variables"),
    "kindle/css-rules": _styles("kindle", "css-rules"),
    "kindle/fonts": _fonts,
    "kobo/spans": _no_spans,
    "kobo/file-size": _larger_than(1_000 * MEGABYTE),
    "kobo/document-size": _long_documents,
    "kobo/picture-size": _pictures(lambda each: each.size > 5 * MEGABYTE),
    "kobo/picture-transparent": _pictures(lambda each: each.is_transparent),
    "kobo/picture-colours": _pictures(lambda each: each.has_ink),
    "kobo/cover-missing": _no_cover,
    "kobo/cover-format": _covers(lambda each: each.format not in ("JPEG", "PNG")),
    "kobo/cover-size": _covers(lambda each: each.size > 3 * MEGABYTE),
    "kobo/cover-page": _cover_pages,
    "kobo/file-names": _names,
    "kobo/identifier": _ncx_identifiers,
    "kobo/table-wide": _wide_tables,
    "kobo/css-root-size": _styles("kobo", "css-root-size"),
    "kobo/css-background": _styles("kobo", "css-background"),
    "apple/version": _old_version,
    "apple/file-size": _larger_than(2_000 * MEGABYTE),
    "apple/picture-pixels": _pictures(lambda each: each.width * each.height > DEVICES["apple"].most_pixels),
    "apple/picture-format": _pictures(lambda each: each.format not in RASTER | {"SVG"}),
    "apple/picture-colours": _pictures(lambda each: each.has_ink),
    "apple/picture-wrapped": _wrapped,
    "apple/cover-missing": _no_cover,
    "apple/cover-small": _covers(lambda each: _is_small(each, 1_400)),
    "apple/cover-format": _covers(lambda each: each.format not in ("JPEG", "PNG")),
}
