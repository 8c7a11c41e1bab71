"""All artifacts of a job as one zip, written while it is sent: only a chunk and the list of names are in memory."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Collection, Iterable, Iterator

from service.jobs.artifact_paths import MANIFEST, REPORT, Paths, items_of, named
from service.jobs.records import Job
from service.jobs.store import JobStore
from service.model.errors import Gone
from service.storage.base import Store
from service.web.jobs import serializers

EPOCH = (1980, 1, 1, 0, 0, 0)


class Sink:
    """A file that can only be written; `taken` returns the bytes since the last call."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is buffered."""

    def taken(self) -> bytes:
        data, self._parts = b"".join(self._parts), []
        return data


def stream(jobs: JobStore, store: Store, job: Job) -> Iterator[bytes]:
    """The zip in chunks: artifacts, then the report and the manifest, which name missing and damaged blobs."""
    sink, missing = Sink(), set[str]()
    with zipfile.ZipFile(sink, "w") as archive:  # type: ignore[call-overload]
        for _, artifact, path in named(items_of(jobs, job.id)):
            try:
                store.verify(artifact.sha256)
                chunks = store.stream(artifact.sha256)
            except Gone:
                missing.add(artifact.id)
                continue
            yield from _entry(archive, sink, path, chunks)
        yield from _entry(archive, sink, REPORT, _report(jobs, job))
        yield from _entry(archive, sink, MANIFEST, _manifest(jobs, job, missing))
    yield sink.taken()


def _report(jobs: JobStore, job: Job) -> Iterator[bytes]:
    paths = Paths()
    for item in items_of(jobs, job.id):
        said = serializers.item(item)
        line = {name: said[name] for name in ("position", "name", "state", "problem", "notices")}
        line |= {"title": (item.metadata or {}).get("title", ""), "files": [paths.free(item, each) for each in item.artifacts]}
        yield json.dumps(line, ensure_ascii=False).encode() + b"\n"


def _manifest(jobs: JobStore, job: Job, missing: Collection[str]) -> Iterator[bytes]:
    """One JSON object, an artifact a line."""
    yield b'{"job": ' + json.dumps(serializers.job(job), ensure_ascii=False).encode() + b', "artifacts": ['
    comma = b"\n"
    for item, artifact, path in named(items_of(jobs, job.id)):
        said = {"path": path, "source": item.name} | serializers.artifact(artifact)
        said |= {"missing": True} if artifact.id in missing else {}
        yield comma + json.dumps(said, ensure_ascii=False).encode()
        comma = b",\n"
    yield b"\n]}\n"


def _entry(archive: zipfile.ZipFile, sink: Sink, path: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """One file. Deflate of level 0 stores compressed files, and a streaming reader still finds their end."""
    entry = zipfile.ZipInfo(path, EPOCH)
    entry.compress_type, entry._compresslevel = zipfile.ZIP_DEFLATED, 0  # type: ignore[attr-defined]
    entry.external_attr = 0o644 << 16
    with archive.open(entry, "w") as file:
        for chunk in chunks:
            file.write(chunk)
            if data := sink.taken():
                yield data
