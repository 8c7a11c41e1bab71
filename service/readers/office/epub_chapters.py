"""The chapters of an EPUB before they are converted: removes parts for programs that are not text.

These are lists of places, a list of contents that repeats the headings, and lines of a title page that are in the metadata.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from service.ast import title_block
from service.ast.html.tree import Element
from service.readers.office.epub_links import HEADINGS, Page
from service.readers.office.epub_package import Label
from service.readers.office.title_page import letters
from service.readers.shared.html_notes import kinds

LISTS = frozenset({"landmarks", "page-list"})  # of places, for programs
LINES = frozenset({*HEADINGS, "p", "li", "dt", "dd", "td", "th", "figcaption"})
BLOCKS = frozenset({
    "p", "div", "section", "article", "header", "footer", "aside", "nav", *HEADINGS, "ul", "ol", "li", "dl", "table", "tr", "td",
    "th", "blockquote", "figure", "hgroup", "img", "body",
})  # fmt: skip
MATHML = "http://www.w3.org/1998/Math/MathML"
LONGEST = 500  # characters of a heading or an entry


def straightened(page: Page, known: Callable[[str], bool], headings: Collection[str], *, is_own: bool) -> list[str]:
    """Changes a chapter in place. `known` tests whether a line is in the metadata; `headings` are those of the book, folded.
    `is_own`: the book is one of this service.

    Returns the removed lists of contents, as text.
    """
    left_out: list[str] = []
    unwanted: set[Element] = set()
    for element in page.body.iter():
        own = kinds(element)
        if own & LISTS or ("toc" in own and _repeats(element, headings)):
            left_out.append(" ".join(element.text().split()))
            unwanted.add(element)
        elif any("titlepage" in kind for kind in own):
            _drop_known(element, known)
        elif element.get("id") == "landmarks" or (is_own and _is_title_block(element)):
            unwanted.add(element)
    if page.body in unwanted:
        page.body.children = []
    page.body.drop(unwanted)
    for element in list(page.body.iter()):
        _choose(element)
        _mark_page(element)
        _show_pictures(element)
    return left_out


def _is_title_block(element: Element) -> bool:
    """The title block of a file of this service, which is written again from the metadata."""
    classes = element.get("class").split()
    is_heading = element.tag in HEADINGS and "title" in classes and element.get("id").endswith(title_block.TITLE_ID)
    return is_heading or "title-block" in classes


def headings(page: Page) -> Iterator[str]:
    """The headings of a chapter, folded; also its title, which a list of contents may have instead."""
    yield letters(page.title)
    yield from (letters(each.text()[:LONGEST]) for each in page.body.iter(*HEADINGS))


def _repeats(element: Element, known: Collection[str]) -> bool:
    """Whether each entry of a list of contents is a heading of the book."""
    entries = [letters(each.text()[:LONGEST]) for each in element.iter("a")]
    return bool(entries) and all(not entry or entry in known for entry in entries)


def _drop_known(page: Element, known: Callable[[str], bool]) -> None:
    """Removes the lines of a title page that are in the metadata, which is shown."""
    leaves = (each for each in page.below(*BLOCKS) if each.tag != "img" and not any(each.below(*BLOCKS)))
    page.drop({each for each in leaves if known(each.text())})


def _choose(element: Element) -> None:
    """The MathML of a switch, else its default (EPUB 3.0, 2.3.7)."""
    for number, child in enumerate(element.children):
        if isinstance(child, str) or child.tag != "epub:switch":
            continue
        cases = [each for each in child.elements() if each.get("required-namespace") == MATHML]
        chosen = cases or [each for each in child.elements() if each.tag == "epub:default"]
        element.children[number] = chosen[0] if chosen else child


def _mark_page(element: Element) -> None:
    """Keeps the start of a page of the printed book as an anchor, without its number."""
    if "pagebreak" in kinds(element):
        label = element.get("title") or element.get("aria-label") or element.text()
        element.tag = "div" if element.tag in ("div", "hr", "p", "section") else "span"
        element.attributes = {"id": element.get("id"), "class": "page-number", "title": " ".join(label.split())[:LONGEST]}
        element.children = []


def _show_pictures(element: Element) -> None:
    """Replaces a drawing that is only a frame around pictures of the package by these pictures and its words."""
    for number, child in enumerate(element.children):
        if isinstance(child, str) or child.tag != "svg" or element.foreign:
            continue
        addresses = [each.get("xlink:href") or each.get("href") for each in child.below("image")]
        if addresses := [each for each in addresses if each and not each.startswith("data:")]:
            words = " ".join(" ".join(_words(child)).split())
            shown = Element("span", {"id": child.get("id")}, child.line)
            shown.children = [Element("img", {"src": each, "alt": "" if words else "picture"}, child.line) for each in addresses]
            shown.children += [f" {words} "] if words else []
            element.children[number] = shown


def _words(drawing: Element) -> Iterator[str]:
    """The title, the description and the text of a drawing; not its style."""
    for each in drawing.below("text", "title", "desc", "body"):
        yield each.text()


def name_headings(pages: Sequence[Page], labels: Sequence[Label]) -> None:
    """Makes a heading of a paragraph with the same words as the entry of the contents that leads to it."""
    by_path = {page.path: page for page in pages}
    wanted: dict[str, list[Label]] = {}
    for label in labels:
        wanted.setdefault(label.path, []).append(label)
    for path in wanted.keys() & by_path.keys():
        lines = list(_lines(by_path[path].body))
        places = {each.get("id"): number for number, (each, _) in enumerate(lines) if each.get("id")}
        inner = {each.get("id"): number for number, (line, _) in enumerate(lines) for each in line.below() if each.get("id")}
        for label in wanted[path]:
            at = {**inner, **places}.get(label.identifier) if label.identifier else 0
            if at is not None and at < len(lines) and lines[at][1] and label.words:
                _promote(lines[at][0], label)


def _lines(body: Element) -> Iterator[tuple[Element, bool]]:
    """The elements with a line of text, in order, and whether it may become a heading."""
    for each in body.iter(*LINES, "div"):
        if each.text().strip() and (each.tag != "div" or not any(each.below(*BLOCKS))):
            yield each, each.tag in ("p", "div")


def _promote(line: Element, label: Label) -> None:
    if letters(line.text()[:LONGEST]) == letters(label.words):
        line.tag = f"h{min(max(label.depth, 1), 6)}"


def languages(pages: Sequence[Page], lang: str) -> Mapping[str, str]:
    """The pages whose language is not that of the book: path → language."""
    main = lang.partition("-")[0].lower()
    return {page.path: page.lang for page in pages if page.lang and page.lang.partition("-")[0].lower() != main}
