"""Signs PDFs with the operator's key: PAdES, with a time stamp of an authority (ETSI EN 319 142-1, B-T; without one B-B).

The front signs, because only the front has the secrets. A worker parses the PDF and adds the field (see
`writers.pdf.signature_field`). The front only hashes the file and fills in the field.
pyHanko is the extra `sign`, imported when the first file is signed.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import threading
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from service.conversion.bounded_workers import Workers
from service.conversion.driver import Outcome
from service.model.document import Artifact, Conversion
from service.model.errors import Internal, Place, SigningUnavailable, ValidationFailed
from service.model.notices import notice
from service.model.settings import Settings
from service.network import time_stamps
from service.network.addresses import Guard

if TYPE_CHECKING:
    from service.conversion.signing_key import SigningKey

log = logging.getLogger("colophon.signing")
SIZES = (8_192, 65_536)  # bytes for the signature, with the certificates of the signer and of the authority
NO_KEY = "This service has no key to sign with."


def is_wanted(conversion: Conversion, settings: Settings) -> bool:
    """Whether the PDF of a conversion is signed. Raises ValidationFailed if the service has no key."""
    if conversion.sign == "on" and not settings.sign_key:
        raise ValidationFailed(NO_KEY, places=[Place(f"{NO_KEY} COLOPHON_SIGN_KEY names it.", "/sign")])
    asked = settings.sign if conversion.sign == "auto" else conversion.sign
    return asked == "on" and "pdf" in conversion.to


class Signer:
    """One for a process. Thread-safe. The key is read on first use, and again after a failure."""

    def __init__(self, settings: Settings, guard: Guard | None = None) -> None:
        self.settings, self.guard = settings, guard or Guard.of(settings)
        self._lock = threading.Lock()
        self._key: SigningKey | None = None

    @property
    def key(self) -> SigningKey:
        """Raises SigningUnavailable for a key that cannot be used; the cause is in the log."""
        with self._lock:
            try:
                from service.conversion import signing_key

                self._key = self._key or signing_key.load(self.settings)
                self._key.check(datetime.now(UTC))
            except ModuleNotFoundError as error:
                log.error("The service cannot sign: %s", error)
                raise SigningUnavailable("The service cannot sign: the extra `sign` is not installed.") from error
            except SigningUnavailable as error:
                self._key = None
                log.error("%s Cause: %r", error.detail, error.__cause__ or "none")
                raise
            return self._key

    def sign_all(self, outcome: Outcome, workers: Workers) -> Outcome:
        """The outcome with its PDFs signed. Raises SigningUnavailable, TimeStampUnavailable, and the errors of a worker."""
        signed = (self.sign(each, workers) if each.format == "pdf" else each for each in outcome.artifacts)
        return replace(outcome, artifacts=tuple(signed))

    def sign(self, artifact: Artifact, workers: Workers) -> Artifact:
        key = self.key
        filled = next((each for size in SIZES if (each := self._filled(artifact.data, key, size, workers))), b"")
        if not filled:
            raise SigningUnavailable(f"The service cannot sign: its certificates have more than {SIZES[-1]} bytes.")
        level = "PAdES B-T" if self.settings.sign_timestamp_url else "PAdES B-B"
        reported = notice("signed", f"The PDF is signed by {key.name} ({level}).", stage="pdf", data={"signer": key.name})
        return replace(artifact, data=filled, notices=(*artifact.notices, reported))

    def _filled(self, before: bytes, key: SigningKey, size: int, workers: Workers) -> bytes:
        """The PDF with its signature; empty if the signature has more than `size` bytes."""
        moment = datetime.now(UTC).replace(microsecond=0)
        header, (data,) = workers.call("reserve_signature", {"moment": moment.isoformat(), "size": size}, [before])
        start, end = header["start"], header["end"]
        if not data.startswith(before) or start < len(before) or data[start:end] != b"<" + b"0" * (2 * size) + b">":
            raise Internal("The place of the signature is not as it must be.")
        digest = hashlib.sha256(data[:start])
        digest.update(data[end:])
        signature = self._signature(key, digest.digest()).hex().encode()
        fits = len(signature) <= 2 * size
        return b"".join((data[: start + 1], signature.ljust(2 * size, b"0"), data[end - 1 :])) if fits else b""

    def _signature(self, key: SigningKey, digest: bytes) -> bytes:
        """The CMS signature of a digest, DER."""
        return asyncio.run(key.sign(digest, self._stamp if self.settings.sign_timestamp_url else None))

    def _stamp(self, query: bytes) -> bytes:
        """The response of the authority to a query, both DER."""
        settings = self.settings
        return time_stamps.request(settings.sign_timestamp_url, query, self.guard, settings.sign_deadline)
