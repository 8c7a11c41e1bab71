"""JATS: articles of journals. Their front says more than pandoc takes over: identifiers, ORCID, licence, journal, keywords."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree

from service.engines import Engines
from service.model.document import Conversion, Document, Source
from service.readers.base import Reader
from service.readers.jats import shown
from service.readers.shared import text as texts
from service.readers.shared import xml
from service.readers.shared.placeholders import StandIns
from service.readers.shared.xml import HREF, LANG, every, first, paragraphs, words

# Metadata, and what no page shows: formulas are converted, the rest says where the article stands in its journal.
NOT_COUNTED = (
    "journal-meta", "article-id", "article-categories", "contrib-group", "aff", "author-notes", "pub-date", "volume", "issue",
    "fpage", "lpage", "elocation-id", "history", "permissions", "self-uri", "related-article", "kwd-group", "funding-group",
    "counts", "custom-meta-group", "supplement", "conference", "product", "math", "tex-math", "alt-text", "long-desc",
    "object-id", "processing-meta", "date", "month", "day", "season", "string-date", "size", "isbn", "issn",
)  # fmt: skip
DATES = ("pub", "epub", "ppub", "publication", "collection", "")


def read(source: Source, conversion: Conversion, engines: Engines) -> Document:
    tree = xml.parsed(source, conversion, engines)
    said = _said(tree.top)
    one = StandIns(tree.text.body)
    shown.put_in(tree.top, str(said.get("lang", "")), one)
    found = texts.parsed(tree.written, "jats", engines)
    return texts.document(source, tree.text, said, shown.placed(found.blocks, one), texts.not_read(tree.included))


def _said(top: etree._Element) -> dict[str, Any]:
    meta = next(every(top, "front/article-meta"), None)
    journal = next(every(top, "front/journal-meta"), None)
    places = _places(meta)
    said: dict[str, Any] = {
        "title": first(meta, "title-group/article-title"),
        "subtitle": first(meta, "title-group/subtitle"),
        "authors": [
            _person(each, places)
            for each in every(meta, "contrib-group/contrib")
            if each.get("contrib-type", "author") == "author"
        ],
        "date": _date(meta),
        "lang": top.get(LANG, ""),
        "description": "\n\n".join(text for each in every(meta, "abstract") if (text := paragraphs(each))),
        "keywords": [words(each) for each in every(meta, "kwd-group/kwd")],
        "categories": list(
            dict.fromkeys(words(each) for group in every(meta, "article-categories") for each in group.iter("{*}subject"))
        ),
        "source_name": first(journal, "journal-title-group/journal-title", "journal-title"),
        "publisher": first(journal, "publisher/publisher-name"),
        "rights": first(meta, "permissions/copyright-statement"),
        "license": _license(meta),
        "url": next((each.get(HREF, "") for each in every(meta, "self-uri")), ""),
        "issn": first(journal, "issn"),
        "publisher_place": first(journal, "publisher/publisher-loc"),
        "type": top.get("article-type", ""),
    }
    said |= _of_people(meta, places)
    said |= {name: first(meta, name) for name in ("volume", "issue", "fpage", "lpage", "elocation-id")}
    for each in every(meta, "article-id"):
        kind = each.get("pub-id-type", "identifier")
        said["doi" if kind == "doi" else "identifier" if kind == "publisher-id" else kind] = words(each)
    return {key: value for key, value in said.items() if value}


def _places(meta: etree._Element | None) -> dict[str, str]:
    """The affiliations by their identifiers, without the marks that refer to them."""
    found: dict[str, str] = {}
    for path in ("aff", "contrib-group/aff", "aff-alternatives/aff", "contrib-group/aff-alternatives/aff"):
        for each in every(meta, path):
            marks = "".join(words(mark) for name in ("label", "sup") for mark in every(each, name))
            found[each.get("id", f"aff{len(found)}")] = words(each).removeprefix(marks).strip(" ,;")
    return found


def _of_people(meta: etree._Element | None, places: dict[str, str]) -> dict[str, Any]:
    """What the front says beside the authors: others who took part, their notes, who paid, where those work that none names."""
    given = {each.get("rid") for each in every(meta, "contrib-group/contrib/xref")}
    others = [each for each in every(meta, "contrib-group/contrib") if each.get("contrib-type", "author") != "author"]
    roles = {_person(each, {}).get("name", ""): words(role) for each in others for role in every(each, "role")}
    return {
        "contributors": [
            {"name": person["name"], "role": roles.get(person["name"]) or each.get("contrib-type", "")}
            for each in others
            if (person := _person(each, {})).get("name")
        ],
        "contributions": [
            f"{_person(each, {}).get('name', '')}: {', '.join(map(words, each.iter('{*}role')))}"
            for each in every(meta, "contrib-group/contrib")
            if next(each.iter("{*}role"), None) is not None and each not in others
        ],
        "affiliations": [text for identifier, text in places.items() if identifier not in given and text],
        "author_notes": [text for each in every(meta, "author-notes/*") if (text := words(each))],
        "funding": [text for each in every(meta, "funding-group/*") if (text := words(each))],
        "statements": [
            f"{first(each, 'meta-name')}: {first(each, 'meta-value')}" for each in every(meta, "custom-meta-group/custom-meta")
        ],
        "history": [f"{each.get('date-type', '')} {_day(each)}".strip() for each in every(meta, "history/date")],
    }


def _person(contrib: etree._Element, places: Mapping[str, str]) -> dict[str, str]:
    name = f"{first(contrib, 'name/given-names')} {first(contrib, 'name/surname')}".strip()
    orcid = next((words(each) for each in every(contrib, "contrib-id") if each.get("contrib-id-type") == "orcid"), "")
    found = {
        "name": name or first(contrib, "string-name", "collab", "name"),
        "orcid": orcid.rpartition("/")[2],
        "email": first(contrib, "email", "address/email"),
        "affiliation": first(contrib, "aff", "aff/institution")
        or "; ".join(text for each in every(contrib, "xref") if (text := places.get(each.get("rid", ""), ""))),
    }
    return {key: value for key, value in found.items() if value}


def _date(meta: etree._Element | None) -> str:
    dates = {each.get("date-type") or each.get("pub-type") or "": each for each in every(meta, "pub-date")}
    each = next((dates[kind] for kind in DATES if kind in dates), next(iter(dates.values()), None))
    return "" if each is None else _day(each)


def _day(each: etree._Element) -> str:
    parts = [first(each, "year"), *(first(each, name).zfill(2) for name in ("month", "day"))]
    full = "-".join(part for part in parts if part.isdecimal() and part != "00")
    return each.get("iso-8601-date") or full or words(each)


def _license(meta: etree._Element | None) -> str:
    for each in every(meta, "permissions/license"):
        return each.get(HREF) or words(each)
    return ""


def is_jats(data: bytes) -> bool:
    name, attributes = xml.root(data)
    return name == "article" and (
        b"JATS" in data[:2000] or b"NLM" in data[:2000] or b"article-type" in attributes or b"<front>" in data[:4000]
    )


READER = Reader("jats", read, matches=is_jats, passages=xml.passages(*NOT_COUNTED))
