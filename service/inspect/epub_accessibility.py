"""The rules of accessibility for an EPUB that a program can check (EPUB Accessibility 1.1; rules of Ace)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lxml import etree

from service.containers.namespaces import OPF
from service.containers.parts import text
from service.inspect.epub_book import SPACE, Book, Place, line_of

Found = Iterable[Place]
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def undescribed(book: Book) -> Found:
    for path, each in book.elements("img"):
        is_hidden = each.get("role") in ("presentation", "none") or each.get("aria-hidden") == "true"
        if each.get("alt") is None and not is_hidden and not each.get("aria-label") and not each.get("aria-labelledby"):
            yield Place(path, line_of(each), (each.get("src") or "")[:120])


def undescribed_formulas(book: Book) -> Found:
    for path, root in book.documents.items():
        for each in root.iter("{http://www.w3.org/1998/Math/MathML}math"):
            if not text(each) and not each.get("alttext"):
                yield Place(path, line_of(each))


def languages(book: Book) -> Found:
    for path, root in book.documents.items():
        if root.tag == f"{SPACE}html" and not root.get("lang") and not root.get("{http://www.w3.org/XML/1998/namespace}lang"):
            yield Place(path, line_of(root))


def speaks(element: etree._Element) -> bool:
    """Whether a screen reader can read something: text, a label, a picture with a description, a formula."""
    if text(element) or any(element.get(name, "").strip() for name in ("aria-label", "aria-labelledby", "title")):
        return True
    return any(each.get("alt", "").strip() for each in element.iter(f"{SPACE}img")) or (
        next(element.iter("{http://www.w3.org/1998/Math/MathML}math", "{http://www.w3.org/2000/svg}title"), None) is not None
    )


def silent_links(book: Book) -> Found:
    return (Place(path, line_of(each)) for path, each in book.elements("a") if each.get("href") and not speaks(each))


def silent_headings(book: Book) -> Found:
    return (Place(path, line_of(each)) for path, each in book.elements(*HEADINGS) if not speaks(each))


def heading_order(book: Book) -> Found:
    for path, root in book.documents.items():
        last = 0
        for each in root.iter(*(f"{SPACE}{name}" for name in HEADINGS)):
            level = int(etree.QName(each).localname[1])
            if last and level > last + 1:
                yield Place(path, line_of(each), f"h{level} after h{last}")
            last = level


def headless_tables(book: Book) -> Found:
    for path, each in book.elements("table"):
        is_layout = each.get("role") in ("presentation", "none")
        if not is_layout and next(each.iter(f"{SPACE}th"), None) is None and next(each.iter(f"{SPACE}td"), None) is not None:
            yield Place(path, line_of(each))


def says(name: str) -> Callable[[Book], Found]:
    def find(book: Book) -> Found:
        said = [each for each in book.metadata("meta") if each.get("property") == name]
        said += [each for each in old(book) if each.get("name") == name]
        if book.package is not None and not said:
            yield Place(book.package_path, 0, name)

    return find


def old(book: Book) -> list[etree._Element]:
    """`meta name content` of EPUB 2."""
    return [each for each in book.package.iter(f"{{{OPF}}}meta") if each.get("content")] if book.package is not None else []
