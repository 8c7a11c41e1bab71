"""The head of a page as a front matter: `<title>`, `<meta>`, Open Graph, Dublin Core, JSON-LD, links and times.

Sources: HTML Standard 4.2 and 4.6.6; ogp.me; DCMI in HTML (DC-HTML); schema.org; Highwire Press tags; what WordPress, Word and
LibreOffice write.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from service.ast.html.tree import Element

# Key of a front matter → names of <meta>; the first existing one counts.
KEYS: Mapping[str, tuple[str, ...]] = {
    "title": ("og:title", "dc.title", "dcterms.title", "twitter:title", "citation_title"),
    "author": (
        "author", "article:author", "dc.creator", "dcterms.creator", "citation_author", "parsely-author", "sailthru.author",
    ),
    "date": (
        "article:published_time", "date", "dc.date", "dcterms.date", "dcterms.created", "dc.date.created", "dcterms.issued",
        "dc.date.issued", "pubdate", "citation_publication_date", "citation_date", "datepublished", "parsely-pub-date",
        "sailthru.date", "created",
    ),
    "modified": (
        "article:modified_time", "last-modified", "dcterms.modified", "dc.date.modified", "datemodified", "og:updated_time",
        "changed",
    ),
    "description": ("og:description", "description", "dc.description", "dcterms.abstract", "dcterms.description"),
    "keywords": (
        "keywords", "news_keywords", "article:tag", "dc.subject", "dcterms.subject", "citation_keywords", "parsely-tags",
    ),
    "categories": ("article:section", "parsely-section"),
    "url": ("og:url",),
    "source": ("og:site_name", "application-name"),
    "publisher": ("dc.publisher", "dcterms.publisher", "citation_publisher"),
    "rights": ("dc.rights", "dcterms.rights", "copyright"),
    "doi": ("citation_doi",),
    "identifier": ("dc.identifier", "dcterms.identifier"),
    "isbn": ("citation_isbn",),
}  # fmt: skip
SEVERAL = frozenset({"author", "keywords", "categories"})
LANGUAGES = ("content-language", "dc.language", "dcterms.language", "og:locale")
# Names that programs fill in even without a date, as in LibreOffice's "00:00:00".
DOUBTFUL = frozenset({"created", "changed"})
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
ADDRESS = re.compile(r"(?:https?:)?//", re.IGNORECASE)
LINKED: Mapping[str, str] = {
    "headline": "title",
    "inLanguage": "lang",
    "license": "license",
    "articleSection": "categories",
    "alternativeHeadline": "subtitle",
    "datePublished": "date",
    "dateModified": "modified",
    "description": "description",
}
MOST_DATA = 100_000  # characters of one script
WRITTEN_BY = frozenset(
    {"written by", "author", "geschrieben von", "verfasst von", "écrit par", "escrito por", "scritto da", "作者"}
)
SUBTITLES = frozenset({"MsoSubtitle", "subtitle"})
SITE = re.compile(r"\s+[-–—|·•:»]+\s+")
# Word's own data in a comment.
OFFICE = re.compile(r"<o:(Title|Author|Created|LastSaved|Keywords|Company)>([^<]{1,500})</o:\1>")
OFFICE_KEYS = {"Created": "date", "LastSaved": "modified"}
# The comment that a browser, or SingleFile, writes above a saved page.
SAVED = re.compile(
    r"<!--\s{0,20}(?:Page saved with SingleFile\s{1,20}url:|saved from url=\([0-9]{1,6}\))\s{0,20}(https?://[^\s<>]{1,2000})"
)
SAVED_ON = re.compile(r"saved date:\s{1,5}(?:[A-Za-z]{3}\s)?([A-Za-z]{3}\s[0-9]{1,2}\s[0-9]{4})")


def front_matter(page: Element, text: str = "") -> dict[str, Any]:
    """The metadata of the page, under the keys of a front matter; `text` is its source."""
    said = _said(page)
    linked = dict(_linked(page))
    found: dict[str, Any] = {}
    for key, names in KEYS.items():
        values = next((values for name in names if (values := _usable(key, name, said))), [])
        value: Any = values if key in SEVERAL and len(values) > 1 else values[0] if values else linked.get(key)
        if value:
            found[key] = value
    found = {key: value for key, value in (_others(page, said) | linked | found).items() if value}
    for key, value in (saved(text) | office(text)).items():
        found.setdefault(key, value)
    if isinstance(found.get("keywords"), str):
        found["keywords"] = [word.strip() for word in found["keywords"].split(",") if word.strip()]
    return properties(page) | found | _without_site(found, page)


def _said(page: Element) -> dict[str, list[str]]:
    """Name → contents, each once, of every <meta>."""
    said: dict[str, list[str]] = {}
    for meta in page.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or meta.get("http-equiv")).strip().lower()
        content = " ".join(meta.get("content").split())
        name = name.replace(":", ".") if name.startswith(("dc:", "dcterms:")) else name
        if name and content and content not in said.setdefault(name, []):
            said[name].append(content)
    return said


def _usable(key: str, name: str, said: Mapping[str, Sequence[str]]) -> list[str]:
    """The contents of a name that can be a value of the key: an address is not an author's name."""
    values = list(said.get(name, ()))
    if key == "author":
        return [value for value in values if not ADDRESS.match(value)]
    return [value for value in values if name not in DOUBTFUL or DATE.match(value)]


def _others(page: Element, said: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The metadata of other elements than <meta>, and the last resort."""
    named = {link.get("rel").lower(): link.get("href").strip() for link in page.iter("link") if link.get("href").strip()}
    title = " ".join(next((each.text() for each in page.iter("title") if not each.foreign), "").split())
    lang = page.get("lang") or page.get("xml:lang")
    lang = lang or next((said[name][0].replace("_", "-") for name in LANGUAGES if name in said), "")
    return {
        "title": title or _styled_title(page),
        "subtitle": next((" ".join(each.text().split())[:500] for each in styled_subtitles(page)), ""),
        "url": named.get("canonical"),
        "lang": lang,
        "license": named.get("license"),
        "author": _author(page, said),
        "date": next((each.get("datetime") for each in page.iter("time") if _is_publication(each)), ""),
    }


def _styled_title(page: Element) -> str:
    """The paragraph that a word processor gave the style of a title."""
    return next((" ".join(each.text().split())[:500] for each in styled_titles(page)), "")


def styled_titles(page: Element) -> Iterator[Element]:
    """The paragraphs that Word or Google Docs gave the style of a title."""
    return (each for each in page.iter("p") if {"MsoTitle", "title"}.intersection(each.get("class").split()))


def styled_subtitles(page: Element) -> list[Element]:
    """The paragraph of the style Subtitle that stands directly below that of the style Title."""
    for title in styled_titles(page):
        parent = next(each for each in page.iter() if any(child is title for child in each.children))
        below = list(parent.elements())
        after = below[below.index(title) + 1 :][:1]
        return [each for each in after if SUBTITLES.intersection(each.get("class").split()) and each.text().strip()]
    return []


def properties(page: Element) -> dict[str, Any]:
    """Name → value of the properties that Notion puts into a table above the text."""
    found: dict[str, Any] = {}
    for row in (row for table in property_tables(page) for row in table.iter("tr")):
        name = next((" ".join(each.text().split()) for each in row.iter("th")), "")
        cell = next(row.iter("td"), None)
        chosen = [" ".join(each.text().split()) for each in row.iter("span") if "selected-value" in each.get("class")]
        value: Any = chosen or (" ".join(cell.text().split()).removeprefix("@") if cell else "")
        if name and value:
            found.setdefault(name, value)
    return found


def property_tables(page: Element) -> list[Element]:
    """The tables that Notion's export has in the header of a page."""
    return [table for header in page.iter("header") for table in header.iter("table") if table.get("class") == "properties"]


def _author(page: Element, said: Mapping[str, Sequence[str]]) -> list[str]:
    """The names of links to authors; else WordPress's metadata for cards."""
    links = (each for each in page.iter("a") if "author" in each.get("rel").lower().split())
    names = [name for each in links if 0 < len(name := " ".join(each.text().split())) <= 100]
    for number in ("1", "2"):
        label = next(iter(said.get(f"twitter:label{number}", ())), "")
        if not names and label.lower() in WRITTEN_BY:
            names = list(said.get(f"twitter:data{number}", ()))
    return list(dict.fromkeys(names))[:50]


def _is_publication(time: Element) -> bool:
    marked = "pubdate" in time.attributes or time.get("itemprop") == "datePublished"
    return marked or "published" in time.get("class").split()


def _without_site(found: Mapping[str, Any], page: Element) -> dict[str, Any]:
    """The title without the name of the site behind it, if the first heading confirms that."""
    title = found.get("title")
    heading = next((" ".join(each.text().split()).rstrip(" ¶#\u200b") for each in page.iter("h1") if each.text().strip()), "")
    if not isinstance(title, str) or not heading or not title.startswith(heading):
        return {}
    rest = SITE.match(title, len(heading))
    if not rest or not title[rest.end() :].strip():
        return {}
    return {"title": heading, "source": found.get("source") or title[rest.end() :].strip()}


def saved(text: str) -> dict[str, str]:
    """The address of a saved page, and the time of saving."""
    place = SAVED.search(text[:5_000])
    if not place:
        return {}
    day = SAVED_ON.match(text, place.end() + 1) or SAVED_ON.search(text, place.end(), place.end() + 200)
    return {"url": place[1]} | ({"fetch_date": day[1]} if day else {})


def office(text: str) -> dict[str, str]:
    """The properties of a Word document, each from the first element that has it."""
    found: dict[str, str] = {}
    for name, value in OFFICE.findall(text[:50_000]):
        found.setdefault(OFFICE_KEYS.get(name, name.lower()), html.unescape(value).strip())
    return found


def _linked(page: Element) -> Iterator[tuple[str, Any]]:
    """The article in schema.org's JSON-LD; one script, or its graph, may contain several things."""
    for script in page.iter("script"):
        if script.get("type").lower() != "application/ld+json" or len(script.text()) > MOST_DATA:
            continue
        try:
            data = json.loads(script.text())
        except (ValueError, RecursionError):
            continue
        things = data if isinstance(data, list) else data.get("@graph", [data]) if isinstance(data, dict) else []
        for each in things if isinstance(things, list) else []:
            if isinstance(each, dict) and "headline" in each:
                yield from _article(each)


def _article(thing: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield from ((key, thing[name]) for name, key in LINKED.items() if isinstance(thing.get(name), str))
    for name, key in (("author", "author"), ("publisher", "publisher"), ("isPartOf", "source")):
        held = thing.get(name)
        named = [one.get("name") if isinstance(one, dict) else one for one in (held if isinstance(held, list) else [held])]
        if names := [each for each in named if isinstance(each, str) and each]:
            yield key, names if key == "author" else names[0]
    for name, key in (("keywords", "keywords"), ("articleSection", "categories")):
        words = thing.get(name)
        if isinstance(words, str) or (isinstance(words, list) and all(isinstance(word, str) for word in words)):
            yield key, words
