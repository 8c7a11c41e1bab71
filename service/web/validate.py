"""POST /v1/validate: the metadata that a conversion would use, and every notice. Nothing is created."""

from __future__ import annotations

from flask import Response

from service.conversion.bounded_workers import Bounded
from service.conversion.driver import read_in_worker, refuse_if_strict
from service.web import authentication, responses, uploads
from service.web.endpoint import CONVERSION, CONVERT, READ_FORM, Body, answer, endpoint
from service.web.services import services


@endpoint(
    "POST /v1/validate",
    tag="Articles",
    scopes=CONVERT,
    cost=CONVERSION,
    name="validateArticle",
    summary="Validate an article",
    description="Reads and normalizes the article as a conversion would, and answers what it found.",
    body=Body("Article", READ_FORM, ()),
    answers={200: answer("The metadata and the notices.", **{"application/json": "Validation"})},
    problems=(400, 413, 415, 422, 502, 503, 504),
)
def validate() -> Response:
    source, conversion = uploads.read_request(targets=())
    with authentication.spending() as cancellation:
        reading = read_in_worker(source, conversion, Bounded(services().workers, None, cancellation))
    refuse_if_strict(conversion, reading.notices)
    return responses.json_answer(
        {
            "metadata": responses.public_metadata(reading.metadata),
            "front_matter": reading.metadata["front_matter"],
            "notices": [notice.as_dict() for notice in reading.notices],
            "remote_images": list(reading.wanted),
        }
    )
