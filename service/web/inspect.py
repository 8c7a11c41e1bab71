"""POST /v1/inspect: the metadata of a PDF, EPUB or DOCX of any program, and the article inside it."""

from __future__ import annotations

from flask import Response

from service.model.document import Artifact
from service.model.errors import Place, ValidationFailed
from service.web import authentication, bodies, responses, uploads
from service.web.endpoint import CONVERSION, CONVERT, Body, Property, answer, endpoint
from service.web.services import services

PARTS = ("report", "source")
FORM: dict[str, Property] = {
    "file": {"type": "string", "format": "binary", "description": "A PDF, EPUB or DOCX."},
    "part": {
        "type": "string",
        "enum": list(PARTS),
        "default": "report",
        "description": "The report, or the embedded source itself.",
    },
}


@endpoint(
    "POST /v1/inspect",
    tag="Articles",
    scopes=CONVERT,
    cost=CONVERSION,
    name="inspectArtifact",
    summary="Read the metadata of a PDF, EPUB or DOCX",
    description="The metadata, the facts and the embedded source of a file, also of other programs.",
    body=Body("Inspection", FORM),
    answers={200: answer("The content of the file.", **{"application/json": "Inspection", "application/octet-stream": "binary"})},
    problems=(400, 404, 413, 415, 422, 503, 504),
)
def inspect() -> Response:
    authentication.refuse_early()
    fields, files = bodies.read()
    unknown = sorted(fields.keys() - {"part"})
    part = (fields.get("part") or ["report"])[-1]
    if unknown or part not in PARTS:
        name = unknown[0] if unknown else "part"
        raise ValidationFailed(
            "Only the field `part` is supported: report or source.", places=[Place("report or source.", f"/{name}")]
        )
    source = uploads.read_source(files)
    with authentication.spending() as cancellation:
        answer_, blobs = services().workers.call(
            "inspect", {"name": source.name, "part": part}, [source.data], cancellation=cancellation
        )
    if part == "source":
        return responses.file_answer(Artifact(uploads.label(answer_["name"]), "source", answer_["media_type"], blobs[0]))
    return responses.json_answer(answer_)
