"""Several articles as one book: each a chapter with its own title, lines, notes and images, under one title.

The articles come as one bundle, in the natural order of their names: so a book is one source for jobs, caches
and the record. The book embeds the bundle without its images: it can be combined again.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Collection as Known
from dataclasses import dataclass, field, replace
from itertools import starmap
from typing import Any

import orjson

from schemas import metadata as schema
from service.ast import pandoc_ast
from service.containers.packages import pack
from service.input import articles, bundle, feeds
from service.input.gathering import BOOK, ORDER, PARTS, ZIP, addresses, with_address
from service.model import font_files, record
from service.model.blocks import Blocks
from service.model.document import Asset, Author, Block, Conversion, Document, Metadata, Notice, Source
from service.model.errors import Refused, TooComplex
from service.model.notices import notice
from service.model.references import check_cover, named_cover, normal_reference
from service.model.settings import Settings
from service.model.text import dates, labels
from service.model.text.characters import legal
from service.pipeline import apart, author_options, collections, embeds, metadata_file
from service.pipeline.collections import changes, links
from service.pipeline.collections.base import Collection, left_out
from service.pipeline.collections.media import Media
from service.readers.shared import text as texts

MOST = 2_000  # chapters
LINES = "chapter-lines"
READER = "combined"
REPEATED = frozenset({"lang-detected", "title-missing", "title-heading-removed"})  # of the pages of a site
MOST_ALIKE = 3  # number of equal notices of chapters that are reported separately
Read = Callable[[Source, Conversion], Document]


@dataclass(frozen=True, slots=True)
class Gathered:
    """The chapters of a book in their order, and the file about the whole."""

    sources: Sequence[Source]
    about: Asset | None = None
    styles: Sequence[Asset] = ()
    next_to: Mapping[str, bytes] = field(default_factory=dict)
    collection: Collection = field(default_factory=lambda: Collection(collections.PLAIN, ()))
    notices: Sequence[Notice] = ()


def read(source: Source, conversion: Conversion, settings: Settings, suffixes: Known[str], read_one: Read) -> Document:
    """The book. Raises Refused for its content or a missing cover, TooComplex for more than one conversion can read."""
    gathered = _gathered(source, conversion, settings, suffixes)
    total = sum(len(each.data) for each in gathered.sources)
    if total > settings.max_text or len(gathered.sources) > MOST:
        raise TooComplex(
            f"{len(gathered.sources)} articles with {total:,} bytes exceed the limit of a book: "
            f"{MOST} articles and {settings.max_text:,} bytes.",
            extra={"limit": settings.max_text},
        )
    alone = replace(conversion, metadata={}, metadata_defaults={}, cover="")
    chapters = [_read(each, number, alone, read_one) for number, each in enumerate(gathered.sources, 1)]
    given, doubts = _given(gathered, conversion)
    metadata, reported = _whole(given, _cleared(conversion), chapters, source)
    covers = _covers(gathered, (named_cover(conversion), metadata.cover))
    check_cover(conversion, covers)
    numbered = list(enumerate(chapters, 1))
    known = {number: apart.identifiers(each) for number, each in numbered}
    bodies, embedding = embeds.placed({number: _lowered(apart.apart(each, number, known)) for number, each in numbered})
    return Document(
        metadata=metadata,
        blocks=Blocks(
            block
            for number, each in numbered
            for block in (*_part(gathered.collection, number), *_chapter(each, number, metadata.lang, bodies[number]))
        ),
        source=_kept(source, gathered),
        reader=READER,
        assets=covers | {asset.name: asset for number, each in numbered for _, asset in apart.assets(each, number)},
        wanted=tuple(dict.fromkeys(url for each in chapters for url in each.wanted)),
        notices=(
            *doubts,
            *reported,
            *embedding,
            *_together([_of_chapter(one, each, number) for number, each in numbered for one in each.notices]),
        ),
        chapters=tuple(_record(each, conversion) for each in chapters),
    )


def _read(source: Source, number: int, conversion: Conversion, read_one: Read) -> Document:
    """The chapter. A refusal for its content names the chapter."""
    try:
        return read_one(source, conversion)
    except Refused as error:
        error.detail = f"Chapter {number}, {posixpath.basename(source.name)}: {error.detail}"
        error.extra |= {"chapter": number}
        raise


def _gathered(source: Source, conversion: Conversion, settings: Settings, suffixes: Known[str]) -> Gathered:
    files = bundle.unpacked(source.data, settings)
    if files is None:
        return Gathered([source], next_to={normal_reference(asset.name): asset.data for asset in source.assets})
    files = feeds.placed(files, conversion.since)
    collection = collections.of(files, suffixes)
    if not collection.names:
        return Gathered([bundle.unbundle(source, settings, suffixes)])  # which says what is missing
    named = [name for name in (conversion.bibliography, conversion.csl) if name]
    plain = replace(source, assets=())
    changed = changes.made(files, collection)
    files = {**files, **changed.chapters}
    own = author_options.without_files(files)
    media, listing = Media(files, collection), articles.Listing(own)
    chapters_alone = (articles.from_bundle(plain, own, listing, name, named) for name in collection.names)
    parts = [with_address(media.attached(each), files) for each in chapters_alone]
    styles = [Asset(name, data) for name, data in files.items() if name.lower().endswith(".css")]
    styles += [asset for asset in source.assets if asset.name.lower().endswith(".css")]
    styles += _template(conversion, files, source)
    styles += _fonts(conversion, files, source)
    styles += author_options.at_the_top(files)
    next_to = {normal_reference(asset.name): asset.data for asset in source.assets}
    about = metadata_file.among(source.assets) or metadata_file.among(starmap(Asset, files.items()))
    chapters = [
        articles.only_named(each, _called(source.assets, number), named, posixpath.basename(each.name))
        for number, each in enumerate(parts, 1)
    ]
    others = links.siblings(collections.paths(collection), collection)
    linked = [replace(each, siblings=known) for each, known in zip(chapters, others, strict=True)]
    return Gathered(linked, about, styles, files | next_to, collection, changed.notices)


def _template(conversion: Conversion, files: Mapping[str, bytes], source: Source) -> list[Asset]:
    """The DOCX of the option `reference`: it belongs to the whole, not to a chapter."""
    name = normal_reference(conversion.reference)
    data = next((asset.data for asset in source.assets if normal_reference(asset.name) == name), None) or files.get(name)
    return [Asset(conversion.reference, data)] if name and data else []


def _fonts(conversion: Conversion, files: Mapping[str, bytes], source: Source) -> list[Asset]:
    """The fonts of the whole: in the upload, in the archive, and in options."""
    named = {normal_reference(conversion[role]) for role in font_files.ROLES if font_files.is_font(conversion[role])}
    given = [*source.assets, *starmap(Asset, files.items())]
    return [each for each in given if font_files.is_uploaded(each.name) or normal_reference(each.name) in named]


def _called(assets: Sequence[Asset], number: int) -> list[Asset]:
    """The files next to a book by the chapter's names for them. In the book they have the names of `apart.asset_name`."""
    return [replace(asset, name=asset.name.removeprefix(apart.asset_name("", number))) for asset in assets]


def _given(gathered: Gathered, conversion: Conversion) -> tuple[Metadata, tuple[Notice, ...]]:
    """The metadata of the whole: a summary, over it a metadata file, and over that the request."""
    said, notices = metadata_file.read(gathered.about, conversion) if gathered.about else ({}, ())
    metadata, doubts = schema.load(texts.merged(gathered.collection.about, said))
    notices = (*notices, *_about_the_collection(gathered.collection), *gathered.notices)
    metadata = schema.with_defaults(metadata, conversion.metadata_defaults)
    return schema.override(metadata, schema.load_overrides(conversion.metadata)), (*notices, *doubts)


def _about_the_collection(collection: Collection) -> list[Notice]:
    """Reports the program of the files, and the articles that are not in the book."""
    found: list[Notice] = []
    if collection.kind != collections.PLAIN:
        message = f"The files are a collection of the kind {collection.kind}. It gives order, title and links"
        found.append(notice("collection-recognised", message, stage="combine", data={"collection": collection.kind}))
    return [*found, *left_out(collection, "combine")]


def _cleared(conversion: Conversion) -> frozenset[str]:
    """The fields that the request sets to null."""
    return frozenset(schema.field_of(key) for key, value in conversion.metadata.items() if value is None)


def _whole(
    given: Metadata, cleared: Known[str], chapters: Sequence[Document], source: Source
) -> tuple[Metadata, tuple[Notice, ...]]:
    """The book's metadata: a missing field gets the value of all chapters, or their joined values, unless it is cleared."""
    each = [chapter.metadata for chapter in chapters]
    authors: dict[str, Author] = {author.name: author for one in each for author in one.authors}
    lang = given.lang or Counter(one.lang for one in each).most_common(1)[0][0]
    found: dict[str, Any] = {"authors": tuple(authors.values())}
    found |= {name: _shared([getattr(one, name) for one in each]) for name in ("source_name", "publisher", "rights")}
    missing = {name: value for name, value in found.items() if name not in cleared and not getattr(given, name)}
    metadata = replace(given, lang=lang, **missing)
    if metadata.title:
        return metadata, ()
    title, origin = _title(each, source)
    reported = notice("title-missing", f"The book has no title. Used instead: {origin}.", stage="combine", data={"title": title})
    return replace(metadata, title=title), (reported,)


def _title(each: Sequence[Metadata], source: Source) -> tuple[str, str]:
    series = _shared([one.series.name if one.series else "" for one in each])
    stem = posixpath.splitext(posixpath.basename(source.name))[0]
    if series:
        return series, "the series of its chapters"
    if source.name != BOOK and stem:
        return stem, "the name of the file"
    more = len(each) - 1
    return (f"{each[0].title} (+{more})" if more else each[0].title), "the title of the first chapter"


def _shared(values: Sequence[str]) -> str:
    return values[0] if len(set(values)) == 1 else ""


def _part(collection: Collection, number: int) -> list[Block]:
    """The title of the part that begins with that chapter, on its own page."""
    title = collection.parts.get(collection.names[number - 1], "") if collection.parts else ""
    looks = pandoc_ast.attr(f"part-{number}", ["chapter", "part", "unnumbered"])
    return [pandoc_ast.header(1, pandoc_ast.words(legal(title)), looks)] if title.strip() else []


def _chapter(chapter: Document, number: int, lang: str, body: Sequence[Block]) -> list[Block]:
    metadata = chapter.metadata
    name = f"chapter-{number}"
    title = pandoc_ast.header(1, pandoc_ast.words(legal(metadata.title)), pandoc_ast.attr(name, ["chapter"]))
    if metadata.lang and metadata.lang != lang:
        body = [pandoc_ast.div(body, pandoc_ast.attr(pairs={"lang": metadata.lang}))]
    return [title, *_lines(metadata), *body]


def _lines(metadata: Metadata) -> list[Block]:
    """Author, source and date in one line."""
    address = labels.web_address(metadata.source_url)
    where = pandoc_ast.words(legal(metadata.source_name or address))
    date = dates.shown(metadata.date, labels.language(metadata.lang))
    parts = [
        pandoc_ast.words(legal(labels.authors(metadata))),
        [pandoc_ast.link(where, legal(address))] if address else where,
        pandoc_ast.words(legal(date)),
    ]
    inlines: list[Any] = []
    for part in filter(None, parts):
        inlines += [*([{"t": "Space"}, pandoc_ast.string("·"), {"t": "Space"}] if inlines else []), *part]
    look = pandoc_ast.attr(classes=[LINES], pairs={"custom-style": "Article Source"})
    return [pandoc_ast.div([pandoc_ast.para(inlines)], look)] if inlines else []


def _lowered(blocks: Sequence[Block]) -> Sequence[Block]:
    """The chapter's own headings from the second level on."""
    levels = [node["c"][0] for node in pandoc_ast.query(blocks, {"Header"})]
    shift = 2 - min(levels, default=2)

    def lower(node: dict[str, Any]) -> dict[str, Any]:
        return {"t": "Header", "c": [min(node["c"][0] + shift, 6), *node["c"][1:]]} if node["t"] == "Header" else node

    return pandoc_ast.walk(blocks, lower) if shift else blocks


def _covers(gathered: Gathered, names: Iterable[str]) -> dict[str, Asset]:
    """The pictures next to the chapters that may be the cover of the whole. Others are not part of the book."""
    found = {name: gathered.next_to.get(normal_reference(name)) for name in names if name}
    return {name: Asset(name, data) for name, data in found.items() if data}


def _together(reported: Sequence[Notice]) -> Iterator[Notice]:
    """The notices of the chapters. Equal notices of many chapters become one notice that lists them.

    For example, no page of a site of 200 pages has a language or a title in its front matter.
    """
    groups: dict[tuple[str, str], list[Notice]] = {}
    for each in reported:
        groups.setdefault((each.code, each.message) if each.code in REPEATED else (each.code, str(id(each))), []).append(each)
    for found in groups.values():
        if len(found) <= MOST_ALIKE:
            yield from found
            continue
        chapters = [{"chapter": each.data["chapter"], "source": each.data["source"]} for each in found]
        message = f"{found[0].message.rstrip('.')} ({len(found)} chapters)."
        yield replace(found[0], message=message, line=None, column=None, data={"count": len(found), "chapters": chapters[:200]})


def _of_chapter(reported: Notice, chapter: Document, number: int) -> Notice:
    return replace(reported, data={**reported.data, "chapter": number, "source": chapter.source.name})


def _kept(source: Source, gathered: Gathered) -> Source:
    """The bundle to embed: the articles in their order, and the metadata of the whole."""
    files = {gathered.about.name: gathered.about.data} if gathered.about else {}
    named = enumerate(zip(collections.paths(gathered.collection) or [source.name], gathered.sources, strict=True), 1)
    chapters = {f"{number:03}/{path}": each for number, (path, each) in named}
    files |= {name: each.data for name, each in chapters.items()} | addresses(chapters) | {ORDER: orjson.dumps(list(chapters))}
    if parts := gathered.collection.parts:
        again = dict(zip(gathered.collection.names, chapters, strict=True))
        files[PARTS] = orjson.dumps({again[name]: title for name, title in parts.items() if name in again})
    return Source(source.name, pack(files), ZIP, assets=tuple(gathered.styles))


def _record(chapter: Document, conversion: Conversion) -> Mapping[str, Any]:
    """The chapter's record, without the generator, which is in the record of the book."""
    found: dict[str, Any] = orjson.loads(record.build(chapter, conversion))
    return {name: value for name, value in found.items() if name not in ("version", "generator")}
