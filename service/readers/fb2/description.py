"""The description of a FictionBook as metadata: of the text, of its original, of the file and of the printed book.

Source: FictionBook 2.1 (FictionBook.xsd). Values with a field are there; the rest is under the name of its element.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from service.readers.shared import rest
from service.readers.shared.xml import every, first, paragraphs, words

PERSON_PARTS = ("first-name", "middle-name", "last-name")
# Elements that `said` reads separately, or that hold a picture.
UNSAID = frozenset({"coverpage", "genre", "annotation", "sequence", "keywords"})
NAMES = {
    "nickname": "nicknames", "home-page": "home_pages", "id": "author_ids", "email": "emails", "program-used": "program",
    "src-ocr": "ocr_by", "history": "file_history", "author": "file_authors", "publisher": "file_publisher",
    "date": "file_date",
}  # fmt: skip


def said(top: etree._Element) -> dict[str, Any]:
    """The fields, and custom keys."""
    info, about = next(every(top, "description/title-info"), None), next(every(top, "description/document-info"), None)
    printed = next(every(top, "description/publish-info"), None)
    urls = [words(each) for each in every(about, "src-url") if words(each)]
    series = [*_series(info), *_series(printed)]
    found: dict[str, Any] = {
        "title": first(info, "book-title"),
        "authors": [_person(each) for each in every(info, "author")],
        "date": _date(info) or first(printed, "year"),
        "lang": first(info, "lang"),
        "description": next((paragraphs(each) for each in every(info, "annotation")), ""),
        "keywords": first(info, "keywords"),
        "categories": [words(each) for each in every(info, "genre") if words(each) != "unrecognised"],
        "publisher": first(printed, "publisher"),
        "isbn": first(printed, "isbn"),
        "identifier": first(about, "id"),
        "version": first(about, "version"),
        "url": next(iter(urls), ""),
        "other_urls": urls[1:],
        "src_lang": first(info, "src-lang"),
        "translators": [name for each in every(info, "translator") if (name := _person(each).get("name"))],
        "city": first(printed, "city"),
        "series": next(iter(series), {}),
        "other_series": series[1:],
        "original": _original(next(every(top, "description/src-title-info"), None)),
    }
    found |= _of_print(printed, found)
    found = {key: value for key, value in found.items() if value}
    for each in every(info, "author"):
        rest.add(each, found, NAMES, ())
    rest.add(about, found, NAMES, (), UNSAID)
    for each in every(top, "description/custom-info"):
        key = each.get("info-type", "custom-info")
        found[key] = words(each) if key not in found else [*_listed(found[key]), words(each)]
    return {key: value for key, value in found.items() if value}


def _of_print(printed: etree._Element | None, found: dict[str, Any]) -> dict[str, str]:
    """Title and year of the printed book, if they differ from those of the text."""
    name, year = first(printed, "book-name"), first(printed, "year")
    return {
        "printed_title": name if name != found["title"] else "",
        "printed_year": year if year not in str(found["date"]) else "",
    }


def _original(info: etree._Element | None) -> dict[str, Any]:
    """The book that was translated."""
    found = {
        "title": first(info, "book-title"),
        "authors": [name for each in every(info, "author") if (name := _person(each).get("name"))],
        "date": _date(info),
        "lang": first(info, "lang"),
        "series": list(_series(info)),
    }
    return {key: value for key, value in found.items() if value}


def _date(info: etree._Element | None) -> str:
    return next((each.get("value") or words(each) for each in every(info, "date")), "")


def _series(info: etree._Element | None) -> Iterator[dict[str, str]]:
    """Every series, each before the ones within it."""
    for each in info.iter("{*}sequence") if info is not None else ():
        if each.get("name"):
            found = {"name": each.get("name", ""), "index": each.get("number", "")}
            yield {key: value for key, value in found.items() if value}


def _person(author: etree._Element) -> dict[str, str]:
    name = " ".join(filter(None, (first(author, part) for part in PERSON_PARTS)))
    found = {"name": name or first(author, "nickname"), "email": first(author, "email")}
    return {key: value for key, value in found.items() if value}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
