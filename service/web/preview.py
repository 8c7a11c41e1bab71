"""The first page as a picture: of an article as it would be printed, or of what was made.

EPUB and DOCX have no pages until a reader or Word lays them out, so their picture is that of the PDF of the same content:
whoever shows it says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Response

from schemas import options, requests
from service.model.document import Conversion, Source
from service.web import authentication, responses, uploads
from service.web.endpoint import ADMIN, CONVERSION, CONVERT, DEADLINE, JOBS, READ_FORM, Body, answer, endpoint
from service.web.jobs import access
from service.web.services import services

PDF = b"%PDF-"


@endpoint(
    "POST /v1/preview",
    tag="Articles",
    scopes=CONVERT,
    cost=CONVERSION,
    name="previewArticle",
    summary="Get an image of the first page",
    description="Of an article, as the PDF of the same options would have it; or of a PDF, as it is.",
    body=Body("Article", READ_FORM),
    query=requests.PREVIEW_QUERY,
    headers=DEADLINE,
    answers={200: answer("The picture.", **{"image/png": "binary"})},
    problems=(400, 413, 415, 422, 500, 503, 504),
)
def preview(asked: Mapping[str, Any]) -> Response:
    deadline = uploads.deadline()
    source, conversion = uploads.read_request(targets=("pdf",))
    return picture(source, conversion, asked["width"], deadline)


@endpoint(
    "GET /v1/jobs/<job_id>/artifacts/<artifact_id>/preview",
    tag="Jobs",
    scopes=JOBS + ADMIN,
    cost=CONVERSION,
    name="previewJobArtifact",
    summary="Get an image of the first page of an artifact",
    description="Of a PDF as it is; of the others, as a PDF of the same content has it.",
    query=requests.PREVIEW_QUERY,
    answers={200: answer("The picture.", **{"image/png": "binary"}), 304: answer("Not changed.")},
    problems=(404, 410, 415, 422, 500, 503, 504),
)
def artifact_preview(job_id: str, artifact_id: str, asked: Mapping[str, Any]) -> Response:
    job = access.job(job_id)
    found = services().jobs.artifact(job.id, artifact_id)
    data = services().store.get(found.sha256)
    conversion = options.defaults("pdf", profile=job.conversion["profile"], images="drop")
    return picture(Source(found.name, data, found.media_type), conversion, asked["width"])


def picture(source: Source, conversion: Conversion, width: int, deadline: float | None = None) -> Response:
    pdf = source.data if source.data.startswith(PDF) else _printed(source, conversion, deadline)
    with authentication.spending() as cancellation:
        _, (png,) = services().workers.call("preview", {"width": width}, [pdf], deadline, cancellation)
    response = Response(png, content_type="image/png")
    response.set_etag(hashlib.sha256(png).hexdigest()[:32])
    response.headers["Cache-Control"] = "private, max-age=0, must-revalidate"
    return responses.conditional(response)


def _printed(source: Source, conversion: Conversion, deadline: float | None) -> bytes:
    with authentication.spending() as cancellation:
        outcome, _ = services().convert(source, replace(conversion, to=("pdf",)), deadline, cancellation, authentication.tenant())
    return outcome.artifacts[0].data
