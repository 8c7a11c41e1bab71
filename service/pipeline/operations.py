"""The operations of a worker in this room: header and blobs in, header and blobs out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson

from service.engines import Engines
from service.engines.pandoc import highlighting
from service.input import articles, feeds
from service.model import codec
from service.model.document import Conversion, Document, Source
from service.model.errors import NoArticle
from service.model.formats import SUFFIXES
from service.model.references import to_fetch
from service.pipeline.collections import members
from service.pipeline.steps import read, write
from service.telemetry.timings import stage

Answer = tuple[dict[str, Any], list[bytes]]


def serve_read(header: Mapping[str, Any], blobs: Sequence[bytes], engines: Engines) -> Answer:
    conversion = codec.unpack_conversion(header["conversion"])
    return _handed_back(read(codec.unpack_source(header["source"], blobs), conversion, engines))


def _handed_back(document: Document) -> Answer:
    parts = codec.Blobs()
    packed = codec.pack_document(document, parts)
    answer = {"metadata": packed["metadata"], "wanted": packed["wanted"], "notices": packed["notices"]}
    return answer, [codec.encode(packed), *parts]


def serve_write(header: Mapping[str, Any], blobs: Sequence[bytes], engines: Engines) -> Answer:
    document = codec.unpack_document(orjson.loads(blobs[0]), blobs[1 : 1 + header["blobs"]])
    fetched = [codec.unpack_asset(asset, blobs) for asset in header["assets"]]
    document = replace(document, assets=dict(document.assets) | {asset.name: asset for asset in fetched})
    conversion = codec.unpack_conversion(header["conversion"])
    _give_theme(header, conversion)
    artifact = write(document, conversion, header["target"], engines)
    parts = codec.Blobs()
    return codec.pack_artifact(artifact, parts), list(parts)


def serve_convert(header: Mapping[str, Any], blobs: Sequence[bytes], engines: Engines) -> Answer:
    """The document with its artifact; the answer of `serve_read` if images must be fetched first."""
    conversion = codec.unpack_conversion(header["conversion"])
    _give_theme(header, conversion)
    with stage("read"):
        document = read(codec.unpack_source(header["source"], blobs), conversion, engines)
    if to_fetch(document.wanted, conversion):
        return _handed_back(document)
    engines.step()
    with stage("write"):
        artifact = write(document, conversion, header["target"], engines)
    parts = codec.Blobs()
    answer = {
        "metadata": codec.pack_metadata(document.metadata),
        "wanted": list(document.wanted),
        "notices": codec.pack_notices(document.notices),
        "artifact": codec.pack_artifact(artifact, parts),
    }
    return answer, list(parts)


def _give_theme(header: Mapping[str, Any], conversion: Conversion) -> None:
    if header["theme"]:
        highlighting.give(conversion.highlight_style, header["theme"])


def serve_split(header: Mapping[str, Any], blobs: Sequence[bytes], engines: Engines) -> Answer:
    """`sources` and the job's `assets` in, the sources of its items out; a blob that several sources use is sent once."""
    assets = [codec.unpack_asset(each, blobs) for each in header["assets"]]
    parts, named = articles.Shared(), header["named"]
    given = [codec.unpack_source(each, blobs) for each in header["sources"]]
    if len(given) > 1:
        given = members.together(given, assets, SUFFIXES, named)
    sources = list(_members(given, engines, named, header["since"]))
    if len(sources) == 1:
        sources = [replace(sources[0], assets=(*sources[0].assets, *assets))]
    else:
        sources = [articles.only_named(each, assets, named) for each in sources]
    return {"sources": [codec.pack_source(each, parts) for each in sources]}, list(parts)


def _members(given: Sequence[Source], engines: Engines, named: Sequence[str], since: str) -> Iterator[Source]:
    """The articles of each source. One of several feeds may have no new entry. Raises NoArticle if none has one."""
    empty: NoArticle | None = None
    is_there = False
    for each in given:
        try:
            found = members.split(each, engines.settings, SUFFIXES, named, since)
        except NoArticle as error:
            if len(given) == 1:
                raise
            empty, found = error, []
        known = tuple(asset for asset in each.assets if asset.name == feeds.FAILED and found and found[0] is not each)
        yield from (replace(one, assets=(*one.assets, *(known if at == 0 else ()))) for at, one in enumerate(found))
        is_there = is_there or bool(found)
    if not is_there and empty is not None:
        raise empty
