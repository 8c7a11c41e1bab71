"""A page as an image: of the PDF of an article, or of an artifact.

EPUB and DOCX have no pages until a reading system or Word lays them out. Their image shows the PDF of the same content.
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
PICTURE = answer("The image. Colophon-Pages is the number of pages.", **{"image/png": "binary"})


@endpoint(
    "POST /v1/preview",
    tag="Articles",
    scopes=CONVERT,
    cost=CONVERSION,
    name="previewArticle",
    summary="Get an image of a page",
    description="Shows a page of an article as the PDF with the same options has it, or a page of a PDF.",
    body=Body("Article", READ_FORM, ()),
    query=requests.PREVIEW_QUERY,
    headers=DEADLINE,
    answers={200: PICTURE},
    problems=(400, 413, 415, 422, 500, 502, 503, 504),
)
def preview(asked: Mapping[str, Any]) -> Response:
    deadline = uploads.deadline()
    source, conversion = uploads.read_request(targets=("pdf",))
    return picture(source, conversion, asked, deadline)


@endpoint(
    "GET /v1/jobs/<job_id>/artifacts/<artifact_id>/preview",
    tag="Jobs",
    scopes=JOBS + ADMIN,
    cost=CONVERSION,
    name="previewJobArtifact",
    summary="Get an image of a page of an artifact",
    description="Shows a page of a PDF. For other formats, shows the PDF of the same content.",
    query=requests.PREVIEW_QUERY,
    answers={200: PICTURE, 304: answer("Not changed.")},
    problems=(404, 410, 415, 422, 500, 503, 504),
)
def artifact_preview(job_id: str, artifact_id: str, asked: Mapping[str, Any]) -> Response:
    job = access.job(job_id)
    found = services().jobs.artifact(job.id, artifact_id)
    data = services().store.get(found.sha256)
    conversion = options.defaults("pdf", profile=job.conversion.profile, images="drop")
    return picture(Source(found.name, data, found.media_type), conversion, asked)


def picture(source: Source, conversion: Conversion, asked: Mapping[str, int], deadline: float | None = None) -> Response:
    pdf = source.data if source.data.startswith(PDF) else _printed(source, conversion, deadline)
    with authentication.spending() as cancellation:
        header, (png,) = services().workers.call("preview", dict(asked), [pdf], deadline, cancellation)
    response = Response(png, content_type="image/png")
    response.headers["Colophon-Pages"] = str(header["pages"])
    response.set_etag(hashlib.sha256(png).hexdigest()[:32])
    response.headers["Cache-Control"] = "private, max-age=0, must-revalidate"
    return responses.conditional(response)


def _printed(source: Source, conversion: Conversion, deadline: float | None) -> bytes:
    unsigned = replace(conversion, to=("pdf",), sign="off")
    with authentication.spending() as cancellation:
        outcome, _ = services().convert(source, unsigned, deadline, cancellation, authentication.tenant())
    return outcome.artifacts[0].data
