"""Links between the files of an EPUB become links within one document, and pictures the names of assets.

An identifier does not change if no earlier chapter has it; else it gets the name of its file in front. A link to a file leads
to the first text of it, and so does one to a part of another file that is not there, as in any reading system.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from service.ast.html import pictures
from service.ast.html.tree import Element
from service.model.free_names import FreeNames
from service.readers.office.base import PART

SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:|//|\\")
PAGE = re.compile(r"\.x?html?$", re.IGNORECASE)
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
FIRST = frozenset({*HEADINGS, "p"})
PICTURES = ("img", "image", "object", "embed", "input", "source", "amp-img")
ADDRESSES = ("src", "data", "href", "xlink:href", *pictures.LAZY)


@dataclass
class Page:
    """A chapter: its file in the package, its content, and the language and direction of its root."""

    path: str
    body: Element
    lang: str = ""
    direction: str = ""
    title: str = ""
    identifiers: dict[str, str] = field(default_factory=dict)  # those of the file → those of the document


def joined(path: str, href: str) -> tuple[str, str] | None:
    """The file of the package and the identifier in it that `href` leads to from the file `path`; None for other addresses."""
    href = href.strip()
    if SCHEME.match(href):
        return None
    file, _, part = href.partition("#")
    file = unquote(file.partition("?")[0])
    return (posixpath.normpath(posixpath.join(posixpath.dirname(path), file)).lstrip("/") if file else path), unquote(part)


def settle(pages: Sequence[Page], parts: Mapping[str, bytes]) -> None:
    """Changes identifiers and addresses of all pages in place."""
    by_path = {page.path: page for page in pages}
    _name(pages)
    targets = {found for page in pages for found in leading_to(page)}
    starts = {
        page.path: start(page)
        for page in pages
        if any(path == page.path and part not in page.identifiers for path, part in targets)
    }
    for page in pages:
        for link in _links(page):
            found = joined(page.path, link.get("href"))
            if found and (target := by_path.get(found[0])):
                own = target is page and found[1]
                name = target.identifiers.get(found[1]) or (found[1] if own else starts[target.path])
                link.attributes["href"] = f"#{name}"
        for each in page.body.iter(*PICTURES):
            _point(each, page.path, parts)


def leading_to(page: Page) -> Iterator[tuple[str, str]]:
    """The files and identifiers of the package that a page links to."""
    return (found for link in _links(page) if (found := joined(page.path, link.get("href"))))


def link_frames(body: Element, path: str, parts: Mapping[str, bytes]) -> None:
    """A frame that shows another page of the package becomes a link to it."""
    for each in body.iter("iframe"):
        found = joined(path, each.get("src"))
        if found and found[0] != path and found[0] in parts and PAGE.search(found[0]):
            each.tag = "a"
            each.children = [each.get("title") or each.get("aria-label") or posixpath.basename(found[0])]
            each.attributes = {"id": each.get("id"), "href": each.get("src")}


def _links(page: Page) -> Iterator[Element]:
    return (each for each in page.body.iter("a", "area") if each.get("href").strip())


def _name(pages: Sequence[Page]) -> None:
    taken: set[str] = set()
    free = FreeNames()
    for page in pages:
        for each in page.body.iter():
            identifier = each.get("id") or (each.get("name") if each.tag == "a" else "") or each.get("xml:id")
            if not identifier:
                continue
            new = page.identifiers.get(identifier) or _free(identifier, page.path, taken, free)
            taken.add(new)
            page.identifiers.setdefault(identifier, new)
            each.attributes["id"] = new


def _free(identifier: str, path: str, taken: set[str], free: FreeNames) -> str:
    if identifier not in taken:
        return identifier
    stem = posixpath.splitext(posixpath.basename(path))[0]
    return free.free(f"{stem}-{identifier}", "{name}-{number}", taken.__contains__)


def start(page: Page) -> str:
    """The identifier of a page's first heading or paragraph; it gets one if it has none."""
    first = next((each for each in page.body.iter(*FIRST) if each.text().strip()), None)
    if first is None:
        first = Element("div")
        page.body.children.insert(0, first)
    if not first.get("id"):
        first.attributes["id"] = page.body.get("id") or f"file-{posixpath.basename(page.path)}"
        if page.body.get("id"):
            page.body.attributes["id"] = ""
    return first.get("id")


def _point(element: Element, path: str, parts: Mapping[str, bytes]) -> None:
    """Replaces each address of a picture in the package by the name of its asset."""
    for key in ADDRESSES:
        found = joined(path, element.get(key)) if element.get(key).strip() else None
        if found and found[0] in parts:
            element.attributes[key] = PART + found[0]
    for key in pictures.SETS:
        if element.get(key):
            element.attributes[key] = ", ".join(_candidates(element.get(key), path, parts))


def _candidates(listed: str, path: str, parts: Mapping[str, bytes]) -> Iterator[str]:
    for part in re.split(r",\s+|,(?=https?:)", listed):
        address, _, size = part.strip().partition(" ")
        found = joined(path, address) if address else None
        yield f"{PART + found[0] if found and found[0] in parts else address} {size}".strip()
