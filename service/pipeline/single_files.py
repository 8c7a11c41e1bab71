"""One article of a collection as one file: links to other articles lead to their artifacts.

The description that `collections.members` writes lists these articles. After reading such a link is
`produced:guide/b#part` for every format; the writer adds the suffix of the format.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

import orjson

from service.ast import pandoc_ast
from service.input.bundle import DESCRIPTION
from service.model import codec
from service.model.artifact_names import stem
from service.model.devices import ANY
from service.model.document import Asset, Block, Conversion, Document, Notice, Source
from service.model.errors import Refused
from service.model.formats import suffix_of
from service.model.notices import notice
from service.model.references import normal_reference
from service.model.siblings import ARTICLE, PRODUCED
from service.pipeline import apart, embeds
from service.pipeline.collections import links
from service.pipeline.collections.base import Collection

ADDRESS = "address"  # the attribute with the URL of the article on its site
PREFIXED = re.compile(r"c(\d+)[-/](.*)\Z", re.S)
PLACE = re.compile(r"#(?:chapter-(?P<whole>\d+)|c(?P<number>\d+)-(?P<part>.+))\Z", re.S)
WITHOUT_FILES = frozenset({"epub"})  # their links lead to places within, or to addresses with a scheme (EPUB 3.3, 3.6)
WITH_OWN_LINKS = frozenset({"pdf", "docx"})  # their writers find such links by the mark
ReadOne = Callable[[Source, Conversion], Document]


@dataclass(frozen=True, slots=True)
class Described:
    """The article `own` (its number from 1), the paths of all possible targets of its links, and the paths of their artifacts."""

    own: int
    paths: Sequence[str]
    stems: Sequence[str]
    collection: Collection
    about: Mapping[str, Any]
    notices: tuple[Notice, ...]

    @property
    def path(self) -> str:
        return self.paths[self.own - 1]

    @property
    def name(self) -> str:
        """The name of the article, so that its files have its name in the collection."""
        wanted = posixpath.basename(self.stems[self.own - 1])
        base = posixpath.basename(self.path)
        return base if stem(base) == wanted else wanted + posixpath.splitext(base)[1]

    def produced(self, number: int) -> str:
        """The path of that article's files, without a suffix, relative to the own ones."""
        return posixpath.relpath(self.stems[number - 1], posixpath.dirname(self.stems[self.own - 1]) or ".")


def described(source: Source) -> Described | None:
    """The description of the collection next to an article; None without one, or if it cannot be used."""
    data = next((each.data for each in source.assets if each.name == DESCRIPTION), None)
    try:
        return None if data is None else _loaded(orjson.loads(data))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _loaded(said: Mapping[str, Any]) -> Described:
    """Raises ValueError, KeyError, TypeError if it is not from `members`."""
    paths, stems = [each["path"] for each in said["articles"]], [each["stem"] for each in said["articles"]]
    if any(normal_reference(each) != each or ".." in each.split("/") for each in (*paths, *stems)):
        raise ValueError("a path that leads elsewhere")
    kind, content, address = (str(said[name]) for name in ("collection", "content", "address"))
    collection = Collection(kind, paths, content=content, address=address)
    own = paths.index(said["article"]) + 1
    return Described(own, paths, stems, collection, dict(said["about"]), codec.unpack_notices(said["notices"]))


def read(source: Source, known: Described, conversion: Conversion, read_one: ReadOne) -> Document:
    """The article with its embeds, and links to other articles as PRODUCED. Raises as `read_one`."""
    siblings = links.siblings(known.paths, known.collection)
    next_to = tuple(each for each in source.assets if each.name != DESCRIPTION)
    defaults = {**known.about, **conversion.metadata_defaults}
    alone = replace(conversion, combine=True, metadata_defaults=defaults)  # links to other articles are read as in a book
    document = read_one(replace(source, assets=next_to, siblings=siblings[known.own - 1]), alone)
    named = replace(document.source, name=known.name)
    document = replace(document, source=named, notices=(*known.notices, *document.notices))
    targets = [node["c"][2][0] for node in pandoc_ast.query(document.blocks, {"Link"})]
    if not any(target.startswith(ARTICLE) for target in targets):
        return document
    files = {posixpath.normpath(posixpath.join(posixpath.dirname(known.path), each.name)): each for each in next_to}
    others, failed = dict[int, Document](), list[Notice]()
    for number, path in enumerate(known.paths, 1):
        if number != known.own and path in files:
            other = Source(posixpath.basename(path), files[path].data, assets=_seen_from(path, files, next_to))
            try:
                others[number] = read_one(replace(other, siblings=siblings[number - 1]), alone)
            except Refused as error:
                failed.append(notice("embed-not-possible", f"{path} could not be read: {error.detail}", stage="read"))
    return _linked(document, others, known, failed)


def _seen_from(path: str, files: Mapping[str, Asset], next_to: Sequence[Asset]) -> tuple[Asset, ...]:
    """The files next to an article, by their names in another one in `path`."""
    folder = posixpath.dirname(path) or "."
    found = {posixpath.relpath(place, folder): each for place, each in files.items() if place != path}
    found |= {each.name: each for each in next_to if each.name not in found}
    return tuple(replace(each, name=name) for name, each in found.items())


def _linked(document: Document, others: Mapping[int, Document], known: Described, failed: Sequence[Notice]) -> Document:
    read = {known.own: document, **others}
    identifiers = {number: apart.identifiers(each) for number, each in read.items()}
    bodies = {number: apart.apart(each, number, identifiers) for number, each in read.items()}
    filled, embedding = embeds.placed(bodies, [known.own])
    blocks = _restored(filled[known.own], known)
    shown = {node["c"][2][0] for node in pandoc_ast.query(blocks, {"Image"})}
    assets = {
        asset.name: asset
        for number, each in others.items()
        for _, asset in apart.assets(each, number)
        if asset.name in shown and asset.name not in document.assets
    }
    wanted = [url for each in others.values() for url in each.wanted if url in shown]
    return replace(
        document,
        blocks=blocks,  # type: ignore[arg-type]
        assets={**document.assets, **assets},
        wanted=tuple(dict.fromkeys([*document.wanted, *wanted])),
        notices=(*document.notices, *failed, *embedding),
    )


def _restored(blocks: Sequence[Block], known: Described) -> list[Block]:
    """The article with its own names again; links to others lead to their files."""

    def visit(node: dict[str, Any]) -> dict[str, Any]:
        at = pandoc_ast.ATTRIBUTES_AT.get(node["t"])
        content: Any = node.get("c")
        if at is not None and content[at][0]:
            content = [*content[:at], [_own(content[at][0], known.own), *content[at][1:]], *content[at + 1 :]]
        if node["t"] == "Image":
            content = [*content[:2], [_own(content[2][0], known.own), content[2][1]]]
        elif node["t"] == "Link" and (place := PLACE.match(content[2][0])):
            content = _to_file(content, place, known)
        return {**node, "c": content} if content is not node.get("c") else node

    return pandoc_ast.walk(blocks, visit)


def _own(name: str, number: int) -> str:
    match = PREFIXED.match(name)
    return match[2] if match and int(match[1]) == number else name


def _to_file(link: Sequence[Any], place: re.Match[str], known: Described) -> list[Any]:
    number, part = int(place["whole"] or place["number"]), place["part"] or ""
    attributes, inlines, (_, title) = link
    if number == known.own and part:
        return [attributes, inlines, [f"#{part}", title]]
    fragment = f"#{part}" if part else ""
    address = links.web_address(known.paths[number - 1], known.collection)
    pairs = [*attributes[2], *([[ADDRESS, address + fragment]] if address else [])]
    return [[*attributes[:2], pairs], inlines, [f"{PRODUCED}{known.produced(number)}{fragment}", title]]


def addressed(document: Document, target: str, device: str = ANY) -> Document:
    """The document for the writer of that format: links to other files with their suffix, in the form of the format."""
    if not any(node["c"][2][0].startswith(PRODUCED) for node in pandoc_ast.query(document.blocks, {"Link"})):
        return document
    suffix, replaced = suffix_of(target, device), list[str]()

    def visit(node: dict[str, Any]) -> dict[str, Any] | list[dict[str, Any]]:
        attributes, inlines, (url, title) = node["c"]
        if not url.startswith(PRODUCED):
            return node
        path, hash_, part = url.removeprefix(PRODUCED).partition("#")
        address = next((value for name, value in attributes[2] if name == ADDRESS), "")
        kept = [*attributes[:2], [pair for pair in attributes[2] if pair[0] != ADDRESS]]
        if target in WITHOUT_FILES:
            replaced.append(path + suffix)
            return {"t": "Link", "c": [kept, inlines, [address, title]]} if address else list(inlines)
        link = quote(path + suffix, safe="/") + hash_ + quote(part, safe="")
        return {"t": "Link", "c": [kept, inlines, [(PRODUCED if target in WITH_OWN_LINKS else "") + link, title]]}

    blocks = pandoc_ast.walk(document.blocks, visit, {"Link"})
    if not replaced:
        return replace(document, blocks=blocks)  # type: ignore[arg-type]
    data = {"format": target, "files": list(dict.fromkeys(replaced))[:50], "count": len(replaced)}
    reported = notice("file-link-replaced", stage="write", data=data)
    return replace(document, blocks=blocks, notices=(*document.notices, reported))  # type: ignore[arg-type]
