"""The artifacts of a job: one of them, or all as one zip."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from flask import Response, redirect, stream_with_context

from schemas import requests
from service.jobs.states import ENDED
from service.model.errors import Damaged, JobNotFinished
from service.web import responses
from service.web.endpoint import ADMIN, JOBS, Property, answer, endpoint
from service.web.jobs import access, archive
from service.web.services import services

REDIRECT_SECONDS = 300
RANGE: dict[str, Property] = {
    "Range": {"type": "string", "pattern": "^bytes=[0-9]{1,15}-[0-9]{0,15}$", "description": "One range of bytes."}
}


@endpoint(
    "GET /v1/jobs/<job_id>/artifacts/<artifact_id>",
    tag="Jobs",
    scopes=JOBS + ADMIN,
    name="downloadJobArtifact",
    summary="Download an artifact",
    description="Whole, or one range of bytes.",
    query=requests.ARTIFACT_QUERY,
    headers=RANGE,
    answers={
        200: answer("The artifact.", **{"application/octet-stream": "binary"}),
        206: answer("The requested range.", **{"application/octet-stream": "binary"}),
        304: answer("It is the one that If-None-Match names."),
        307: answer("It is at Location, for five minutes."),
    },
    problems=(404, 410, 422, 503),
)
def artifact(job_id: str, artifact_id: str, asked: Mapping[str, Any]) -> Response:
    job = access.job(job_id)
    found = services().jobs.artifact(job.id, artifact_id)
    if asked["redirect"]:
        services().store.verify(found.sha256)
    url = services().store.url(found.sha256, found.name, found.media_type, REDIRECT_SECONDS) if asked["redirect"] else None
    if url is not None:
        return redirect(url, 307)  # type: ignore[return-value]
    return responses.stored_answer(services().store, found.sha256, found.name, found.media_type)


@endpoint(
    "GET /v1/jobs/<job_id>/archive",
    tag="Jobs",
    scopes=JOBS + ADMIN,
    name="downloadJobArchive",
    summary="Download all artifacts as one zip",
    description="Folders as in the names of the sources; `report.jsonl` has a line for each item, `manifest.json` names each"
    " file and its source. Items that failed are in the report only.",
    answers={200: answer("The zip, streamed.", **{"application/zip": "binary"})},
    problems=(404, 409, 410, 503),
)
def whole(job_id: str) -> Response:
    job = access.job(job_id)
    if job.state not in ENDED:
        left = job.counts["queued"] + job.counts["running"]
        raise JobNotFinished(f"{left} of {job.total} items are not finished.", retry_after=services().jobs.retry_after())
    first = next(services().jobs.artifacts(job.id, 1), None)
    if first is not None:
        _reach(first.sha256)
    name = f"{job.name or job.id}.zip"
    headers = {"Content-Disposition": responses.content_disposition(name), "Cache-Control": "private, no-store"}
    chunks = stream_with_context(archive.stream(services().jobs, services().store, job))
    return Response(chunks, headers=headers, content_type="application/zip")


def _reach(key: str) -> None:
    """Raises Gone and StorageUnavailable before the answer starts. One damaged file does not stop the others."""
    with suppress(Damaged):
        services().store.verify(key)
