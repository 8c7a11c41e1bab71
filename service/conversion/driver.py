"""Converts one source to all targets from the front: a worker reads, the fetcher fetches images, workers write."""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from service.conversion.bounded_workers import Bounded, Workers
from service.engines.pandoc import highlighting
from service.input import feeds, gathering
from service.model import codec
from service.model.document import Artifact, Asset, Conversion, Notice, Source
from service.model.errors import Place, StrictNotices
from service.model.formats import SUFFIXES, check_targets
from service.model.references import named_by_options, to_fetch
from service.telemetry.timings import stage
from service.workers.cancellation import Cancellation

Fetch = Callable[..., Sequence[Asset]]  # URLs, and optionally the seconds for all of them → an Asset for each


@dataclass(frozen=True, slots=True)
class Reading:
    """The front's knowledge of a document that was read. The document itself stays an opaque blob.

    If the same call also wrote it, `artifact` is set and the document is not.
    """

    document: bytes
    blobs: tuple[bytes, ...]
    metadata: Mapping[str, Any]
    wanted: tuple[str, ...]
    notices: tuple[Notice, ...]
    artifact: Artifact | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The artifacts of one source, in the order of `conversion.to`; `notices` are those of reading, in each artifact too.

    `lasting`: the same source gives the same result again. False if an image was not fetched, or not decoded in time.
    """

    artifacts: tuple[Artifact, ...]
    metadata: Mapping[str, Any]
    notices: tuple[Notice, ...]
    lasting: bool = True


def gather(sources: Sequence[Source]) -> Source:
    """Several articles as one source, from which `combine` makes a book."""
    return gathering.gather(sources, SUFFIXES)


def _of_feed(source: Source, conversion: Conversion) -> Conversion:
    """A feed is a book of its entries, with the deadlines of a book; so are the feeds of an outline."""
    is_feed = conversion.reader == "auto" and feeds.is_feed(source.data)
    is_feed = is_feed or any(asset.name == feeds.OUTLINE for asset in source.assets)
    return replace(conversion, combine=True) if is_feed else conversion


def read_in_worker(source: Source, conversion: Conversion, workers: Workers) -> Reading:
    conversion = _of_feed(source, conversion)
    blobs = codec.Blobs()
    header = {"source": codec.pack_source(source, blobs), "conversion": codec.pack_conversion(conversion)}
    return _reading(*workers.call("read", header, blobs))


def _reading(answer: Mapping[str, Any], parts: Sequence[bytes]) -> Reading:
    written = answer.get("artifact")
    return Reading(
        document=b"" if written else parts[0],
        blobs=() if written else tuple(parts[1:]),
        metadata=answer["metadata"],
        wanted=tuple(answer["wanted"]),
        notices=codec.unpack_notices(answer["notices"]),
        artifact=codec.unpack_artifact(written, parts) if written else None,
    )


def convert_in_worker(source: Source, conversion: Conversion, workers: Workers) -> Reading:
    """Read, and written to the one target of `conversion`, unless images must be fetched before."""
    blobs = codec.Blobs()
    header = {
        "source": codec.pack_source(source, blobs),
        "conversion": codec.pack_conversion(conversion),
        "target": conversion.to[0],
        "theme": highlighting.theme(conversion.highlight_style),
    }
    return _reading(*workers.call("convert", header, blobs))


def split_in_worker(sources: Sequence[Source], assets: Sequence[Asset], conversion: Conversion, workers: Workers) -> list[Source]:
    """The articles of a job's upload: see `articles`. Raises Refused if the archive is damaged, unsafe or too large."""
    blobs = codec.Blobs()
    header = {
        "sources": [codec.pack_source(source, blobs) for source in sources],
        "assets": [codec.pack_asset(asset, blobs) for asset in assets],
        "named": list(named_by_options(conversion)),
        "since": conversion.since,
    }
    answer, parts = workers.call("split", header, blobs)
    return [codec.unpack_source(each, parts) for each in answer["sources"]]


def write_in_worker(reading: Reading, assets: Sequence[Asset], conversion: Conversion, target: str, workers: Workers) -> Artifact:
    blobs = codec.Blobs([reading.document, *reading.blobs])
    header = {
        "conversion": codec.pack_conversion(conversion),
        "target": target,
        "blobs": len(reading.blobs),
        "assets": [codec.pack_asset(asset, blobs) for asset in assets],
        "theme": highlighting.theme(conversion.highlight_style),
    }
    answer, parts = workers.call("write", header, blobs)
    return codec.unpack_artifact(answer, parts)


def convert(
    source: Source,
    conversion: Conversion,
    workers: Workers,
    fetch: Fetch,
    deadline: float | None = None,
    cancellation: Cancellation | None = None,
) -> Outcome:
    """Converts one source to all targets of `conversion.to`: read once, and written in parallel unless `cancellation` forbids it.

    `deadline` is the caller's: seconds for the whole conversion, with fetching.

    Raises ColophonError: Refused for the content, DeadlineExceeded, EngineCrashed, QueueFull.
    """
    check_targets(conversion.to)
    conversion = _of_feed(source, conversion)
    bounded = Bounded(workers, deadline, cancellation)
    workers = workers if deadline is None and cancellation is None else bounded
    reading = (convert_in_worker if len(conversion.to) == 1 else read_in_worker)(source, conversion, workers)
    wants = to_fetch(reading.wanted, conversion)
    with stage("fetch"):
        assets = fetch(wants, *bounded.for_fetching()) if wants else ()
    at_once = 1 if cancellation is not None and cancellation.one_by_one else len(conversion.to)
    artifacts = [reading.artifact] if reading.artifact else _write_all(reading, assets, conversion, workers, at_once)
    refuse_if_strict(conversion, [notice for artifact in artifacts for notice in artifact.notices])
    return Outcome(tuple(artifacts), reading.metadata, reading.notices, _is_lasting(assets, artifacts))


def _is_lasting(assets: Sequence[Asset], artifacts: Sequence[Artifact]) -> bool:
    """Whether the same source gives the same result again: each image was fetched, and decoded in time."""
    missed = any(notice.code == "image-postponed" for artifact in artifacts for notice in artifact.notices)
    return not missed and not any(asset.problem for asset in assets)


def _write_all(
    reading: Reading, assets: Sequence[Asset], conversion: Conversion, workers: Workers, at_once: int
) -> list[Artifact]:
    """Writes all targets, `at_once` of them in parallel."""
    if at_once == 1:
        return [write_in_worker(reading, assets, conversion, target, workers) for target in conversion.to]
    with ThreadPoolExecutor(at_once) as threads:
        writing = [
            threads.submit(contextvars.copy_context().run, write_in_worker, reading, assets, conversion, target, workers)
            for target in conversion.to
        ]
        return [each.result() for each in writing]


def refuse_if_strict(conversion: Conversion, notices: Sequence[Notice]) -> None:
    """Raises StrictNotices for the warnings among `notices`, if `strict` is set."""
    warnings = {notice.message: notice for notice in notices if notice.severity == "warning"} if conversion.strict else {}
    if warnings:
        places = [Place(notice.message, line=notice.line, column=notice.column) for notice in warnings.values()]
        raise StrictNotices(places[0].detail, places=places)
