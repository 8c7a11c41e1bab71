"""The tree of errors.

    ColophonError                      private cause for the log, public sentence for the client
    ├── BadRequest             400     the request itself is broken
    │   └── MalformedMultipart, MissingFile, InvalidJson, InvalidHeader
    ├── Unauthorized 401, Forbidden 403, NotFound 404, MethodNotAllowed 405, NotAcceptable 406
    ├── Conflict, JobNotFinished, IdempotencyConflict 409
    ├── Gone                   410
    │   └── Damaged                    a stored file differs from the bytes that were stored
    ├── TooLarge, TooManyParts 413
    ├── UnsupportedFormat      415
    ├── Refused                422     understood, but refused for its content: a retry never helps
    │   ├── ValidationFailed, InvalidFrontMatter, UnsupportedEncoding, ControlCharacters
    │   ├── EmptyDocument, InvalidDocument, TooComplex
    │   ├── InvalidArchive, UnsafeArchive, ArchiveTooLarge, NoArticle, AmbiguousArticle
    │   └── UnsupportedImage, ForbiddenUrl, StrictNotices, IdempotencyKeyReused
    ├── QuotaExceeded          429
    ├── TooManyWrongKeys       429     the address must slow down; a valid key still passes
    ├── Internal               500
    │   └── EngineCrashed, TextMissing a worker died during the conversion; text is on no page
    ├── FetchFailed            502     the host of a page that the request names
    ├── Unavailable            503
    │   ├── QueueFull, Draining
    │   ├── SigningUnavailable: TimeStampUnavailable
    │   └── StorageUnavailable: DatabaseDamaged, DatabaseNewer
    ├── DeadlineExceeded       504
    └── StorageFull            507

`code` is stable and ends the problem's `type` (/problems/<code>). `title` is one sentence for all cases; `detail`
is specific and safe to show. The private cause is `__cause__` and stays in the log.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a problem. `pointer` is a JSON pointer (RFC 6901); `line` and `column` count from 1."""

    detail: str
    pointer: str | None = None
    line: int | None = None
    column: int | None = None

    def as_dict(self) -> dict[str, Any]:
        pairs = (("pointer", self.pointer), ("line", self.line), ("column", self.column), ("detail", self.detail))
        return {name: value for name, value in pairs if value is not None}


class ColophonError(Exception):
    """The base class of every error that the service raises on purpose.

    `places`: the fields or lines at fault. `retry_after`: seconds. `extra`: further members of the
    problem document (RFC 9457, section 3.2), for example `{"limit": 25000000}`.
    """

    code: ClassVar[str] = "internal-error"
    status: ClassVar[int] = 500
    title: ClassVar[str] = "The service failed."
    retryable: ClassVar[bool] = False
    costs_attempt: ClassVar[bool] = False  # an item of a job with this error is tried again, up to `attempts` times

    def __init__(
        self,
        detail: str | None = None,
        *,
        places: Sequence[Place] = (),
        retry_after: int | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.places = tuple(places)
        self.retry_after = retry_after
        self.extra = dict(extra or {})

    def as_dict(self) -> dict[str, Any]:
        """The error as sent between processes and stored with job items. `from_dict` reads it."""
        out: dict[str, Any] = {"code": self.code, "detail": self.detail}
        if self.places:
            out["errors"] = [place.as_dict() for place in self.places]
        if self.retry_after is not None:
            out["retry_after"] = self.retry_after
        if self.extra:
            out["extra"] = self.extra
        return out


class BadRequest(ColophonError):
    code, status, title = "bad-request", 400, "The request is not valid."


class MalformedMultipart(BadRequest):
    code, title = "malformed-multipart", "The multipart body cannot be read."


class MissingFile(BadRequest):
    code, title = "missing-file", "No file was sent."


class InvalidJson(BadRequest):
    code, title = "invalid-json", "The JSON cannot be read."


class InvalidHeader(BadRequest):
    code, title = "invalid-header", "A header has an invalid value."


class Unauthorized(ColophonError):
    code, status, title = "unauthorized", 401, "A valid API key is required."


class Forbidden(ColophonError):
    code, status, title = "forbidden", 403, "The API key does not allow this operation."


class NotFound(ColophonError):
    code, status, title = "not-found", 404, "Nothing exists at this address."


class MethodNotAllowed(ColophonError):
    code, status, title = "method-not-allowed", 405, "This address does not support the method."


class NotAcceptable(ColophonError):
    code, status, title = "not-acceptable", 406, "The service cannot produce any of the accepted media types."


class Conflict(ColophonError):
    code, status, title = "conflict", 409, "The request conflicts with the current state or another request."


class JobNotFinished(Conflict):
    code, title, retryable = "job-not-finished", "The job is not finished.", True


class IdempotencyConflict(Conflict):
    code, title, retryable = "idempotency-conflict", "A request with this Idempotency-Key is still in progress.", True


class Gone(ColophonError):
    code, status, title = "gone", 410, "The resource has expired and was removed."


class Damaged(Gone):
    code, title = "damaged", "The stored file is damaged."


class TooLarge(ColophonError):
    code, status, title = "payload-too-large", 413, "The upload exceeds the size limit."


class TooManyParts(TooLarge):
    code, title = "too-many-parts", "The upload exceeds the limit of parts."


class UnsupportedFormat(ColophonError):
    code, status, title = "unsupported-media-type", 415, "The file format is not supported."


class Refused(ColophonError):
    code, status, title = "refused", 422, "The content cannot be converted."


class ValidationFailed(Refused):
    code, title = "validation-error", "A field has an invalid value."


class InvalidFrontMatter(Refused):
    code, title = "invalid-front-matter", "The front matter cannot be read."


class UnsupportedEncoding(Refused):
    code, title = "unsupported-encoding", "The encoding of the text cannot be determined."


class ControlCharacters(Refused):
    code, title = "control-characters", "The text contains control characters."


class EmptyDocument(Refused):
    code, title = "empty-document", "The file is empty."


class InvalidDocument(Refused):
    code, title = "invalid-document", "The file is damaged or has another format than declared."


class TooComplex(Refused):
    code, title = "too-complex", "The document exceeds the limits of nesting or repetition."


class InvalidArchive(Refused):
    code, title = "invalid-archive", "The archive is damaged."


class UnsafeArchive(Refused):
    code, title = "unsafe-archive", "The archive contains entries that are not safe to unpack."


class ArchiveTooLarge(Refused):
    code, title = "archive-too-large", "The unpacked archive exceeds the size limit."


class NoArticle(Refused):
    code, title = "no-article", "The archive contains no article."


class AmbiguousArticle(Refused):
    code, title = "ambiguous-article", "The archive contains several articles."


class UnsupportedImage(Refused):
    code, title = "unsupported-image", "An image cannot be used."


class ForbiddenUrl(Refused):
    code, title = "forbidden-url", "A URL points to an address that the service must not fetch."


class StrictNotices(Refused):
    code, title = "strict", "Strict mode: the conversion has warnings."


class IdempotencyKeyReused(Refused):
    code, title = "idempotency-key-reused", "This Idempotency-Key was used with another request."


class QuotaExceeded(ColophonError):
    code, status, title, retryable = "quota-exceeded", 429, "The quota of the API key is used up.", True


class TooManyWrongKeys(ColophonError):
    code, status, title = "too-many-wrong-keys", 429, "This address sent too many invalid API keys."


class Internal(ColophonError):
    code, status, title, costs_attempt = "internal-error", 500, "The service failed.", True


class TextMissing(Internal):
    code, title = "text-missing", "Part of the text is on no page of the PDF."


class EngineCrashed(Internal):
    code, title = "engine-crashed", "The engine crashed during the conversion."


class FetchFailed(ColophonError):
    code, status, title = "fetch-failed", 502, "The page at an address cannot be fetched."


class Unavailable(ColophonError):
    code, status, title, retryable = "unavailable", 503, "The service cannot accept work now.", True


class QueueFull(Unavailable):
    code, title = "queue-full", "The queue is full."


class Draining(Unavailable):
    code, title = "draining", "The service is shutting down."


class StorageUnavailable(Unavailable):
    code, title = "storage-unavailable", "The storage cannot be reached."


class SigningUnavailable(Unavailable):
    code, title, retryable = "signing-unavailable", "The service cannot sign. The operator must correct its key.", False


class TimeStampUnavailable(SigningUnavailable):
    code, title, retryable, costs_attempt = "time-stamp-unavailable", "The service gets no time stamp.", True, True


class DatabaseDamaged(StorageUnavailable):
    code, title = "database-damaged", "The database is damaged. The operator must restore it."


class DatabaseNewer(StorageUnavailable):
    code, title = (
        "database-newer",
        "The database belongs to a newer version of Colophon. The operator must update this one.",
    )


class DeadlineExceeded(ColophonError):
    code, status, title = "deadline-exceeded", 504, "The conversion took longer than its deadline."


class StorageFull(ColophonError):
    code, status, title, retryable = "storage-full", 507, "The storage is full.", True


def error_classes() -> dict[str, type[ColophonError]]:
    """Every error class by code: the source of /problems/<code>, the docs and `from_dict`."""
    found: dict[str, type[ColophonError]] = {}
    todo: list[type[ColophonError]] = [ColophonError]
    while todo:
        for cls in todo.pop().__subclasses__():
            found[cls.code] = cls
            todo.append(cls)
    return found


def from_dict(data: Mapping[str, Any]) -> ColophonError:
    """The error that `as_dict` wrote. An unknown code becomes Internal."""
    cls = error_classes().get(str(data.get("code")), Internal)
    places = [Place(**place) for place in data.get("errors", ())]
    return cls(data.get("detail"), places=places, retry_after=data.get("retry_after"), extra=data.get("extra"))
