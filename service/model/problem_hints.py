"""What to do about a problem: a sentence or two for whoever met it, on its page and in docs/problems.md."""

from __future__ import annotations

from collections.abc import Mapping

from service.model import http_errors
from service.model.errors import ColophonError

__all__ = ["HINTS", "http_errors", "remedy"]  # with `http_errors` the tree of errors is complete

# By code. A problem that is not here has the remedy of what it is a kind of.
HINTS: Mapping[str, str] = {
    "bad-request": "Mend the request as `detail` says; `openapi.yaml` is the contract.",
    "malformed-request": "Let a library write the request; a proxy in between may have changed it.",
    "malformed-multipart": "Let a library write the body (`curl -F`, `FormData`), Content-Type and all: it names the boundary.",
    "missing-file": "Send the article as part `file` of a multipart/form-data body: `curl -F file=@article.md`.",
    "invalid-json": "Mend the JSON at the place that `errors` names; a shell may have eaten its quotes.",
    "invalid-header": "Mend the header that `detail` names, or leave it out.",
    "unauthorized": "Send a key: `Authorization: Bearer …` or `X-API-Key: …`.",
    "forbidden": "Use a key that may, or ask whoever runs this service.",
    "cross-site-request": "Send it from the page of this service, or from a program; where keys are asked for, send one.",
    "not-found": "Look at the address; a job that expired long ago is forgotten, and another's is never shown.",
    "method-not-allowed": "Look into `openapi.yaml`, or at the header `Allow`.",
    "not-acceptable": "Send an `Accept` that admits one of the types that `detail` names, or none.",
    "request-timeout": "Send it again over a connection that is not interrupted.",
    "conflict": "Look at the state of what you asked to change, then decide anew.",
    "job-not-finished": "Wait for the job: `GET /v1/jobs/{id}?wait=60`, its events, or a webhook.",
    "idempotency-conflict": "Send the same request again after `Retry-After`: you will get the job that the first one made.",
    "damaged": "Send the original again, or convert it again: the same bytes are then stored again, whole.",
    "gone": "Convert it again; results are kept for as long as the setting COLOPHON_ARTIFACT_HOURS says.",
    "payload-too-large": "Send less at once: several jobs, smaller pictures; `/v1/options` tells the limits.",
    "too-many-parts": "Send a zip instead of hundreds of parts, or several jobs.",
    "uri-too-long": "Send options as fields of the form and not in the address.",
    "unsupported-media-type": "See `/v1/formats` for what is read; where the name misleads, say it: `from=markdown`.",
    "refused": "Mend the article: the same one will be refused again.",
    "validation-error": "Mend the fields that `errors` names; `/v1/options` lists what each takes.",
    "invalid-front-matter": "Mend the line that `errors` names (a colon needs quotes); without `strict` it is recovered.",
    "unsupported-encoding": "Save it as UTF-8, or say what it is: `charset=gb18030`.",
    "control-characters": "It may be no text, or UTF-16 without a mark: say `charset`, or remove them.",
    "empty-document": "Send a file with something in it: an upload may have been cut off, or its source not yet written.",
    "invalid-document": "Open it in the program that made it and save it again; look whether its suffix says what it is.",
    "too-complex": "Flatten what is nested hundreds deep or repeated without end: it is nearly always generated, seldom written.",
    "invalid-archive": "Make the zip anew, by stored or deflate; look whether the upload was whole.",
    "unsafe-archive": "Make the zip without links, encryption, absolute names and `..`.",
    "archive-too-large": "Leave out what the article does not show, or make several of it; `/v1/options` tells the limits.",
    "no-article": "Put the article into the zip, by a suffix that is known (`/v1/formats`).",
    "ambiguous-article": "Name the one `article.*`, or send the zip as a job: there each is an item.",
    "unsupported-image": "Save the picture as PNG, JPEG, GIF, WebP, AVIF or SVG, or let it go: `images=drop`.",
    "forbidden-url": "Use a public http or https address; whoever runs this service can name others in COLOPHON_FETCH_ALLOW.",
    "strict": "Mend what each of `errors` names, or leave out `strict`: then they are notices.",
    "idempotency-key-reused": "Use a new Idempotency-Key for a new request.",
    "misdirected-request": "Use the address that the service listens on; whoever runs it names others in COLOPHON_PUBLIC_URL.",
    "quota-exceeded": "Send it again after `Retry-After`.",
    "too-many-wrong-keys": "Mend the key that your programs send; a right one is taken at once, from this address too.",
    "too-many-open-requests": "Wait until one of your requests is answered; send many articles as one job.",
    "headers-too-large": "Send fewer or shorter headers; cookies of other services often are the cause.",
    "internal-error": "Try once more; if it happens again, tell whoever runs this service the request id: the log has the cause.",
    "engine-crashed": "Try once more; then tell whoever runs this service the request id, and give the document if you may.",
    "unknown-transfer-coding": "Send the body with a Content-Length, or chunked and nothing else.",
    "unavailable": "Send it again after `Retry-After`: nothing is wrong with it.",
    "queue-full": "Send it again after `Retry-After`; `/v1/capacity` tells beforehand when there is room.",
    "draining": "Send it again after `Retry-After`: another process will take it.",
    "storage-unavailable": "Send it again after `Retry-After`; work that was accepted waits, and is not lost.",
    "database-damaged": "Whoever runs this service must restore the database from a backup; then send it again.",
    "database-newer": "Whoever runs this service must update it; then send it again.",
    "deadline-exceeded": "Send it as a job, give a longer `Colophon-Deadline`, or divide it; large pictures cost the most.",
    "storage-full": "Whoever runs this service must make room; then send it again.",
}  # fmt: skip


def remedy(cls: type[ColophonError]) -> str:
    kinds = (kind for kind in cls.__mro__ if issubclass(kind, ColophonError))
    return next(HINTS[kind.code] for kind in kinds if kind.code in HINTS)
