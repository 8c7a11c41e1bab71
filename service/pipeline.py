"""Source → reader → passes → writer → Artifact: the only place that knows the order.

`read` and `write` run in a worker (`operations`); `convert` runs in the front and drives them, with the fetcher in between,
so that a slow image host never holds a worker. Where nothing is to be fetched for one target, it is one call of a worker.
HTTP, CLI and jobs all call `convert`.
"""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from service import bundle, combining, embedded, letters, metadata_file, sniff, wire
from service.assets import fitting
from service.bounded_workers import Bounded, Workers
from service.document import Artifact, Asset, Conversion, Document, Notice, Source
from service.engines import Engines, highlighting
from service.engines.halt import Halt
from service.errors import Place, StrictNotices, ValidationFailed
from service.inspect import report
from service.naming import artifact_name
from service.passes import PASSES
from service.readers import READERS
from service.references import named_by_options
from service.stages import stage
from service.writers import WRITERS

# By these an archive's article is told from its pictures.
SUFFIXES = frozenset(suffix for reader in READERS.values() for suffix in reader.suffixes)
Fetch = Callable[..., Sequence[Asset]]  # URLs, and perhaps the seconds that there are for all → an Asset for each


@dataclass(frozen=True, slots=True)
class Reading:
    """What the front knows of a document that was read: the document itself stays an opaque blob.

    `artifact` is there, and the document is not, where it was written in the same call.
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

    It is `lasting` where the same source would give it again: not where a host did not give an image.
    """

    artifacts: tuple[Artifact, ...]
    metadata: Mapping[str, Any]
    notices: tuple[Notice, ...]
    lasting: bool = True


# In a worker


def read(source: Source, conversion: Conversion, engines: Engines) -> Document:
    """The normalized document, with `combine` a book of many; assets not yet bound. Raises ColophonError subclasses only."""
    ours = embedded.of(source, conversion["reader"], engines.settings)
    if ours and _is_book(ours):
        source, conversion = ours.source(source), embedded.asking(ours, conversion)
        book = _read_book(source, conversion, engines)
        return replace(book, notices=(embedded.reused(ours), *book.notices))
    if conversion["combine"]:
        return _read_book(source, conversion, engines)
    return _read_one(source, conversion, engines)


def _read_book(source: Source, conversion: Conversion, engines: Engines) -> Document:
    return combining.read(source, conversion, engines.settings, SUFFIXES, lambda each, own: _read_one(each, own, engines))


def _is_book(ours: embedded.Artifact) -> bool:
    return ours.sealed and ours.reader() == combining.READER


def _read_one(source: Source, conversion: Conversion, engines: Engines) -> Document:
    source = bundle.unbundle(source, engines.settings, SUFFIXES)
    ours, declared = embedded.of(source, conversion["reader"], engines.settings), conversion["reader"]
    if ours and _is_book(ours):  # as a chapter of another: the text that it shows
        ours = None
    if ours and ours.sealed:
        source, declared = ours.source(source), ours.reader() if ours.reader() in READERS else sniff.AUTO
    reader = READERS[sniff.reader_of(source, declared, READERS)]
    document = replace(reader.read(source, conversion, engines), reader=reader.name)
    document = metadata_file.applied(document, conversion)
    if ours:
        document = embedded.again(document, ours) if ours.sealed else embedded.edited(document, ours)
    document = _run_passes(document, conversion, "read")
    with stage("letters"):
        return letters.checked(document, conversion, reader.passages)


def write(document: Document, conversion: Conversion, target: str, engines: Engines) -> Artifact:
    """The artifact for one target, its metadata read back and compared (`verify`)."""
    writer = WRITERS[target]
    with stage("images"):
        document = fitting.fit(document, writer.images, conversion["image_quality"])
    document = _run_passes(document, replace(conversion, to=(target,)), "write")
    written = writer.write(document, conversion, engines)
    notices = document.notices + written.notices
    with stage("verify"):
        verified, doubts = report.verify(written.data, target, document, conversion)
    return Artifact(
        name=artifact_name(document.source.name, writer.suffix),
        format=target,
        media_type=writer.media_type,
        data=written.data,
        notices=notices + doubts,
        report=verified,
    )


def _run_passes(document: Document, conversion: Conversion, when: str) -> Document:
    with stage("passes"):
        for each in PASSES:
            if each.stage == when:
                document = each.run(document, conversion)
    return document


# In the front


def gather(sources: Sequence[Source]) -> Source:
    """Several articles as the one source that `combine` makes a book of."""
    return combining.gather(sources, SUFFIXES)


def check_targets(targets: Iterable[str]) -> None:
    """Raises ValidationFailed for a format that no writer makes."""
    for target in targets:
        if target not in WRITERS:
            known = ", ".join(WRITERS)
            raise ValidationFailed(
                f"Unknown format {target!r}; known: {known}.", places=[Place(f"Must be one of: {known}.", "/to")]
            )


def read_in_worker(source: Source, conversion: Conversion, workers: Workers) -> Reading:
    blobs = wire.Blobs()
    header = {"source": wire.pack_source(source, blobs), "conversion": wire.pack_conversion(conversion)}
    with stage("read"):
        answer, parts = workers.call("read", header, blobs)
    return _reading(answer, parts)


def _reading(answer: Mapping[str, Any], parts: Sequence[bytes]) -> Reading:
    written = answer.get("artifact")
    return Reading(
        document=b"" if written else parts[0],
        blobs=() if written else tuple(parts[1:]),
        metadata=answer["metadata"],
        wanted=tuple(answer["wanted"]),
        notices=wire.unpack_notices(answer["notices"]),
        artifact=wire.unpack_artifact(written, parts) if written else None,
    )


def convert_in_worker(source: Source, conversion: Conversion, workers: Workers) -> Reading:
    """Read, and written to the one target of `conversion`, unless images must be fetched before."""
    blobs = wire.Blobs()
    header = {
        "source": wire.pack_source(source, blobs),
        "conversion": wire.pack_conversion(conversion),
        "theme": highlighting.theme(conversion["highlight_style"]),
    }
    with stage("convert", conversion.to[0]):
        return _reading(*workers.call("convert", header, blobs))


def split_in_worker(sources: Sequence[Source], assets: Sequence[Asset], conversion: Conversion, workers: Workers) -> list[Source]:
    """The articles of a job's upload: see `articles`. Raises Refused for an archive that is damaged, unsafe or too large."""
    blobs = wire.Blobs()
    header = {
        "sources": [wire.pack_source(source, blobs) for source in sources],
        "assets": [wire.pack_asset(asset, blobs) for asset in assets],
        "named": list(named_by_options(conversion)),
    }
    with stage("split"):
        answer, parts = workers.call("split", header, blobs)
    return [wire.unpack_source(each, parts) for each in answer["sources"]]


def write_in_worker(reading: Reading, assets: Sequence[Asset], conversion: Conversion, target: str, workers: Workers) -> Artifact:
    blobs = wire.Blobs([reading.document, *reading.blobs])
    header = {
        "conversion": wire.pack_conversion(conversion),
        "target": target,
        "blobs": len(reading.blobs),
        "assets": [wire.pack_asset(asset, blobs) for asset in assets],
        "theme": highlighting.theme(conversion["highlight_style"]),
    }
    with stage("write", target):
        answer, parts = workers.call("write", header, blobs)
    return wire.unpack_artifact(answer, parts)


def convert(
    source: Source,
    conversion: Conversion,
    workers: Workers,
    fetch: Fetch,
    deadline: float | None = None,
    halt: Halt | None = None,
) -> Outcome:
    """One source to every target of `conversion.to`: read once, written many, side by side.

    `deadline` is the caller's own, in seconds for all of it, fetching included; who strikes `halt` ends it with Halted.

    Raises ColophonError: Refused for the content, DeadlineExceeded, EngineCrashed, QueueFull.
    """
    check_targets(conversion.to)
    bounded = Bounded(workers, deadline, halt)
    workers = workers if deadline is None and halt is None else bounded
    reading = (convert_in_worker if len(conversion.to) == 1 else read_in_worker)(source, conversion, workers)
    wants = to_fetch(reading.wanted, conversion)
    with stage("fetch"):
        assets = fetch(wants, *bounded.for_fetching()) if wants else ()
    artifacts = [reading.artifact] if reading.artifact else _write_all(reading, assets, conversion, workers)
    refuse_if_strict(conversion, [notice for artifact in artifacts for notice in artifact.notices])
    return Outcome(tuple(artifacts), reading.metadata, reading.notices, not any(asset.problem for asset in assets))


def to_fetch(wanted: Sequence[str], conversion: Conversion) -> Sequence[str]:
    """The images without which a document is not written."""
    return wanted if conversion["images"] == "embed" else ()


def _write_all(reading: Reading, assets: Sequence[Asset], conversion: Conversion, workers: Workers) -> list[Artifact]:
    """Every target, side by side."""
    if len(conversion.to) == 1:
        return [write_in_worker(reading, assets, conversion, conversion.to[0], workers)]
    with ThreadPoolExecutor(len(conversion.to)) as threads:
        writing = [
            threads.submit(contextvars.copy_context().run, write_in_worker, reading, assets, conversion, target, workers)
            for target in conversion.to
        ]
        return [each.result() for each in writing]


def refuse_if_strict(conversion: Conversion, notices: Sequence[Notice]) -> None:
    """Raises StrictNotices for the warnings among `notices`, where `strict` asks for it."""
    warnings = {notice.message: notice for notice in notices if notice.severity == "warning"} if conversion["strict"] else {}
    if warnings:
        places = [Place(notice.message, line=notice.line, column=notice.column) for notice in warnings.values()]
        raise StrictNotices(places[0].detail, places=places)
