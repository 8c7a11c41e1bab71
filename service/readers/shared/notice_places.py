"""Finds the places of notices of passes in the upload, because the tree of a pass has no lines.

The first item of a notice is searched in the text of the upload, outside front matter and code. A notice about
something that is not found there (an address that was percent-encoded, say) stays without a line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from service.input import encoding
from service.model.document import Document, Notice
from service.model.errors import ColophonError
from service.readers.shared import fences

READERS = frozenset({"markdown"})  # those whose text is searched; the HTML reader knows its lines
CODE = re.compile(r"(?P<marks>`+)(?:(?!(?P=marks)).){1,500}?(?P=marks)(?!`)")
EMPTY_IMAGE = re.compile(r"!\[[^\[\]\n]*\]\(\s*\)|<img\b(?![^<>\n]*src)", re.IGNORECASE)


def _tag(data: Mapping[str, Any]) -> Iterator[str]:
    markup = str(data.get("markup", ""))
    if markup.startswith("<"):
        yield rf"{re.escape(markup.rstrip('>'))}(?![\w-])"


def _removed(data: Mapping[str, Any]) -> Iterator[str]:
    first = str(data.get("removed", "")).strip().partition("\n")[0]
    if first:
        yield re.escape(first)


def _links(data: Mapping[str, Any]) -> Iterator[str]:
    for each in data.get("removed", ()):
        yield _address(each["url"])


def _addresses(name: str) -> Callable[[Mapping[str, Any]], Iterator[str]]:
    return lambda data: (_address(each if isinstance(each, str) else each.get("url", "")) for each in data.get(name, ()))


def _address(url: str) -> str:
    """An address where it is one: behind `](`, in a definition, in an attribute; a part of the page with the page before it."""
    page = r"[^\s()<>\"'#]{0,500}" if url.startswith("#") else ""
    begins = r"(?:\]\(\s*<?|\]:\s*<?|=\s*[\"']?)"
    return rf"{begins}{page}{re.escape(url[:200])}" if url else r"(?<!!)\[[^\[\]\n]*\]\(\s*\)"


# Code of a notice → patterns of its items; the first one that is found is its place.
PLACES: Mapping[str, Callable[[Mapping[str, Any]], Iterator[str]]] = {
    "raw-html-dropped": _tag,
    "hidden-text-removed": _removed,
    "comment-removed": lambda _: iter(("<!--",)),
    "link-removed": _links,
    "dead-internal-link": _addresses("links"),
    "empty-link-removed": _addresses("urls"),
    "empty-image-removed": lambda _: iter((EMPTY_IMAGE.pattern,)),
    "image-missing": _addresses("images"),
    "image-dropped": _addresses("images"),
    "image-blocked": _addresses("images"),
    "image-unusable": _addresses("images"),
    "math-unreadable": lambda data: iter((re.escape(str(data.get("tex", "")).strip().partition("\n")[0]),)),
}
MOST = 20  # patterns that are searched for one notice


def placed(document: Document) -> Document:
    """`document` with line and column in the notices of PLACES that have none."""
    if document.reader not in READERS or not any(map(_has_no_place, document.notices)):
        return document
    lines = list(_lines(document))
    notices = tuple(_placed(each, lines) if _has_no_place(each) else each for each in document.notices)
    return replace(document, notices=notices)


def _has_no_place(each: Notice) -> bool:
    return each.line is None and each.code in PLACES and "part" not in each.data


def _lines(document: Document) -> Iterator[tuple[int, str]]:
    """The lines of the upload with their numbers, those of front matter and fenced code left out, code spans blanked."""
    try:
        text, _ = encoding.decode(document.source.data, document.source.charset, encoding.cookie(document.source.data))
    except ColophonError:  # the caller named another charset
        return
    fence, first = "", document.source_front_matter.count("\n")
    for number, line in enumerate(text.split("\n"), 1):
        within, fence = fence, fences.after(line, fence)
        if number > first and not fence and not within:
            yield number, CODE.sub(lambda found: " " * len(found[0]), line) if "`" in line else line


def _placed(each: Notice, lines: Iterable[tuple[int, str]]) -> Notice:
    patterns = [one for one, _ in zip(PLACES[each.code](each.data), range(MOST), strict=False)]
    if not patterns:
        return each
    pattern = re.compile("|".join(patterns), re.IGNORECASE)
    for number, line in lines:
        if found := pattern.search(line):
            return replace(each, line=number, column=found.start() + 1)
    return each
