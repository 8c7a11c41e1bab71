"""Invisible parts of a review: comments, and tracked deletions. They are reported."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from lxml import etree

from service.containers import packages
from service.model.document import Notice
from service.model.notices import notice
from service.readers.office.odt_names import DC, OFFICE, t
from service.readers.office.word_names import W, w
from service.readers.office.word_package import KNOWN

MOST_LISTED = 1_000  # comments and deletions that a notice lists
COMMENTS = re.compile(r"xl/(?:comments|threadedComments/)[^/.]*+\.xml|ppt/comments/[^/.]*+\.xml")
LONGEST = 2_000  # characters of each


def of_word(parts: Mapping[str, bytes], main: Iterable[str]) -> list[Notice]:
    """The comments of a DOCX, and the deleted text in its parts `main`."""
    data = parts.get(KNOWN["comments"], b"")
    found = packages.parse(data).iter(w("comment")) if data.strip() else ()
    comments = [_said(each.get(w("author"), ""), _text(each, W)) for each in found]
    deleted = [
        "".join(text.text or "" for text in change.iter(w("delText")))
        for name in main
        if b"delText" in parts.get(name, b"")
        for change in packages.parse(parts[name]).iter(w("del"))
    ]
    return _reported(comments, deleted)


def of_parts(parts: Mapping[str, bytes]) -> list[Notice]:
    """The comments of a presentation or a workbook, each once: Excel writes a comment of a thread twice."""
    tops = [packages.parse(data) for name, data in parts.items() if COMMENTS.fullmatch(name) and data.strip()]
    found = (each for top in tops for each in top.iter("{*}comment", "{*}cm", "{*}threadedComment"))
    return _reported(list(dict.fromkeys(" ".join("".join(map(str, each.itertext())).split()) for each in found)), [])


def of_open_text(top: etree._Element) -> list[Notice]:
    """The comments and the tracked deletions of an ODT."""
    comments = [
        _said(each.findtext(f"{{{DC}}}creator", ""), " ".join(_lines(each))) for each in top.iter(f"{{{OFFICE}}}annotation")
    ]
    return _reported(comments, [" ".join(_lines(each)) for each in top.iter(t("deletion"))])


def _lines(element: etree._Element) -> list[str]:
    """The text of the paragraphs of an annotation or a deletion; author and date are next to them."""
    return ["".join(map(str, each.itertext())) for each in element.iter(t("p"), t("h"))]


def _text(comment: etree._Element, space: str) -> str:
    paragraphs = comment.iter(f"{{{space}}}p")
    return " ".join("".join(each.text or "" for each in paragraph.iter(f"{{{space}}}t")) for paragraph in paragraphs)


def _said(author: str, text: str) -> str:
    return f"{author}: {text}" if author else text


def _reported(comments: Sequence[str], deleted: Sequence[str]) -> list[Notice]:
    reported = []
    for name, texts in (("comments", comments), ("deletions", deleted)):
        kept = [each.strip()[:LONGEST] for each in texts if each.strip()]
        if kept:
            what = "Comments of a review" if name == "comments" else "Deletions that the document tracks"
            data = {"count": len(kept), name: kept[:MOST_LISTED]}
            reported.append(notice("comment-removed", f"{what} are not in the document: {len(kept)}.", stage="read", data=data))
    return reported
