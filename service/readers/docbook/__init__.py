"""DocBook, 4 and 5: the `info` of an article or book is its front matter. Inclusions are not followed."""

from __future__ import annotations

from typing import Any

from lxml import etree

from service.engines import Engines
from service.model.document import Conversion, Document, Source
from service.readers.base import Reader
from service.readers.docbook import shown
from service.readers.shared import text as texts
from service.readers.shared import xml
from service.readers.shared.xml import HREF, LANG, every, first, paragraphs, words

ROOTS = frozenset({"book", "article", "chapter", "section", "part", "refentry", "set", "preface", "appendix"})
# Metadata, and what no page shows.
NOT_COUNTED = (
    "author", "authorgroup", "copyright", "legalnotice", "revhistory", "pubdate", "date", "biblioid", "keywordset", "subjectset",
    "releaseinfo", "edition", "publisher", "publishername", "indexterm", "math", "alt", "remark", "titleabbrev", "productname",
    "productnumber", "issuenum", "volumenum", "isbn", "issn", "corpname", "editor", "othercredit", "address",
)  # fmt: skip
INFO = ("info", "articleinfo", "bookinfo", "chapterinfo", "sectioninfo", "partinfo", "setinfo", "refentryinfo")
SIMPLE = {
    "publisher": ("publisher/publishername",), "isbn": ("isbn",), "version": ("edition",), "releaseinfo": ("releaseinfo",),
    "modified": ("revhistory/revision/date",), "source_name": ("corpname",), "issn": ("issn",), "volume": ("volumenum",),
}  # fmt: skip


def read(source: Source, conversion: Conversion, engines: Engines) -> Document:
    tree = xml.parsed(source, conversion, engines)
    said = _said(tree.top)
    shown.put_in(tree.top)
    found = texts.parsed(tree.written, "docbook", engines)
    title = next((text for name in INFO if (text := first(tree.top, f"{name}/abstract/title"))), "")
    blocks = texts.with_abstract(found.blocks, found.abstract, str(said.get("lang", "")), title)
    return texts.document(source, tree.text, said, blocks, texts.not_read(tree.included))


def _said(top: etree._Element) -> dict[str, Any]:
    info = next((each for name in INFO for each in every(top, name)), None)
    said: dict[str, Any] = {
        "title": first(info, "title") or first(top, "title"),
        "subtitle": first(info, "subtitle") or first(top, "subtitle"),
        "authors": [
            _person(each) for path in ("author", "authorgroup/author", "authorgroup/corpauthor") for each in every(info, path)
        ],
        "date": first(info, "pubdate", "date"),
        "lang": top.get(LANG) or top.get("lang", ""),
        "description": "\n\n".join(text for each in every(info, "abstract") if (text := paragraphs(each))),
        "keywords": [words(each) for each in every(info, "keywordset/keyword")],
        "categories": [words(each) for each in every(info, "subjectset/subject/subjectterm")],
        "rights": _rights(info),
        "license": "\n\n".join(text for each in every(info, "legalnotice") if (text := paragraphs(each))),
    }
    said |= {key: first(info, *paths) for key, paths in SIMPLE.items()}
    for each in every(info, "biblioid"):
        kind = each.get("class", "identifier")
        said["url" if kind == "uri" else kind] = words(each) or each.get(HREF, "")
    return {key: value for key, value in said.items() if value}


def _person(author: etree._Element) -> dict[str, str]:
    given = first(author, "personname/firstname", "personname/givenname", "firstname", "givenname")
    name = f"{given} {first(author, 'personname/surname', 'surname')}".strip()
    found = {
        "name": name or first(author, "personname", "orgname") or words(author),
        "email": first(author, "email", "address/email", "affiliation/address/email"),
        "affiliation": first(author, "affiliation/orgname"),
    }
    return {key: value for key, value in found.items() if value}


def _rights(info: etree._Element | None) -> str:
    for each in every(info, "copyright"):
        years = ", ".join(words(year) for year in every(each, "year"))
        return f"© {years} {', '.join(words(holder) for holder in every(each, 'holder'))}".strip()
    return ""


def is_docbook(data: bytes) -> bool:
    name, attributes = xml.root(data)
    return name in ROOTS and (b"docbook" in attributes.lower() or b"docbook" in data[:1000].lower())


READER = Reader("docbook", read, matches=is_docbook, passages=xml.passages(*NOT_COUNTED))
