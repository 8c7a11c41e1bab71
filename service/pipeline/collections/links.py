"""Links from one chapter of a book to another, and to other parts of the collection's site."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from urllib.parse import quote

from service.model.siblings import ARTICLE, Siblings
from service.pipeline.collections.base import FOLDER_PAGES, Collection
from service.pipeline.collections.jekyll import permalink


def siblings(paths: Sequence[str], collection: Collection) -> list[Siblings]:
    """For each chapter, what links to the others become: by its path, and as the pages of a site are named."""
    targets = {path: f"{ARTICLE}{number}" for number, path in reversed(list(enumerate(paths, 1)))}
    for path in paths:
        for other in _addresses(path, collection):
            targets.setdefault(other, targets[path])
    root = f"{collection.address.rstrip('/')}/" if collection.address.startswith(("http://", "https://")) else ""
    titles = [collection.titles.get(name, "") for name in collection.names] if len(paths) == len(collection.names) else []
    return [
        Siblings(posixpath.dirname(path), targets, web_address(path, collection), root, posixpath.splitext(path)[0], called)
        for path, called in zip_longest(paths, titles, fillvalue="")
    ]


def _addresses(path: str, collection: Collection) -> Iterator[str]:
    """The other paths of the chapter in links. A link from the root of the site begins in its content folder."""
    stem = posixpath.splitext(path)[0]
    inside = _inside(stem, collection)
    on_site = permalink(path) if collection.kind == "jekyll" else inside.lower().replace(" ", "-")  # as Hugo and others write it
    for each in dict.fromkeys((stem, inside, *filter(None, [on_site]))):
        yield from (each, f"{each}.html", f"{each}.htm")
        if posixpath.basename(each).casefold() in FOLDER_PAGES:
            base = posixpath.dirname(each)
            yield from (posixpath.join(base, "index.html"), base or ".")
    if inside != stem:
        yield inside + posixpath.splitext(path)[1]
    yield wiki_name(posixpath.basename(stem))
    for alias in collection.aliases.get(path, ()):
        yield wiki_name(alias)


def _inside(path: str, collection: Collection) -> str:
    """The path relative to the folder of the content."""
    return path.removeprefix(f"{collection.content}/") if collection.content else path


def web_address(path: str, collection: Collection) -> str:
    """The URL of the chapter on its site, a folder. Links out of the book are resolved by it."""
    if not collection.address.startswith(("http://", "https://")):
        return ""
    stem = posixpath.splitext(_inside(path, collection))[0]
    page = posixpath.dirname(stem) if posixpath.basename(stem).casefold() in FOLDER_PAGES else stem
    return f"{collection.address.rstrip('/')}/{quote(page)}".rstrip("/") + "/"


def wiki_name(name: str) -> str:
    """The name of a chapter in a link of a wiki, `[[name]]`."""
    return f"[[{name.strip().casefold()}]]"


def target(link: str, identifiers: Mapping[int, Mapping[str, str]]) -> str:
    """The link within the book for `chapter:3#part`: to the part if that chapter has it, else to the chapter.

    `identifiers` are those of each chapter that was read, by their names in links, see `called`.
    """
    chapter, _, part = link.removeprefix(ARTICLE).partition("#")
    number = int(chapter)
    known = identifiers.get(number, {})
    found = known.get(part) or known.get(loosely(part))
    return f"#c{number}-{found}" if found else f"#chapter-{number}"


def called(identifiers: Iterable[str]) -> dict[str, str]:
    """The identifiers of a chapter by their names in links: generators make different ones for the same heading."""
    names = [name for name in identifiers if name]
    return {loosely(name): name for name in reversed(names)} | {name: name for name in names}


def loosely(name: str) -> str:
    """`The part`, `the_part` and `the-part` are the same part."""
    return "".join(filter(str.isalnum, name)).casefold()
