"""Converts a batch by a service: one job for a few dozen articles. Artifacts are downloaded as soon as they exist."""

from __future__ import annotations

import hashlib
import io
import json
import posixpath
import queue
import threading
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from colophon_client import Client, Problem, Unreachable
from colophon_client import Item as Done
from service.commands.batches.plan import Planned, Work, prepared
from service.commands.batches.report import Result
from service.commands.delivery_flags import NAMES
from service.input.bundle import DESCRIPTION
from service.model.document import Conversion, Source
from service.model.formats import SUFFIXES

MOST_ITEMS = 40  # articles of a job: few enough that the first artifacts arrive soon, and a lost job costs little
FULL = 0.8  # share of the largest upload of the service; the multipart framing needs the rest
ENDS = {"item.succeeded", "item.failed", "item.cancelled"}


class Remote:
    """`given` are the options and the delivery of the user. The defaults are those of the service.

    `at_once` jobs are open at the same time.
    """

    def __init__(self, client: Client, conversion: Conversion, given: Mapping[str, Any], out: Path, at_once: int = 2) -> None:
        self.client, self.conversion, self.given, self.out, self.at_once = client, conversion, given, out, at_once
        self._stopped = threading.Event()
        self._under_way: set[str] = set()

    def results(self, items: Sequence[Planned]) -> Iterator[Result]:
        """The results in the order in which they end. If it is closed early, it cancels the open jobs."""
        largest = int(self.client.options()["limits"]["max_upload"]["value"] * FULL)
        threads = ThreadPoolExecutor(self.at_once, thread_name_prefix="batch")
        free = threading.BoundedSemaphore(self.at_once)
        ended: queue.SimpleQueue[Result] = queue.SimpleQueue()
        expected, is_whole = 0, False
        try:
            for found in self._chunks(items, largest):
                if isinstance(found, Result):
                    yield found
                    continue
                expected += len(found)
                while not free.acquire(timeout=0.2):
                    for result in _taken(ended):
                        expected -= 1
                        yield result
                threads.submit(self._chunk, found, ended, free)
            while expected:
                yield ended.get()
                expected -= 1
            is_whole = True
        finally:
            if not is_whole:
                self._stop()
            threads.shutdown(wait=True, cancel_futures=True)

    def _stop(self) -> None:
        """Cancels the open jobs: a later run sends the unfinished articles again."""
        self._stopped.set()
        for job_id in tuple(self._under_way):
            try:
                self.client.delete(job_id)
            except (Problem, Unreachable):
                continue

    def _chunks(self, items: Sequence[Planned], largest: int) -> Iterator[list[Work] | Result]:
        chunk: list[Work] = []
        size = 0
        for item in items:
            work = prepared(item, self.conversion, self.out)
            if isinstance(work, Result):
                yield work
                continue
            more = len(work.source.data) + sum(len(asset.data) for asset in work.source.assets)
            if chunk and (len(chunk) >= MOST_ITEMS or size + more > largest):
                yield chunk
                chunk, size = [], 0
            chunk.append(work)
            size += more
        if chunk:
            yield chunk

    def _chunk(self, chunk: Sequence[Work], ended: queue.SimpleQueue[Result], free: threading.BoundedSemaphore) -> None:
        """Runs a job and yields its results: one for each article in any case."""
        left = dict(enumerate(chunk))
        try:
            for position, result in self._job(chunk):
                ended.put(result)
                del left[position]
            problem = {"code": "internal-error", "detail": "The service did not report a result."}
        except Problem as error:
            problem = {"code": error.code, "detail": error.detail}
        except (Unreachable, OSError) as error:
            problem = {"code": "unreachable", "detail": str(error)}
        except Exception as error:
            problem = {"code": "internal-error", "detail": f"{type(error).__name__}: {error}"}
        finally:
            free.release()
            for work in left.values():
                ended.put(Result(work.item.name, "failed", problem=problem))

    def _job(self, chunk: Sequence[Work]) -> Iterator[tuple[int, Result]]:
        key = hashlib.sha256("\n".join([str(time.time_ns()), *(work.entry.mark for work in chunk)]).encode()).hexdigest()
        uploads = [_upload(work) for work in chunk]
        job = self.client.create_job(uploads, self.conversion.to, idempotency_key=key, **self.given)
        self._under_way.add(job.id)
        try:
            for event in self.client.events(job.id):
                if event.kind in ENDS and not self._stopped.is_set():
                    item = self.client.item(job.id, event.data["item_id"])
                    yield item.position, self._result(chunk[item.position], item)
            if not any(self.given.get(name) for name in NAMES):
                self.client.delete(job.id)  # everything is downloaded, and no delivery is open
        finally:
            self._under_way.discard(job.id)

    def _result(self, work: Work, item: Done) -> Result:
        if item.state != "succeeded":
            problem = item.problem or {"code": item.state, "detail": f"The item was {item.state}."}
            return Result(work.item.name, "failed", problem={"code": problem["code"], "detail": problem["detail"]})
        for artifact in item.artifacts:
            self.client.download(artifact, work.paths[artifact.format])
        notices = {json.dumps(each): each for artifact in item.artifacts for each in artifact.raw["notices"]}
        title = (item.raw["metadata"] or {}).get("title", "")
        said = tuple(notices.values())
        return Result(work.item.name, "converted", _seconds(item), title, said, files=work.entry.files, entry=work.entry)


def _taken(ended: queue.SimpleQueue[Result]) -> list[Result]:
    return [ended.get() for _ in range(ended.qsize())]  # no other process uses


def _seconds(item: Done) -> float:
    times = [item.raw[name] for name in ("started_at", "ended_at")]
    started, ended = (datetime.fromisoformat(each) if each else None for each in times)
    return (ended - started).total_seconds() if started and ended else 0.0


def _upload(work: Work) -> tuple[str, bytes]:
    """The article under its name in the batch. With its files it is a zip: other articles may have files of the same name."""
    source: Source = work.source
    assets = {asset.name: asset.data for asset in source.assets}
    if DESCRIPTION not in assets:  # otherwise the service finds the article in the zip
        assets = {name: data for name, data in assets.items() if PurePosixPath(name).suffix.lower() not in SUFFIXES}
    if not assets:
        return work.item.name, source.data
    if source.name.lower().endswith(".zip"):
        return work.item.name, _zipped(source.data, assets)
    depth = max(name.count("../") for name in assets)
    folder = "/".join(["folder"] * depth)  # so that `../a.png` is in the zip too
    inside = {posixpath.normpath(posixpath.join(folder, name)): data for name, data in assets.items()}
    return work.item.name, _zipped(b"", {posixpath.join(folder, source.name): source.data, **inside})


def _zipped(archive: bytes, files: Mapping[str, bytes]) -> bytes:
    """A zip, perhaps empty, and `files` in it."""
    buffer = io.BytesIO(archive)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as bundle:
        present = set(bundle.namelist())
        for name, data in files.items():
            if name not in present:
                bundle.writestr(name, data)
    return buffer.getvalue()
