"""Source → reader → passes → writer → Artifact: the only place that knows the order.

`read` and `write` run in a worker (`operations`); `convert` runs in the front and drives them, with the fetcher in between,
so that a slow image host never blocks a worker. If nothing must be fetched for one target, it is one call of a worker.
HTTP, CLI and jobs all call `convert`.
"""

from __future__ import annotations

from dataclasses import replace

from service import readers, writers
from service.engines import Engines
from service.engines.images import fitting
from service.input import bundle, feeds, sniffing
from service.inspect import verification
from service.model import devices, extensions
from service.model.artifact_names import artifact_name
from service.model.document import Artifact, Conversion, Document, Source
from service.model.formats import OUTPUT_FORMATS, SUFFIXES, suffix_of
from service.passes import PASSES, diagrams
from service.passes.base import Pass
from service.pipeline import (
    author_options,
    books,
    feed_books,
    fetched,
    metadata_file,
    own_artifacts,
    single_files,
    unused_options,
)
from service.readers.base import Reader
from service.readers.shared import letters, notice_places, refusals
from service.telemetry.timings import stage
from service.writers.base import Writer

# In a worker

# With passes of other distributions, which run after reading, and before assets and limits.
READERS = {**readers.READERS, **extensions.load(extensions.READERS, Reader, readers.READERS)}
WRITERS = {**writers.WRITERS, **extensions.load(extensions.WRITERS, Writer, writers.WRITERS)}
ADDED = tuple(extensions.load(extensions.PASSES, Pass, {each.name for each in PASSES}).values())
ORDER = {"read": (*PASSES, *ADDED), "write": (*ADDED, *PASSES)}


def read(source: Source, conversion: Conversion, engines: Engines) -> Document:
    """The normalized document, with `combine` a book of many; assets not yet bound. Raises ColophonError subclasses only."""
    with refusals.placed(source):
        document = feed_books.with_failed(_read(feed_books.of_outline(source), conversion, engines), source)
    ignored = bundle.ignored(source) if source.data.startswith(bundle.MAGIC) else ()
    return replace(document, notices=(*ignored, *document.notices)) if ignored else document


def _read(source: Source, conversion: Conversion, engines: Engines) -> Document:
    if conversion.reader == sniffing.AUTO and (feed := feeds.unpacked(source.data, conversion.since)):
        return feed_books.reported(_read_book(feeds.as_bundle(source, feed), replace(conversion, combine=True), engines), feed)
    ours = own_artifacts.of(source, conversion.reader, engines.settings)
    if ours and _is_book(ours):
        source, conversion = ours.source(source), own_artifacts.asking(ours, conversion)
        book = _read_book(source, conversion, engines)
        return replace(book, notices=(own_artifacts.reused(ours), *book.notices))
    if conversion.combine:
        return _read_book(source, conversion, engines)
    article = bundle.unbundle(source, engines.settings, SUFFIXES)
    if known := single_files.described(article):
        return single_files.read(article, known, conversion, lambda each, own: _chapter(each, own, engines))
    if article is not source:
        ours = _earlier(article, conversion, engines)
    return _read_one(article, ours, conversion, engines)


def _read_book(source: Source, conversion: Conversion, engines: Engines) -> Document:
    book = books.read(source, conversion, engines.settings, SUFFIXES, lambda each, own: _chapter(each, own, engines))
    return replace(book, notices=(*book.notices, *author_options.reported(book, conversion)))


def _chapter(source: Source, conversion: Conversion, engines: Engines) -> Document:
    """One article of several."""
    article = bundle.unbundle(source, engines.settings, SUFFIXES)
    return _read_one(article, _earlier(article, conversion, engines), conversion, engines)


def _earlier(article: Source, conversion: Conversion, engines: Engines) -> own_artifacts.Artifact | None:
    """The artifact of this service in an article of an archive. A book inside another shows its text."""
    ours = own_artifacts.of(article, conversion.reader, engines.settings)
    return None if ours and _is_book(ours) else ours


def _is_book(ours: own_artifacts.Artifact) -> bool:
    return ours.sealed and ours.reader() == books.READER


def _read_one(source: Source, ours: own_artifacts.Artifact | None, conversion: Conversion, engines: Engines) -> Document:
    """One article; `ours` is its artifact if an earlier conversion made it."""
    declared = conversion.reader
    conversion = fetched.asking(source, conversion)
    if ours and ours.sealed:
        source, declared = ours.source(source), ours.reader() if ours.reader() in READERS else sniffing.AUTO
    reader = READERS[sniffing.reader_of(source, declared, READERS)]
    with refusals.placed(source):
        document = replace(reader.read(source, conversion, engines), reader=reader.name)
        document = fetched.recorded(document)
        document = metadata_file.applied(document, conversion)
        if ours:
            document = own_artifacts.again(document, ours) if ours.sealed else own_artifacts.edited(document, ours)
        document = replace(document, notices=(*document.notices, *author_options.reported(document, conversion)))
    conversion = author_options.of(document, conversion)
    document = _run_passes(document, conversion, "read")
    with stage("letters"):
        return letters.checked(document, conversion, reader.passages)


def write(document: Document, conversion: Conversion, target: str, engines: Engines) -> Artifact:
    """The artifact for one target, its metadata read back and compared (`verify`)."""
    writer = WRITERS[target]
    conversion = author_options.of(document, conversion)
    document, alone = single_files.addressed(document, target, conversion.device), replace(conversion, to=(target,))
    with stage("images"):
        document = diagrams.run(document, alone)  # before the images are converted for the target: diagrams are images
        document = _fit(document, conversion, writer, engines)
    document = _run_passes(document, alone, "write")
    written = writer.write(document, conversion, engines)
    notices = document.notices + written.notices + unused_options.reported(document, conversion, target)
    with stage("verify"):
        verified, doubts = verification.verify(written.data, target, document, conversion)
    return Artifact(
        name=artifact_name(document.source.name, suffix_of(target, conversion.device)),
        format=target,
        media_type=OUTPUT_FORMATS[target].media_type,
        data=written.data,
        notices=notices + doubts,
        report=verified,
    )


def _fit(document: Document, conversion: Conversion, writer: Writer, engines: Engines) -> Document:
    device = devices.of(writer.name, conversion.device)
    most_bytes = conversion.image_budget * 1_000 if writer.name == "epub" else 0
    shown, most_pixels = device.shown(writer.images), engines.settings.max_pixels
    return fitting.fit(document, shown, conversion.image_quality, most_pixels, device, most_bytes)


def _run_passes(document: Document, conversion: Conversion, when: str) -> Document:
    with stage("passes"):
        for each in ORDER[when]:
            if each.stage == when:
                document = each.run(document, conversion)
    return notice_places.placed(document)


# In the front
