"""One file per article of a collection, with the data that each needs of the others.

Next to an article is a description (DESCRIPTION, JSON) of the articles that it links to: their places in the collection
and the names of their artifacts. The texts of articles whose parts it links to, and of those that it embeds, are
included. Works only on names and texts, so that the command line and a worker share it.
"""

from __future__ import annotations

import posixpath
import re
from collections import ChainMap
from collections.abc import Collection as Known
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import orjson

from service.input import articles, bundle, feeds
from service.model.artifact_names import Names, safe_path, stem
from service.model.document import Asset, Notice, Source
from service.model.notices import notice
from service.model.references import TARGETS, normal_reference
from service.model.settings import Settings
from service.model.siblings import ARTICLE
from service.pipeline import collections
from service.pipeline.collections import changes, links
from service.pipeline.collections.base import Changed, Collection, in_folder, left_out
from service.pipeline.collections.media import Media

DESCRIPTION = bundle.DESCRIPTION
WIKI = re.compile(r"(?P<embed>!?)(?P<link>\[\[[^\[\]\n]{1,300}\]\])")
ADDRESS = re.compile(r"""\bhref\s*+=\s*+["']([^"'\n]{1,500}+)["']|\bref[ \t]++["'`]?([^"'`\s<>{}]{1,300}+)""")
PATH = re.compile(r"([\w%/~.-]++)")  # in code of a site, or in other markup
MOST = 10_000  # articles whose links are followed; in a larger folder each is converted separately
MOST_READ = 200  # most articles next to one article
SITE_FIELDS = ("author", "authors", "lang", "language", "publisher", "license", "rights")
Link = tuple[str, bool, bool]  # path of the article it leads to; whether it names a part; whether it embeds


@dataclass(frozen=True, slots=True)
class Prepared:
    """The text of an article with its includes, and the changes."""

    data: bytes
    notices: tuple[Notice, ...] = ()


class Members:
    """The articles among `files`, each in turn by `source`. `stems`: article → path of its produced files, without a suffix.

    Recognises the program that a folder is of, see `collections.of`; drafts and what the program does not publish are not
    members. Raises nothing of its own: what cannot be read is for the reader to report.
    """

    def __init__(self, files: Mapping[str, bytes], suffixes: Known[str]) -> None:
        self.files = files
        found = bundle.readable(files, suffixes)
        known = len(found) <= MOST
        self.collection = collections.of(files, suffixes) if known else Collection(collections.PLAIN, found)
        if self.collection.kind == collections.PLAIN:
            self.collection = replace(self.collection, names=found, left_out=(), empty=(), numbered=False)
        else:
            self.collection = _published(self.collection, found)
        self.names = list(self.collection.names)
        self.stems = produced_stems(self.names)
        self.follows_links = known
        self._media = Media(files, self.collection)
        self._links = lru_cache(maxsize=4096)(self._links_of)

    @cached_property
    def _listing(self) -> articles.Listing:
        return articles.Listing(self.files)

    @cached_property
    def _siblings(self) -> dict[str, Any]:
        return dict(zip(self.names, links.siblings(self.names, self.collection), strict=True))

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.names)}

    def leaves_out(self, name: str) -> bool:
        """Whether the program of the folder does not publish that file."""
        is_inside = self.collection.kind != collections.PLAIN and bool(in_folder([name], self.collection.root))
        return is_inside and name not in self.stems

    @cached_property
    def notices(self) -> tuple[Notice, ...]:
        """Notices about the collection as a whole, reported with its first article."""
        if self.collection.kind == collections.PLAIN:
            return ()
        message = f"The files are a collection of the kind {self.collection.kind}. Links lead to the file of each article"
        found = [notice("collection-recognised", message, stage="read", data={"collection": self.collection.kind})]
        return (*found, *left_out(self.collection, "read"))

    def prepared(self, name: str) -> Prepared:
        is_apart = self.collection.kind not in changes.TOGETHER
        changed = changes.made(self.files, replace(self.collection, names=[name])) if is_apart else self._changed
        notices = changed.notices if is_apart or name == self.names[0] else ()
        return Prepared(changed.chapters.get(name, self.files[name]), notices)

    @cached_property
    def _changed(self) -> Changed:
        return changes.made(self.files, self.collection)

    def source(self, name: str, named: Sequence[str] = ()) -> Source:
        """The article with its images, its description, and the articles that it needs. `named` are files that options name."""
        own, notices = self._alone(name, named), self.prepared(name).notices
        if not self.follows_links or name not in self.stems:
            return own
        linked, read, embedded = self._reached(name)
        if self.names and name == self.names[0]:
            notices = (*self.notices, *notices)
        if not (linked or notices or self.collection.kind != collections.PLAIN):
            return own
        added = {each.name: each for other in embedded for each in self._assets_of(other, name)}
        added |= {path: Asset(path, self.prepared(other).data) for other in read if (path := _seen_from(name, other))}
        described = Asset(DESCRIPTION, self._described(name, linked, notices))
        kept = tuple(each for each in own.assets if each.name not in added)
        return replace(own, assets=(*kept, *added.values(), described))

    def _alone(self, name: str, named: Sequence[str] = ()) -> Source:
        files = ChainMap({name: self.prepared(name).data}, self.files)  # type: ignore[arg-type]
        return self._media.attached(articles.from_bundle(Source("", b""), files, self._listing, name, named))

    def _assets_of(self, embedded: str, name: str) -> Iterator[Asset]:
        """The images of an embedded article as `name` has them; files that are found only by name have the same name there."""
        folder = posixpath.dirname(embedded)
        for each in self._alone(embedded).assets:
            path = posixpath.normpath(posixpath.join(folder, each.name))
            yield replace(each, name=_seen_from(name, path)) if path in self.files else each

    def _reached(self, name: str) -> tuple[list[str], list[str], tuple[str, ...]]:
        """The articles that `name` links to, those whose text it needs, and those that it embeds, at any depth."""
        linked, read = dict[str, None](), dict[str, None]()
        embedded = {name: None}
        for each in embedded_in_turn(embedded):
            for other, has_part, is_embed in self._links(each):
                linked[other] = None
                if (has_part or is_embed) and other != name and len(read) < MOST_READ:
                    read[other] = None
                    if is_embed:
                        embedded[other] = None
        return list(linked), list(read), tuple(embedded)[1:]

    def _links_of(self, name: str) -> tuple[Link, ...]:
        siblings = self._siblings[name]
        found = dict[Link, None]()
        for link, is_embed in _named(self.prepared(name).data.decode("utf-8", "replace")):
            number, _, part = siblings.find(link).removeprefix(ARTICLE).partition("#")
            if number:
                found[self.names[int(number) - 1], bool(part), is_embed] = None
        return tuple(found)

    def _described(self, name: str, linked: Iterable[str], notices: Sequence[Notice]) -> bytes:
        wanted = {name, *linked}
        collection = self.collection
        return orjson.dumps({
            "article": name,
            "collection": collection.kind,
            "content": collection.content,
            "address": collection.address,
            "about": _of_site(collection.about),
            "articles": [{"path": each, "stem": self.stems[each]} for each in sorted(wanted, key=self._places.__getitem__)],
            "notices": [each.as_dict() for each in notices],
        })  # fmt: skip


def split(source: Source, settings: Settings, suffixes: Known[str], named: Sequence[str] = (), since: str = "") -> list[Source]:
    """The sources in an upload; names are paths within the archive. `named` are files that the options name.

    An entry of a feed is an article; those older than `since` are left out.

    A file named `article` above all others makes an archive one article; `index` does not, because then the others
    would be lost. Raises what `input.bundle.unpacked` does; an archive without an article is left to the reader to refuse.
    """
    if feed := feeds.unpacked(source.data, since):
        return [Source(name, feed.files[name], "text/html") for name in feed.articles]
    files = bundle.unpacked(source.data, settings)
    if not files or len(articles.among(list(files), suffixes)) <= 1 or bundle.described(files):
        return [source]
    members = Members(files, suffixes)
    return [replace(members.source(name, named), charset=source.charset) for name in members.names]


def together(sources: Sequence[Source], assets: Sequence[Asset], suffixes: Known[str], named: Sequence[str]) -> list[Source]:
    """Articles that were sent one by one, as those of one folder: with their descriptions, and without drafts of a program."""
    files = {each.name: each.data for each in sources}
    if len(files) < len(sources) or any(_is_several(each) for each in sources):
        return list(sources)
    members = Members({normal_reference(each.name): each.data for each in assets} | files, suffixes)
    kept = [each for each in sources if not members.leaves_out(each.name)]
    return [_with_assets(each, members.source(each.name, named)) if each.name in members.stems else each for each in kept]


def _is_several(source: Source) -> bool:
    return source.data.startswith(bundle.MAGIC) or bool(source.address) or feeds.is_feed(source.data)


def _with_assets(source: Source, found: Source) -> Source:
    return replace(source, data=found.data, assets=(*source.assets, *found.assets))


def produced_stems(names: Sequence[str], taken: Iterable[str] = (), suffixes: Sequence[str] = ("",)) -> dict[str, str]:
    """Article → path of its produced files, without a suffix: folders and names are kept, no two are the same."""
    free = Names(taken)
    found = dict[str, str]()
    for name in names:
        folder, base = safe_path(posixpath.dirname(name)), safe_path(stem(name)) or "article"
        found[name] = free.free(posixpath.join(folder, base), suffixes)
    return found


def embedded_in_turn(names: Mapping[str, None]) -> Iterator[str]:
    """The names, with those that are added meanwhile."""
    done = set[str]()
    while left := [name for name in names if name not in done]:
        done.update(left)
        yield from left


def _published(collection: Collection, found: Sequence[str]) -> Collection:
    """The collection with all that its program publishes: also pages that no table of contents names, and what is outside."""
    apart, named = {*collection.drafts, *collection.empty}, set(collection.names)
    inside = set(in_folder(found, collection.root))
    pages = [name for name in collection.pages if name not in named | apart]
    outside = [name for name in found if name not in inside | named | apart]
    names = [*collection.names, *pages, *outside]
    kept = {*names, *apart}
    others = [name for name in found if name not in kept and posixpath.basename(name).casefold() != "summary.md"]
    return replace(collection, names=names, left_out=others)


def _named(text: str) -> Iterator[tuple[str, bool]]:
    """Everything in a text that may be a link to another article, and whether it embeds it. Extra entries are harmless."""
    for match in WIKI.finditer(text):
        yield match["link"], bool(match["embed"])
    for pattern in (TARGETS, ADDRESS):
        for match in pattern.finditer(text):
            yield next(filter(None, match.groups()), "").strip("\"'"), False
    yield from ((word, False) for word in dict.fromkeys(PATH.findall(text)) if "." in word[:-1])


def _seen_from(name: str, path: str) -> str:
    return posixpath.relpath(path, posixpath.dirname(name) or ".")


def _of_site(about: Mapping[str, Any]) -> dict[str, Any]:
    """The metadata for each article of a site, without its title, which is the source of the article."""
    found = {key: about[key] for key in SITE_FIELDS if about.get(key)}
    return {**found, "source_name": about["title"]} if about.get("title") else found
