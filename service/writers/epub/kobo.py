"""A Kobo EPUB (kepub): each sentence is in a span, which a Kobo needs for bookmarks, highlights and progress.

A Kobo reads `.kepub.epub` with its own program. That program stores places as `kobo.P.S`: the number of the paragraph in the
file and of the sentence in it. The spans are inside `div` elements with the identifiers book-columns and book-inner, as in
the files of the shop and of kepubify. The file stays a valid EPUB.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from service.writers.epub.xhtml import tag

PARAGRAPHS = frozenset(map(tag, (
    "p", "ol", "ul", "li", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "table", "tr", "blockquote", "figure", "figcaption",
    "aside",
)))  # fmt: skip
# Elements whose text is not a sentence, or whose content may be text or these elements alone.
WITHOUT_SPANS = frozenset(map(tag, ("pre", "rt", "rp", "script", "style", "audio", "video", "object")))
ONLY_ELEMENTS = frozenset(map(tag, ("ol", "ul", "dl", "table", "thead", "tbody", "tfoot", "tr", "colgroup", "ruby")))
# A sentence ends after one of these, and closing marks; in Latin script blanks follow it.
END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+\s++|[。！？]++[”’」』）】]*+\s*+|:\s++")


def mark(body: etree._Element) -> None:
    """Puts the text of a body into spans, and the body into the divisions of a kepub. Changes it in place."""
    _Counter().visit(body)
    columns, inner = (etree.Element(tag("div"), {"id": name}) for name in ("book-columns", "book-inner"))
    inner.text, body.text = body.text, None
    inner.extend(list(body))
    columns.append(inner)
    body.append(columns)


class _Counter:
    """The numbers of paragraph and sentence, in the order of the text."""

    def __init__(self) -> None:
        self.paragraph = self.sentence = 0

    def visit(self, element: etree._Element) -> None:
        if element.tag in WITHOUT_SPANS or not _is_xhtml(element):
            return
        if element.tag in PARAGRAPHS:
            self.paragraph, self.sentence = self.paragraph + 1, 0
        children = list(element)
        if element.tag not in ONLY_ELEMENTS:
            self._put(element, element.text, 0)
            element.text = None if element.text and element.text.strip() else element.text
        for child in children:
            tail = child.tail
            self.visit(child)
            if tail and tail.strip() and element.tag not in ONLY_ELEMENTS:
                child.tail = None
                self._put(element, tail, element.index(child) + 1)

    def _put(self, parent: etree._Element, text: str | None, place: int) -> None:
        """Spans of the sentences of `text`, as children of `parent` from `place` on."""
        if not text or not text.strip():
            return
        for number, words in enumerate(sentences(text)):
            self.sentence += 1
            span = etree.Element(tag("span"), {"class": "koboSpan", "id": f"kobo.{max(1, self.paragraph)}.{self.sentence}"})
            span.text = words
            parent.insert(place + number, span)


def sentences(text: str) -> Iterator[str]:
    """The text in consecutive pieces. Blanks alone belong to the piece before."""
    start = 0
    for found in END.finditer(text):
        if text[start : found.end()].strip() and text[found.end() :].strip():
            yield text[start : found.end()]
            start = found.end()
    yield text[start:]


def _is_xhtml(element: etree._Element) -> bool:
    return isinstance(element.tag, str) and element.tag.startswith(tag(""))
