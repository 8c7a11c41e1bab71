"""The cache of results: same bytes, same conversion, same versions → the same artifacts, without a worker.

Results are in files and not in the store: the store finds a blob by its bytes and keeps it as long as
a link to it exists, while a result is found by its inputs and may be removed at any time.
"""

from __future__ import annotations

import functools
import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import orjson

from service.conversion.driver import Outcome
from service.engines import installation
from service.model import codec, frames
from service.model.document import Conversion, Source
from service.model.settings import SETTINGS, Settings
from service.storage.bounded_folder import BoundedFolder

MOST_PENDING = 64  # results that wait to be written; more are dropped, because a slow disk must not fill the memory


class ResultCache:
    """Writes in the background: an answer never waits for the disk. `get` and `put` may be called from any thread."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.files = BoundedFolder(Path(settings.data_dir) / "cache" / "results", settings.cache, settings.cache_days * 86_400)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="results")
        self._pending = BoundedSemaphore(MOST_PENDING)

    @functools.cached_property
    def _made_with(self) -> dict[str, Any]:
        """The fingerprint of versions, fonts, files of the service, and settings: a lower limit must have an effect."""
        limits = {each.name: self.settings[each.name] for each in SETTINGS if each.shapes_output}
        return {"settings": limits, **installation.fingerprint()}

    def key(self, source: Source, conversion: Conversion, tenant: str = "") -> str:
        """Hex SHA-256 of everything that the artifacts depend on; empty if no results are kept.

        Each tenant has its own results: the time of an answer must not reveal whether another tenant converted the same.
        """
        if not self.settings.cache:
            return ""
        parts = codec.Blobs()
        header = {
            "source": codec.pack_source(source, parts),
            "conversion": codec.pack_conversion(conversion),
            "parts": [hashlib.sha256(part).hexdigest() for part in parts],
            "made_with": self._made_with,
            "tenant": tenant,
        }
        return hashlib.sha256(orjson.dumps(header, option=orjson.OPT_SORT_KEYS)).hexdigest()

    def get(self, key: str) -> Outcome | None:
        data = self.files.get(key) if key else None
        if data is None or hashlib.sha256(data[32:]).digest() != data[:32]:
            return None
        header, parts = frames.receive(io.BytesIO(data[32:]))
        artifacts = tuple(codec.unpack_artifact(each, parts) for each in header["artifacts"])
        return Outcome(artifacts, header["metadata"], codec.unpack_notices(header["notices"]))

    def put(self, key: str, outcome: Outcome) -> None:
        """An outcome that a later attempt may improve is not kept."""
        if key and outcome.lasting and self._pending.acquire(blocking=False):
            self._writer.submit(self._write, key, outcome)

    def _write(self, key: str, outcome: Outcome) -> None:
        try:
            self.files.put(key, _pack(outcome))
        finally:
            self._pending.release()

    def stop(self) -> None:
        """Returns when pending results are written. Idempotent."""
        self._writer.shutdown()


def _pack(outcome: Outcome) -> bytes:
    parts, stream = codec.Blobs(), io.BytesIO()
    header = {
        "metadata": dict(outcome.metadata),
        "notices": codec.pack_notices(outcome.notices),
        "artifacts": [codec.pack_artifact(each, parts) for each in outcome.artifacts],
    }
    frames.send(stream, header, parts)
    data = stream.getvalue()
    return hashlib.sha256(data).digest() + data
