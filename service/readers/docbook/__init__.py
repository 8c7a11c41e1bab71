"""DocBook, 4 and 5: the `info` of an article or book is its front matter. Inclusions are not followed."""

from __future__ import annotations

from typing import Any

from lxml import etree

from service.engines import Engines
from service.model.document import Conversion, Document, Source
from service.readers.base import Reader
from service.readers.docbook import shown
from service.readers.shared import index_entries, rest, xml
from service.readers.shared import text as texts
from service.readers.shared.xml import HREF, LANG, every, first, paragraphs, phrase, words

ROOTS = frozenset({"book", "article", "chapter", "section", "part", "refentry", "set", "preface", "appendix"})
# Metadata in another form, and invisible elements.
NOT_COUNTED = (
    "copyright", "pubdate", "date", "biblioid", "subjectset", "indexterm", "math", "alt", "titleabbrev", "isbn", "issn",
)  # fmt: skip
REST = {
    "personblurb": "about_authors", "authorblurb": "about_authors", "affiliation": "affiliations", "revision": "history",
    "orgname": "organisations", "corpname": "organisations", "address": "addresses", "contrib": "contributions",
}  # fmt: skip
# Elements whose parts are kept separately if no field has their words; the others are kept whole.
GROUPS = frozenset({"author", "revhistory", "publisher", "othercredit", "editor"})
UNSAID = frozenset({"abstract", "cover", "biblioid", "subjectset", "title", "subtitle"})
AUTHORS = ("author", "authorgroup/author", "corpauthor", "authorgroup/corpauthor")
NAMES = ("honorific", "firstname", "givenname", "othername", "surname", "lineage")
INFO = ("info", "articleinfo", "bookinfo", "chapterinfo", "sectioninfo", "partinfo", "setinfo", "refentryinfo")
SIMPLE = {
    "publisher": ("publisher/publishername",), "isbn": ("isbn",), "version": ("edition",), "releaseinfo": ("releaseinfo",),
    "modified": ("revhistory/revision/date",), "source_name": ("corpname",), "issn": ("issn",), "volume": ("volumenum",),
}  # fmt: skip


def read(source: Source, conversion: Conversion, engines: Engines) -> Document:
    tree = xml.parsed(source, conversion, engines)
    said = _said(tree.top)
    reported = index_entries.reported(
        [phrase(each, ", ") for each in tree.top.iter("{*}indexterm")] + [words(each) for each in tree.top.iter("{*}titleabbrev")]
    )
    shown.put_in(tree.top)
    found = texts.parsed(tree.written, "docbook", engines)
    title = next((text for name in INFO if (text := first(tree.top, f"{name}/abstract/title"))), "")
    blocks = texts.with_abstract(found.blocks, found.abstract, str(said.get("lang", "")), title)
    return texts.document(source, tree.text, said, blocks, [*texts.not_read(tree.included), *reported])


def _said(top: etree._Element) -> dict[str, Any]:
    info = next((each for name in INFO for each in every(top, name)), None)
    said: dict[str, Any] = {
        "title": first(info, "title") or first(top, "title"),
        "subtitle": first(info, "subtitle") or first(top, "subtitle"),
        "authors": [_person(each) for path in AUTHORS for each in every(info, path)],
        "date": first(info, "pubdate", "date"),
        "lang": top.get(LANG) or top.get("lang", ""),
        "description": "\n\n".join(text for each in every(info, "abstract") if (text := paragraphs(each))),
        "keywords": [words(each) for each in every(info, "keywordset/keyword")],
        "categories": [words(each) for each in every(info, "subjectset/subject/subjectterm")],
        "contributors": [
            {"name": person["name"], "role": each.get("class") or etree.QName(each).localname}
            for name in ("editor", "othercredit", "collab")
            for path in (name, f"authorgroup/{name}")
            for each in every(info, path)
            if (person := _person(each)).get("name")
        ],
        "history": [phrase(each) for each in every(info, "revhistory/revision")],
        "rights": "; ".join(_rights(each) for each in every(info, "copyright")),
        "license": "\n\n".join(text for each in every(info, "legalnotice") if (text := paragraphs(each))),
    }
    said |= {key: first(info, *paths) for key, paths in SIMPLE.items()}
    for each in every(info, "biblioid"):
        kind = each.get("class", "identifier")
        said["url" if kind == "uri" else kind] = words(each) or each.get(HREF, "")
    said = {key: value for key, value in said.items() if value}
    for group in (info, *every(info, "authorgroup"), *every(info, "author"), *every(info, "authorgroup/author")):
        rest.add(group, said, REST, GROUPS, UNSAID)
    return said


def _person(author: etree._Element) -> dict[str, str]:
    parts = [first(author, f"personname/{name}", name) for name in NAMES]
    found = {
        "name": " ".join(filter(None, parts)) or first(author, "personname", "orgname") or phrase(author),
        "email": first(author, "email", "address/email", "affiliation/address/email"),
        "affiliation": phrase(next(every(author, "affiliation"), None), ", "),
    }
    return {key: value for key, value in found.items() if value}


def _rights(each: etree._Element) -> str:
    years = ", ".join(words(year) for year in every(each, "year"))
    return f"© {years} {', '.join(words(holder) for holder in every(each, 'holder'))}".strip()


def is_docbook(data: bytes) -> bool:
    name, attributes = xml.root(data)
    return name in ROOTS and (b"docbook" in attributes.lower() or b"docbook" in data[:1000].lower())


READER = Reader("docbook", read, matches=is_docbook, passages=xml.passages(*NOT_COUNTED))
