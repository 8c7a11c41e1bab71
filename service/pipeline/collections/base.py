"""The description of a collection, and the access to its files that all kinds share."""

from __future__ import annotations

import contextlib
import posixpath
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Collection as Known
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from service.input import encoding, frontmatter
from service.input.frontmatter import yaml_text
from service.input.frontmatter.base import Fault
from service.model.document import Notice
from service.model.errors import Refused
from service.model.notices import notice

FOLDER_PAGES = ("_index", "index", "readme")  # the pages of a folder, before all others in it
MAX_CONFIG = 262_144  # bytes of a file that configures a site
MAX_DEPTH = 24  # nested collections in it: a table of contents with parts, chapters and sections of three levels has 12
WITH_FRONT_MATTER = (".md", ".markdown", ".mdx", ".qmd", ".rmd", ".mdwn", ".html", ".htm")
BLANK = b" \t\r\n\f\v\0\xef\xbb\xbf\xfe\xff"  # with the marks of UTF-8 and UTF-16
ANY_TAG = re.compile(r"(?<=: )!!?[\w:./-]+")  # of another program, `!!python/name:x.y`; the value is not run


@dataclass(frozen=True, slots=True)
class Collection:
    """The articles of a book in their order. `kind` is the program that the folder is of.

    `about` is the metadata of the whole, as a front matter. `left_out` are articles that the order does not name, `drafts`
    those that their author does not publish, `empty` files without a character. `media` are folders whose files the program
    serves from the root; with `media_by_name` a file is found by its name alone. `content` is the folder that links from the
    root begin in, `address` the URL of that root. `numbered`: each name has a folder of its own before the article's own path.

    `pages` are all that the program publishes, in the order or not. `root` is the folder of the whole: files outside are not
    part of it. `parts`: first article of a part of the book → title of the part. `titles`: article → title in the contents.
    `aliases`: article → other names that links of a wiki call it by.
    """

    kind: str
    names: Sequence[str]
    about: Mapping[str, Any] = field(default_factory=dict)
    left_out: Sequence[str] = ()
    drafts: Sequence[str] = ()
    empty: Sequence[str] = ()
    media: Sequence[str] = ()
    media_by_name: bool = False
    content: str = ""
    address: str = ""
    numbered: bool = False
    pages: Sequence[str] = ()
    root: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Changed:
    """The chapters whose text was changed before they are read, by name, and what was left out."""

    chapters: Mapping[str, bytes] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Files:
    """The unpacked files, and of these the names of the articles."""

    data: Mapping[str, bytes]
    articles: Sequence[str]
    _front_matters: dict[str, dict[str, Any]] = field(default_factory=dict)

    def topmost(self, fits: Callable[[str], bool]) -> str:
        """The file nearest to the top with a matching name, or an empty text."""
        found = (name for name in self.data if fits(posixpath.basename(name).casefold()))
        return min(found, key=lambda name: (name.count("/"), name), default="")

    def named(self, *names: str) -> str:
        """The file nearest to the top with one of the names, the first name before the others."""
        found = (self.topmost(lambda name, wanted=wanted: name == wanted) for wanted in names)  # type: ignore[misc]
        return next(filter(None, found), "")

    def text(self, name: str) -> str:
        return self.data.get(name, b"")[:MAX_CONFIG].decode("utf-8", "replace").replace("\r\n", "\n")

    def settings(self, name: str) -> dict[str, Any]:
        """The mapping in a YAML, TOML or JSON file; empty if it cannot be read."""
        try:
            found = PARSERS[posixpath.splitext(name)[1].lower() or ".yml"](self.text(name))
        except (Fault, ValueError, KeyError):
            return {}
        return found if isinstance(found, dict) else {}

    def front_matter(self, name: str) -> dict[str, Any]:
        """The front matter of an article; empty for formats without one, and if the reader will refuse it."""
        if name not in self._front_matters:
            self._front_matters[name] = {}
            if name in self.data and name.lower().endswith(WITH_FRONT_MATTER):
                with contextlib.suppress(Refused):
                    self._front_matters[name] = frontmatter.split(encoding.decode(self.data[name])[0]).data
        return self._front_matters[name]


PARSERS: Mapping[str, Callable[[str], Any]] = {
    ".yml": lambda text: yaml_text.parse(ANY_TAG.sub("", text), max_depth=MAX_DEPTH)[0],
    ".yaml": lambda text: yaml_text.parse(ANY_TAG.sub("", text), max_depth=MAX_DEPTH)[0],
    ".toml": tomllib.loads,
    ".json": orjson.loads,
}


def in_folder(names: Iterable[str], folder: str) -> list[str]:
    return [name for name in names if not folder or name.startswith(f"{folder}/")]


def joined(*parts: str) -> str:
    """A normal path from the root of the archive."""
    path = posixpath.normpath(posixpath.join(*parts)).lstrip("/")
    return "" if path == "." else path


def with_suffix(name: str, known: Known[str]) -> str:
    """`name` as a file of `known`, also without its suffix, or the page of a folder, or an empty text."""
    tries = (name, *(f"{name}{suffix}" for suffix in (".md", ".mdx", ".qmd", ".ipynb", ".rst", ".markdown", ".txt")))
    pages = (joined(name, f"{page}{suffix}") for page in FOLDER_PAGES for suffix in (".md", ".mdx", ".qmd"))
    return next((each for each in (*tries, *pages) if each in known), "")


def chosen(kind: str, named: Iterable[str], files: Files, **others: Any) -> Collection | None:
    """The named articles, each once; None if no name is an article."""
    known = frozenset(files.articles)
    names = list(dict.fromkeys(found for name in named if (found := with_suffix(name, known))))
    taken = frozenset(names)
    return Collection(kind, names, left_out=[name for name in files.articles if name not in taken], **others) if names else None


def without_drafts(collection: Collection, files: Files) -> tuple[list[str], list[str]]:
    """The names of published articles, and of drafts. If all are drafts, all are published."""
    every = dict.fromkeys([*collection.names, *collection.pages])
    drafts = [*collection.drafts, *(name for name in every if _is_draft(files.front_matter(name)))]
    names = [name for name in collection.names if name not in frozenset(drafts)]
    return (names, drafts) if names else (list(collection.names), [])


def without_empty(collection: Collection, data: Mapping[str, bytes]) -> Collection:
    """The collection without its empty files, which hold a place in vaults and sites. If all are empty, all stay.

    A part that begins with one begins with the next article.
    """
    empty = frozenset(name for name in [*collection.names, *collection.pages] if name in data and not data[name].lstrip(BLANK))
    names = [name for name in collection.names if name not in empty]
    if not empty or not names:
        return collection
    parts, waiting = dict[str, str](), ""
    for name in collection.names:
        waiting = collection.parts.get(name, waiting)
        if name not in empty and waiting:
            parts[name], waiting = waiting, ""
    pages = [name for name in collection.pages if name not in empty]
    return replace(collection, names=names, pages=pages, parts=parts, empty=sorted(empty))


def left_out(collection: Collection, stage: str) -> list[Notice]:
    """Notices about the articles that are not in the result."""
    reported = (
        ("chapter-left-out", collection.left_out),
        ("draft-left-out", collection.drafts),
        ("empty-left-out", collection.empty),
    )
    return [
        notice(code, stage=stage, data={"articles": list(names)[:100], "count": len(names)}) for code, names in reported if names
    ]


def decoded(data: bytes) -> str:
    """The text of a chapter, with ends of lines as `\\n`; empty if the reader will refuse it."""
    try:
        return encoding.decode(data)[0].replace("\r\n", "\n")
    except Refused:
        return ""


def _is_draft(front: Mapping[str, Any]) -> bool:
    return front.get("draft") is True or front.get("published") is False or front.get("publish") is False


def first_of_parts(listed: Iterable[tuple[str, str]], files: Files) -> dict[str, str]:
    """First article → title of its part, for articles in their order, each with the title of the part that it is in."""
    known, found, before = frozenset(files.articles), dict[str, str](), ""
    for name, part in listed:
        if (article := with_suffix(name, known)) and part != before:
            before = part
            found |= {article: part} if part else {}
    return found


def in_order(names: Iterable[str], weight: Callable[[str], Any] = lambda _: ()) -> list[str]:
    """Folder by folder: the page of a folder first, then by `weight` of a file or folder, then in the order of names.

    Weights of one folder must compare with each other.
    """

    def key(name: str) -> list[Any]:
        parts = name.split("/")
        return [_key("/".join(parts[: depth + 1]), depth + 1 == len(parts), weight) for depth in range(len(parts))]

    return sorted(names, key=key)


def _key(path: str, is_file: bool, weight: Callable[[str], Any]) -> tuple[Any, ...]:
    base = posixpath.basename(path)
    stem = posixpath.splitext(base)[0].casefold()
    page = FOLDER_PAGES.index(stem) if is_file and stem in FOLDER_PAGES else len(FOLDER_PAGES)
    return (page, weight(path), natural(base)) if page == len(FOLDER_PAGES) else (page, (), natural(base))


def natural(name: str) -> list[tuple[int, int, str]]:
    """`2-b.md` before `10-a.md`."""
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part.casefold()) for part in re.split(r"(\d+)", name) if part]


def strings(value: Any) -> Iterator[str]:
    """All strings in a nested value of lists and mappings, in their order. Keys are not values."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from strings(each)
    elif isinstance(value, Sequence):
        for each in value:
            yield from strings(each)
