"""The front of a journal's article as metadata: values with a field are there, the rest is under the name of its element."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from service.readers.shared import rest
from service.readers.shared.xml import HREF, LANG, every, first, paragraphs, phrase, words

DATES = ("pub", "epub", "ppub", "publication", "collection", "")
NAMES = (
    "name", "string-name", "collab", "name-alternatives/name", "name-alternatives/string-name", "collab-alternatives/collab",
    "anonymous",
)  # fmt: skip
NO_AUTHORS = ("editor", "reviewer", "section", "translator")  # groups whose people are not authors, by their content type
# Elements whose parts are kept one by one where no field holds their words; the others are kept whole.
GROUPS = frozenset({
    "contrib-group", "permissions", "funding-group", "kwd-group", "author-notes", "pub-history", "title-group",
    "article-version-alternatives", "journal-title-group", "publisher", "custom-meta-group",
})  # fmt: skip
REST = {
    "permissions": "license_text", "contrib-group": "contributions", "pub-history": "history", "author-notes": "author_notes",
    "funding-group": "funding", "title-group": "other_titles", "article-version-alternatives": "version",
    "custom-meta-group": "statements",
}  # fmt: skip
UNSAID = frozenset({"abstract", "trans-abstract", "counts", "pub-date", "history", "article-categories"})


def said(top: etree._Element) -> dict[str, Any]:
    """The metadata of the front, by the names of fields."""
    meta, journal = next(every(top, "front/article-meta"), None), next(every(top, "front/journal-meta"), None)
    places = _places(meta)
    found: dict[str, Any] = {
        "title": first(meta, "title-group/article-title"),
        "subtitle": first(meta, "title-group/subtitle"),
        "authors": [person for each, kind in _people(meta) if kind == "author" and (person := _person(each, places))],
        "date": _date(meta),
        "lang": top.get(LANG, ""),
        "description": "\n\n".join(text for each in every(meta, "abstract") if (text := paragraphs(each))),
        "keywords": [phrase(each) for each in every(meta, "kwd-group/kwd")],
        "categories": list(
            dict.fromkeys(words(each) for group in every(meta, "article-categories") for each in group.iter("{*}subject"))
        ),
        "source_name": first(journal, "journal-title-group/journal-title", "journal-title"),
        "publisher": first(journal, "publisher/publisher-name"),
        "rights": first(meta, "permissions/copyright-statement"),
        "license": _license(meta),
        "issn": first(journal, "issn"),
        "publisher_place": first(journal, "publisher/publisher-loc"),
        "type": top.get("article-type", ""),
    }
    found |= {name: first(meta, name) for name in ("volume", "issue", "fpage", "lpage", "elocation-id")}
    found |= _identifiers(meta) | _links(meta) | _of_people(meta, places) | _of_work(meta)
    found = {key: value for key, value in found.items() if value}
    for group in (journal, meta):
        rest.add(group, found, REST, GROUPS, UNSAID, _without_marks)
    return found


def _identifiers(meta: etree._Element | None) -> dict[str, str]:
    """The identifiers by their kinds; that of a version of the article is separate from that of the article."""
    found: dict[str, str] = {}
    for each in every(meta, "article-id"):
        kind = each.get("pub-id-type", "identifier")
        name = "identifier" if kind == "publisher-id" else kind
        found[f"{name}_version" if each.get("specific-use") == "version" and name in found else name] = words(each)
    return found


def _links(meta: etree._Element | None) -> dict[str, Any]:
    """The article's address, its other files, and the articles that it belongs to."""
    uris = [each.get(HREF, "") or words(each) for each in every(meta, "self-uri")]
    url = next((each for each in uris if each.startswith(("http://", "https://"))), "")
    related = [
        f"{each.get('related-article-type') or each.get('link-type') or 'related'}: {each.get(HREF) or each.get('id', '')}"
        for name in ("related-article", "related-object")
        for each in every(meta, name)
        if not words(each)
    ]
    return {"url": url, "files": [each for each in uris if each and each != url], "related_articles": related}


def _places(meta: etree._Element | None) -> dict[str, str]:
    """The affiliations by their identifiers, without the marks that refer to them."""
    found: dict[str, str] = {}
    for path in ("aff", "contrib-group/aff", "aff-alternatives/aff", "contrib-group/aff-alternatives/aff"):
        for each in every(meta, path):
            found[each.get("id", f"aff{len(found)}")] = _place(each)
    return found


def _place(aff: etree._Element) -> str:
    marks = "".join(words(mark) for name in ("label", "sup") for mark in every(aff, name))
    return phrase(aff, ", ").removeprefix(marks).strip(" ,;")


def _people(meta: etree._Element | None) -> Iterator[tuple[etree._Element, str]]:
    """All contributors with their roles: `author`, `editor`…"""
    for group in every(meta, "contrib-group"):
        kind = group.get("content-type", "")
        of_authors = not any(each in kind for each in NO_AUTHORS)
        for each in every(group, "contrib"):
            yield each, each.get("contrib-type", "author" if of_authors else kind)


def _of_people(meta: etree._Element | None, places: dict[str, str]) -> dict[str, Any]:
    """The other contributors in the front: members of groups, their tasks, their affiliations."""
    given = {each.get("rid") for each in every(meta, "contrib-group/contrib/xref")}
    others, did = [], []
    for each, kind in _people(meta):
        person, roles = _person(each, places), [phrase(role) for role in every(each, "role")]
        name = person.get("name", "")
        if kind != "author" and name:
            others.append(person | {"role": ", ".join(roles) or kind})
        elif roles:
            did.append(f"{name}: {', '.join(roles)}")
        others += [
            _person(member, places) | {"role": ", ".join(map(phrase, every(member, "role"))) or f"member of {name}"}
            for member in each.iterfind("{*}collab//{*}contrib")
        ]
    return {
        "contributors": others,
        "contributions": did,
        "affiliations": [text for identifier, text in places.items() if identifier not in given and text],
        "author_notes": [text for each in every(meta, "author-notes/*") if (text := phrase(each))],
    }


def _of_work(meta: etree._Element | None) -> dict[str, Any]:
    """Funding, statements, the history, and groups of keywords with a title."""
    groups = [(first(each, "title"), list(every(each, "kwd"))) for each in every(meta, "kwd-group")]
    return {
        "funding": [text for each in every(meta, "funding-group/*") if (text := phrase(each, ", "))],
        "statements": [
            f"{first(each, 'meta-name')}: {phrase(next(every(each, 'meta-value'), None))}"
            for each in every(meta, "custom-meta-group/custom-meta")
        ],
        "history": [f"{each.get('date-type', '')} {_day(each)}".strip() for each in every(meta, "history/date")],
        "keyword_groups": [f"{title}: {', '.join(map(phrase, each))}" for title, each in groups if title and each],
    }


def _person(contrib: etree._Element, places: Mapping[str, str]) -> dict[str, str]:
    named = next((each for path in NAMES for each in every(contrib, path)), None)
    orcid = next((words(each) for each in every(contrib, "contrib-id") if each.get("contrib-id-type") == "orcid"), "")
    found = {
        "name": person_name(named),
        "orcid": orcid.rpartition("/")[2],
        "email": first(contrib, "email", "address/email", "aff/email"),
        "affiliation": "; ".join(text for each in every(contrib, "aff") if (text := _place(each)))
        or "; ".join(text for each in every(contrib, "xref") if (text := places.get(each.get("rid", ""), ""))),
        "corresponding": "yes" if _answers_letters(contrib) else "",
    }
    return {key: value for key, value in found.items() if value}


def _answers_letters(contrib: etree._Element) -> bool:
    return contrib.get("corresp") == "yes" or any(each.get("ref-type") == "corresp" for each in every(contrib, "xref"))


def person_name(named: etree._Element | None) -> str:
    """`Dr Ada Vogt Jr` from a name in parts; for a group its name, without its members."""
    parts = [first(named, name) for name in ("prefix", "given-names", "surname", "suffix")]
    if parts[1] or parts[2]:
        return " ".join(filter(None, parts))
    if named is not None and next(named.iter("{*}contrib-group"), None) is not None:
        return " ".join((named.text or "").split()) or first(named, "named-content", "institution")
    is_empty = named is not None and etree.QName(named).localname == "anonymous"
    return phrase(named) or ("Anonymous" if is_empty else "")


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
        reference = next(every(each, "license_ref"), None)
        return each.get(HREF) or words(reference) or phrase(each)
    return ""


def _without_marks(part: etree._Element) -> etree._Element:
    """A copy without the marks that lead to notes and places, and without the members of a group."""
    copy: etree._Element = etree.fromstring(etree.tostring(part, with_tail=False))
    for each in [*copy.iter("{*}xref", "{*}contrib-id"), *copy.iterfind(".//{*}collab/{*}contrib-group")]:
        parent, before = each.getparent(), each.getprevious()
        if parent is not None:
            if each.tail and before is not None:
                before.tail = (before.tail or "") + each.tail
            elif each.tail:
                parent.text = (parent.text or "") + each.tail
            parent.remove(each)
    return copy
