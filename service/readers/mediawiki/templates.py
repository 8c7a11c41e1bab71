"""Templates of MediaWiki, whose definitions are in the wiki: their arguments are written out, so that no word is lost.

A template that cites (`{{cite web |title=… |year=2004}}`) becomes a reference as in a bibliography. In others,
arguments without a name are text, and named ones are `name: value`. A template without words is removed, and a notice lists it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from service.readers.mediawiki import limits
from service.readers.shared import spans

MARK = re.compile(r"\{{2,}+|\}{2,}+")
BAR = "\x03"  # represents the bar of `{{!}}`, which does not separate arguments
MOST = 20_000  # templates
CITES = re.compile(
    r"\s*(?:cit(?:e|ation|ar?)\b|harvard citation|literatur\b|internetquelle|lien web|ouvrage|article\b|vcite|opus)", re.I
)
# The names of each field of a citation in the languages of large wikis; the first one with a value counts.
TITLES = ("title", "titel", "titre", "título", "titulo", "titolo", "script-title", "chapter")
WORKS = (
    "work", "website", "newspaper", "journal", "magazine", "periodical", "encyclopedia", "werk", "sammelwerk", "zeitschrift",
    "site",
)  # fmt: skip
DATES = ("date", "year", "datum", "jahr", "année", "fecha", "data", "publication-date")
ADDRESSES = ("url", "chapter-url", "article-url", "archive-url", "archiveurl", "lire en ligne")
OTHERS = (
    "publisher", "verlag", "éditeur", "editorial", "location", "ort", "edition", "isbn", "doi", "issn", "pmid", "oclc", "quote",
)  # fmt: skip
LABELS = {"isbn": "ISBN ", "issn": "ISSN ", "doi": "doi:", "pmid": "PMID ", "oclc": "OCLC "}
# Arguments for the look of a template.
LOOK = re.compile(
    r"^(?:access-?date|url-status|dead-?url|archive-?date|format|ref|mode|df|language|lang|sprache|align|float|size|color|colour"
    r"|image_?size|upright|border|alt|link|via|name-list-style|display-authors|postscript|separator|group|liststyle|colwidth"
    r"|refs?|nocat|state|collapsed?|abk|zugriff|abruf|archiv-bot|i\d|image\d*+|logo|photo|picture|bild|file|height)$"
    r"|^(?:bg|pushpin|map|coord|flag)|(?:style|class|width|colou?r)$",
    re.I,
)
# Templates that write a character of the markup.
WRITTEN = {"!": BAR, "!!": BAR * 2, "=": "=", "(": "{", ")": "}", "'": "'", "-": "\n"}
SORTS = frozenset({"sort", "hs", "hidden sort key", "sorted"})  # the first is a key that no reader sees
LANGUAGE = re.compile(r"(?:lang|langx|lang-\w+|transl?|transliteration)$", re.I)
TAG = re.compile(r"#tag\s*:", re.I)
REFERENCE_TAG = re.compile(r"<(/?)ref\b([^<>]*+)>", re.I)
MOST_LISTED, LONGEST = 500, 1_000  # sources of templates that a notice lists, and characters of each
CONVERT = re.compile(r"(?:convert|cvt)$", re.I)
# Templates about the page and not about its subject.
OF_PAGE = re.compile(
    r"^(?:reflist|references?|notelist|coord|short description|use \w++ dates|use \w++ english|about|stub|clear|authority control"
    r"|dead link|webarchive|italic title|featured article|good article|cn|fact|citation needed|citation style|clarify|when|who"
    r"|by whom)$|^(?:pp-|toc|commons|portal|defaultsort|#|navbox|sister|subst:)|-stub$|protected",
    re.I,
)


@dataclass
class Dropped:
    """The removed templates: the count of each name, and their sources if they have words."""

    names: Counter[str] = field(default_factory=Counter)
    sources: list[str] = field(default_factory=list)

    def add(self, name: str, inside: str) -> None:
        self.names[name[:80]] += 1
        source = " ".join(inside.split())[:LONGEST]
        if len(self.sources) < MOST_LISTED and source != name and source not in self.sources:
            self.sources.append(source)


def written_out(text: str) -> tuple[str, Dropped]:
    """`text` with the words of its templates in their place, the inner ones first, and the names of those that had none."""
    dropped: Dropped = Dropped()
    opened: list[tuple[str, list[str]]] = [("", [])]
    last = 0
    for number, found in enumerate(_marks(text)):
        opened[-1][1].append(text[last : found.start()])
        last = found.end()
        if found.group()[0] == "{" and number < MOST:
            opened += [(mark, []) for mark in _opening(len(found.group()))]
        else:
            _close(opened, found.group(), dropped)
    out = "".join(mark + "".join(parts) for mark, parts in opened) + text[last:]
    return out.replace(BAR, "|"), dropped


def _opening(count: int) -> list[str]:
    """The marks in a row of braces: those of templates have two, that of a parameter is the innermost and has three."""
    return ["{{"] * (count // 2) if count % 2 == 0 else [*["{{"] * ((count - 3) // 2), "{{{"]


def _close(opened: list[tuple[str, list[str]]], braces: str, dropped: Dropped) -> None:
    """Ends as many templates and parameters as `braces` close; the others are text."""
    left = len(braces)
    while left >= 2 and len(opened) > 1:
        mark, parts = opened.pop()
        inside = "".join(parts)
        if mark == "{{{" and left >= 3:
            left -= 3
            opened[-1][1].append(inside.partition("|")[2])
        else:
            left -= 2
            opened[-1][1].append(mark[2:] + _words(inside, dropped))
    opened[-1][1].append(braces[:left])


def _marks(text: str) -> Iterator[re.Match[str]]:
    """The brackets that are in no comment and no text apart."""
    for start, end in spans.gaps(text, limits.apart(text)):
        yield from MARK.finditer(text, start, end)


def _words(inside: str, dropped: Dropped) -> str:
    """The replacement of one template whose `inside` is written out already."""
    name, *parts = _parts(inside)
    name = " ".join(name.replace("_", " ").split())
    if name in WRITTEN:
        return WRITTEN[name]
    if re.match(r"(?:DISPLAYTITLE|SHORTDESC|DEFAULTSORT)\s*:|short description$", name, re.I):
        return "{{" + inside + "}}"
    if TAG.match(name):
        return _tag(name.partition(":")[2].strip().lower(), parts)
    places, named = _arguments(parts)
    if CITES.match(name) and not OF_PAGE.search(name):
        return _cited(named, places)
    shown = "" if OF_PAGE.search(name) else _shown(name, places, named, "\n" in inside)
    if not shown.strip():
        dropped.add(name, inside)
    return shown


def _tag(name: str, parts: list[str]) -> str:
    """`{{#tag:ref|text|name=a}}` is `<ref name="a">text</ref>`; a note in it is in brackets."""
    pairs = (part.partition("=") for part in parts[1:])
    given = ((key.strip(), value.strip().strip('"')) for key, _, value in pairs)
    attributes = "".join(f' {key}="{value}"' for key, value in given if key.isalpha() and value)
    content = REFERENCE_TAG.sub(_bracket, parts[0]) if parts else ""
    return f"<{name}{attributes}>{content}</{name}>" if name.isalpha() else content


def _bracket(found: re.Match[str]) -> str:
    return "" if found[2].endswith("/") else ")" if found[1] else " ("


def _parts(inside: str) -> list[str]:
    """The parts between bars; a bar within a link or a table is not such."""
    parts, start = [], 0
    depth = 0
    for found in re.finditer(r"\[\[|\]\]|\{\||\|\}|\|", inside):
        mark = found.group()
        if mark in ("[[", "{|"):
            depth += 1
        elif mark in ("]]", "|}") and depth:
            depth -= 1
        elif mark == "|" and not depth:
            parts.append(inside[start : found.start()])
            start = found.end()
    return [*parts, inside[start:]]


def _arguments(parts: list[str]) -> tuple[list[str], dict[str, str]]:
    """The arguments by their places, and those by their names; empty ones, and those for the look, are left out."""
    places: list[str] = []
    named: dict[str, str] = {}
    for part in parts:
        key, sign, value = part.partition("=")
        key = key.strip()
        if sign and re.fullmatch(r"[\w \-/.]{1,60}", key):
            if key.isdecimal() and value.strip():
                places.append(value.strip())
            elif value.strip() and (not LOOK.search(key) or _is_measure(key, value)):
                named[key.lower()] = value.strip()
        elif part.strip():
            places.append(part.strip())
    return places, named


def _is_measure(key: str, value: str) -> bool:
    """Whether a height or width is the subject's (`30 m`) and not the picture's (`200px`)."""
    return key.lower() in ("height", "width", "size") and " " in value.strip()


def _shown(name: str, places: list[str], named: Mapping[str, str], block: bool) -> str:
    if LANGUAGE.match(name) and not name.lower().startswith("lang-") and len(places) > 1:
        places = places[1:]
    elif name.lower() in SORTS:
        places = places[-1:]
    elif CONVERT.match(name):
        places = [" ".join(places[:2])]
    pairs = [f"{key}: {value}" for key, value in named.items()]
    if block and pairs:
        lines = [*places, *(f"'''{key.replace('_', ' ')}''': {value}" for key, value in named.items())]
        return "\n\n" + "\n\n".join(lines) + "\n\n"
    return ", ".join([*places, *pairs])


def _cited(named: dict[str, str], places: list[str]) -> str:
    """`Vogt, Ada (1999). [https://… Of lamps]. Harbour 2 (3): 5–9.`"""
    given = dict(named)

    def take(*names: str) -> str:
        return next((given.pop(name) for name in names if name in given), "")

    people = "; ".join(_people(given))
    date, title, address, work = take(*DATES), take(*TITLES), take(*ADDRESSES), take(*WORKS)
    linked = f"[{address} {title or work or address}]" if re.match(r"(?:https?|ftp):\S+$", address) else title
    volume, issue, pages = (
        take("volume", "band", "vol"),
        take("issue", "number", "nummer"),
        take("pages", "page", "seiten", "p", "pp"),
    )
    place = f"{volume}{f' ({issue})' if issue else ''}{f': {pages}' if pages else ''}".removeprefix(": ")
    rest = [f"{LABELS.get(name, '')}{value}" for name in OTHERS if (value := take(name))]
    head = f"{people} ({date})" if people and date else people
    parts = [head, linked, f"''{work}''" if work else "", place, "" if people else date, *rest, *places, *given.values()]
    return ". ".join(part.rstrip(".") for part in parts if part) + "."


def _people(given: dict[str, str]) -> Iterator[str]:
    """Authors by last and first names, or whole; then editors."""
    for number in ("", *map(str, range(1, 21))):
        last = given.pop(f"last{number}", "") or given.pop(f"surname{number}", "")
        first = given.pop(f"first{number}", "") or given.pop(f"given{number}", "")
        whole = given.pop(f"author{number}", "") or given.pop(f"autor{number}", "") or given.pop(f"auteur{number}", "")
        if name := ", ".join(filter(None, (last, first))) or whole:
            yield name
        given.pop(f"author-link{number}", "")
        given.pop(f"authorlink{number}", "")
    for name in ("authors", "editor", "editors", "hrsg", "translator"):
        if value := given.pop(name, ""):
            yield value
