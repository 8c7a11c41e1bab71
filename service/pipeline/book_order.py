"""The chapters of a book: which files of an archive they are, in which order, and where a link from one to another leads."""

from __future__ import annotations

import posixpath
import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import orjson

from service.input import bundle
from service.input.gathering import ORDER
from service.model.document import Siblings

SUMMARY = "summary.md"  # of mdBook and GitBook: a list of links
ABOUT = "book.toml"  # of mdBook
MKDOCS = frozenset({"mkdocs.yml", "mkdocs.yaml"})  # whose `nav` names the pages in their order
SITE = {"site_name": "title", "site_author": "author", "site_description": "description"}  # keys of MKDOCS → our fields
LINK = re.compile(r"\]\(\s*<?([^)>\s]+)")
TITLE = re.compile(r"^#[ \t]+(\S.*)$", re.M)
GENERIC = frozenset({"summary", "contents", "table of contents"})
FOLDER_PAGES = frozenset({"index", "readme"})
NUMBERED = re.compile(r"\A\d{3}/")
CHAPTER = "chapter:"  # a link to a chapter, until the book is put together


@dataclass(frozen=True, slots=True)
class Order:
    """Names of chapters in their order; what is said of the whole, as a front matter; and articles that are no chapters."""

    names: Sequence[str]
    said: Mapping[str, Any] = field(default_factory=dict)
    left_out: Sequence[str] = ()
    numbered: bool = False  # each name has a folder of its own before the chapter's own path

    def paths(self) -> list[str]:
        """Those by which the chapters know each other."""
        return [NUMBERED.sub("", name, count=1) if self.numbered else name for name in self.names]


def of(files: Mapping[str, bytes], suffixes: Collection[str]) -> Order:
    """By `chapters.json`, else a SUMMARY.md, else the `nav` of mkdocs.yml, else in the natural order of the names."""
    if listed := _listed(files):
        return Order(listed, numbered=all(NUMBERED.match(name) for name in listed))
    found = sorted(bundle.readable(files, suffixes), key=_natural)
    return _of_summary(files, found) or _of_mkdocs(files, found) or Order(found)


def _of_summary(files: Mapping[str, bytes], found: Sequence[str]) -> Order | None:
    summary = _topmost(name for name in found if posixpath.basename(name).casefold() == SUMMARY)
    if not summary:
        return None
    text = files[summary].decode("utf-8", "replace")
    linked = _linked(text, posixpath.dirname(summary))
    return _chosen(linked, [name for name in found if name != summary], _said(text, summary, files))


def _of_mkdocs(files: Mapping[str, bytes], found: Sequence[str]) -> Order | None:
    about = _topmost(name for name in files if posixpath.basename(name) in MKDOCS)
    if not about:
        return None
    lines = files[about].decode("utf-8", "replace").splitlines()
    said = dict(_site(lines))
    folder = posixpath.join(posixpath.dirname(about), said.pop("docs_dir", "docs"))
    named = (posixpath.normpath(posixpath.join(folder, name)) for name in _nav(lines))
    return _chosen(named, found, {SITE[key]: value for key, value in said.items()})


def _chosen(named: Iterable[str], found: Sequence[str], said: Mapping[str, Any]) -> Order | None:
    """The chapters that are named, each once; None where nothing that is there is named."""
    known = frozenset(found)
    names = list(dict.fromkeys(name for name in named if name in known))
    chosen = frozenset(names)
    return Order(names, said, [name for name in found if name not in chosen]) if names else None


def _topmost(names: Iterable[str]) -> str:
    return min(names, key=lambda name: name.count("/"), default="")


def _nav(lines: Sequence[str]) -> Iterator[str]:
    """What the lines below `nav:` name: `- page.md` and `- Title: page.md`. The YAML of a site has tags of its own."""
    inside = False
    for line in lines:
        if line[:1].strip() not in ("", "-", "#"):
            inside = line.startswith("nav:")
        elif inside:
            value = line.strip().removeprefix("-").strip()
            yield from (_unquoted(each) for each in (value, value.rpartition(": ")[2]))


def _site(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        key, colon, value = line.partition(":")
        if colon and (key in SITE or key == "docs_dir") and value.strip() and value.strip()[0] not in "|>!&*":
            yield key, _unquoted(value)


def _unquoted(value: str) -> str:
    value = value.partition(" #")[0].strip()
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


def _listed(files: Mapping[str, bytes]) -> list[str]:
    """The chapters that ORDER names; none where it says anything else than files of the bundle, each once."""
    try:
        names = orjson.loads(files.get(ORDER, b"[]"))
    except ValueError:
        return []
    known = isinstance(names, list) and all(isinstance(name, str) and name in files for name in names)
    return names if known and len(set(names)) == len(names) else []


def _natural(name: str) -> list[tuple[int, int, str]]:
    """`2-b.md` before `10-a.md`."""
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part.casefold()) for part in re.split(r"(\d+)", name) if part]


def _linked(text: str, folder: str) -> Iterator[str]:
    for match in LINK.finditer(text):
        yield posixpath.normpath(posixpath.join(folder, unquote(match[1].split("#")[0].split("?")[0])))


def _said(text: str, summary: str, files: Mapping[str, bytes]) -> dict[str, Any]:
    """What book.toml says, and for a title the heading of the summary."""
    folder = posixpath.dirname(summary)
    places = (posixpath.join(each, ABOUT) for each in (folder, posixpath.dirname(folder)))
    about = next((files[place] for place in places if place in files), b"")
    try:
        book = tomllib.loads(about.decode("utf-8", "replace")).get("book", {})
    except tomllib.TOMLDecodeError:
        book = {}
    said = {key: book[key] for key in ("title", "authors", "description", "language") if isinstance(book, dict) and book.get(key)}
    heading = TITLE.search(text)
    title = heading[1].rstrip("# \t").strip("*_` ") if heading else ""
    return said if "title" in said or not title or title.casefold() in GENERIC else {"title": title, **said}


def siblings(paths: Sequence[str]) -> list[Siblings]:
    """For each chapter, what links to the others become: by its path, and as the pages of a site are named."""
    targets = {path: f"{CHAPTER}{number}" for number, path in reversed(list(enumerate(paths, 1)))}
    for path in paths:
        stem, base = posixpath.splitext(path)[0], posixpath.dirname(path)
        others = [f"{stem}.html", f"{stem}.htm", stem]
        if posixpath.basename(stem).casefold() in FOLDER_PAGES:
            others += [posixpath.join(base, "index.html"), base or "."]
        for other in (*others, wiki_name(posixpath.basename(stem))):
            targets.setdefault(other, targets[path])
    return [Siblings(posixpath.dirname(path), targets) for path in paths]


def wiki_name(name: str) -> str:
    """The name of a chapter in a link of a wiki, `[[name]]`."""
    return f"[[{name.strip().casefold()}]]"


def target(link: str, identifiers: Sequence[Mapping[str, str]]) -> str:
    """The link within the book for `chapter:3#part`: to the part, where that chapter has it, else to the chapter.

    `identifiers` are those of each chapter by what links call them, see `called`.
    """
    chapter, _, part = link.removeprefix(CHAPTER).partition("#")
    number = int(chapter)
    found = identifiers[number - 1].get(part) or identifiers[number - 1].get(loosely(part))
    return f"#c{number}-{found}" if found else f"#chapter-{number}"


def called(identifiers: Iterable[str]) -> dict[str, str]:
    """The identifiers of a chapter by what links call them: each generator makes others of the same heading."""
    names = [name for name in identifiers if name]
    return {loosely(name): name for name in reversed(names)} | {name: name for name in names}


def loosely(name: str) -> str:
    """`The part`, `the_part` and `the-part` are the same part."""
    return "".join(filter(str.isalnum, name)).casefold()
