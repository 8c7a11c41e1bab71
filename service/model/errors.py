"""What can go wrong, once.

    ColophonError                      private cause for the log, public sentence for the client
    ├── BadRequest             400     the request itself is broken
    │   └── MalformedMultipart, MissingFile, InvalidJson, InvalidHeader
    ├── Unauthorized 401, Forbidden 403, NotFound 404, MethodNotAllowed 405, NotAcceptable 406
    ├── Conflict, JobNotFinished, IdempotencyConflict 409
    ├── Gone                   410
    │   └── Damaged                    a stored file is not the bytes that were put
    ├── TooLarge, TooManyParts 413
    ├── UnsupportedFormat      415
    ├── Refused                422     understood, and refused for its content: never worth a retry
    │   ├── ValidationFailed, InvalidFrontMatter, UnsupportedEncoding, ControlCharacters
    │   ├── EmptyDocument, InvalidDocument, TooComplex
    │   ├── InvalidArchive, UnsafeArchive, ArchiveTooLarge, NoArticle, AmbiguousArticle
    │   └── UnsupportedImage, ForbiddenUrl, StrictNotices, IdempotencyKeyReused
    ├── QuotaExceeded          429
    ├── TooManyWrongKeys       429     the address is told to slow down; a right key from there passes
    ├── Internal               500
    │   └── EngineCrashed, TextMissing a worker died under this conversion; text that is on no page
    ├── Unavailable            503
    │   ├── QueueFull, Draining
    │   └── StorageUnavailable: DatabaseDamaged, DatabaseNewer
    ├── DeadlineExceeded       504
    └── StorageFull            507

`code` is stable and is the last part of the problem's `type` (/problems/<code>); `title` is one sentence
for everybody; `detail` is what to do, safe to show. The private cause is `__cause__` and stays in the log.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Place:
    """Where a problem is: `pointer` is an RFC 6901 JSON pointer, `line` and `column` count from 1."""

    detail: str
    pointer: str | None = None
    line: int | None = None
    column: int | None = None

    def as_dict(self) -> dict[str, Any]:
        pairs = (("pointer", self.pointer), ("line", self.line), ("column", self.column), ("detail", self.detail))
        return {name: value for name, value in pairs if value is not None}


class ColophonError(Exception):
    """The root: everything the service raises on purpose.

    `places` name the fields or lines at fault; `retry_after` is seconds; `extra` are further members of the
    problem document (RFC 9457, section 3.2), for example `{"limit": 25000000}`.
    """

    code: ClassVar[str] = "internal-error"
    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something went wrong on our side."
    retryable: ClassVar[bool] = False

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
        """The error as it crosses a process boundary or is stored with a job item; `from_dict` reads it back."""
        out: dict[str, Any] = {"code": self.code, "detail": self.detail}
        if self.places:
            out["errors"] = [place.as_dict() for place in self.places]
        if self.retry_after is not None:
            out["retry_after"] = self.retry_after
        if self.extra:
            out["extra"] = self.extra
        return out


class BadRequest(ColophonError):
    code, status, title = "bad-request", 400, "The request is broken."


class MalformedMultipart(BadRequest):
    code, title = "malformed-multipart", "The multipart body can't be read."


class MissingFile(BadRequest):
    code, title = "missing-file", "No file was sent."


class InvalidJson(BadRequest):
    code, title = "invalid-json", "The JSON can't be read."


class InvalidHeader(BadRequest):
    code, title = "invalid-header", "A header has a value that can't be used."


class Unauthorized(ColophonError):
    code, status, title = "unauthorized", 401, "A valid API key is needed."


class Forbidden(ColophonError):
    code, status, title = "forbidden", 403, "This key may not do that."


class NotFound(ColophonError):
    code, status, title = "not-found", 404, "There is nothing here."


class MethodNotAllowed(ColophonError):
    code, status, title = "method-not-allowed", 405, "This address does not take that method."


class NotAcceptable(ColophonError):
    code, status, title = "not-acceptable", 406, "None of the media types you accept can be made here."


class Conflict(ColophonError):
    code, status, title = "conflict", 409, "The request conflicts with another."


class JobNotFinished(Conflict):
    code, title, retryable = "job-not-finished", "The job is not finished.", True


class IdempotencyConflict(Conflict):
    code, title, retryable = "idempotency-conflict", "A request with this Idempotency-Key is still under way.", True


class Gone(ColophonError):
    code, status, title = "gone", 410, "This has expired and was removed."


class Damaged(Gone):
    code, title = "damaged", "The stored file is damaged."


class TooLarge(ColophonError):
    code, status, title = "payload-too-large", 413, "The upload is larger than this service takes."


class TooManyParts(TooLarge):
    code, title = "too-many-parts", "The upload has more parts than this service takes."


class UnsupportedFormat(ColophonError):
    code, status, title = "unsupported-media-type", 415, "This file is in no format that can be read here."


class Refused(ColophonError):
    code, status, title = "refused", 422, "The content was understood, and can't be converted."


class ValidationFailed(Refused):
    code, title = "validation-error", "A field has a value that can't be used."


class InvalidFrontMatter(Refused):
    code, title = "invalid-front-matter", "The front matter can't be read."


class UnsupportedEncoding(Refused):
    code, title = "unsupported-encoding", "The text is in no encoding that can be told for sure."


class ControlCharacters(Refused):
    code, title = "control-characters", "The text holds characters that no text holds."


class EmptyDocument(Refused):
    code, title = "empty-document", "The file is empty."


class InvalidDocument(Refused):
    code, title = "invalid-document", "The file is damaged or not what it claims to be."


class TooComplex(Refused):
    code, title = "too-complex", "The document is nested or repeated beyond what can be converted safely."


class InvalidArchive(Refused):
    code, title = "invalid-archive", "The archive is damaged."


class UnsafeArchive(Refused):
    code, title = "unsafe-archive", "The archive holds entries that are not safe to unpack."


class ArchiveTooLarge(Refused):
    code, title = "archive-too-large", "The archive unpacks to more than this service takes."


class NoArticle(Refused):
    code, title = "no-article", "The archive holds no article."


class AmbiguousArticle(Refused):
    code, title = "ambiguous-article", "The archive holds several articles."


class UnsupportedImage(Refused):
    code, title = "unsupported-image", "An image can't be used."


class ForbiddenUrl(Refused):
    code, title = "forbidden-url", "A URL points to where this service may not go."


class StrictNotices(Refused):
    code, title = "strict", "Strict mode: what would have been a notice is a refusal."


class IdempotencyKeyReused(Refused):
    code, title = "idempotency-key-reused", "This Idempotency-Key was used with another request."


class QuotaExceeded(ColophonError):
    code, status, title, retryable = "quota-exceeded", 429, "Your quota is used up for now.", True


class TooManyWrongKeys(ColophonError):
    code, status, title = "too-many-wrong-keys", 429, "Too many wrong API keys came from this address."


class Internal(ColophonError):
    code, status, title = "internal-error", 500, "Something went wrong on our side."


class TextMissing(Internal):
    code, title = "text-missing", "Text of this document is on no page of the PDF."


class EngineCrashed(Internal):
    code, title = "engine-crashed", "The engine died while converting this document."


class Unavailable(ColophonError):
    code, status, title, retryable = "unavailable", 503, "The service can't take work right now.", True


class QueueFull(Unavailable):
    code, title = "queue-full", "The queue is full."


class Draining(Unavailable):
    code, title = "draining", "The service is shutting down."


class StorageUnavailable(Unavailable):
    code, title = "storage-unavailable", "The storage can't be reached."


class DatabaseDamaged(StorageUnavailable):
    code, title = "database-damaged", "The database is damaged: the operator has to restore it."


class DatabaseNewer(StorageUnavailable):
    code, title = (
        "database-newer",
        "The database was migrated by a newer version of Colophon: the operator has to update this one.",
    )


class DeadlineExceeded(ColophonError):
    code, status, title = "deadline-exceeded", 504, "The conversion took longer than its deadline."


class StorageFull(ColophonError):
    code, status, title, retryable = "storage-full", 507, "There is no room left to store this.", True


def error_classes() -> dict[str, type[ColophonError]]:
    """Every concrete error by code: the source of /problems/<code>, the docs and `from_dict`."""
    found: dict[str, type[ColophonError]] = {}
    todo: list[type[ColophonError]] = [ColophonError]
    while todo:
        for cls in todo.pop().__subclasses__():
            found[cls.code] = cls
            todo.append(cls)
    return found


def from_dict(data: Mapping[str, Any]) -> ColophonError:
    """The error that `as_dict` wrote; an unknown code becomes Internal."""
    cls = error_classes().get(str(data.get("code")), Internal)
    places = [Place(**place) for place in data.get("errors", ())]
    return cls(data.get("detail"), places=places, retry_after=data.get("retry_after"), extra=data.get("extra"))
