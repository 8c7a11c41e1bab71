"""POST /v1/convert: one article in, the artifact itself out."""

from __future__ import annotations

from pathlib import PurePosixPath

from flask import Response

from service.conversion.driver import Outcome
from service.model.formats import OUTPUT_FORMATS
from service.web import authentication, responses, uploads
from service.web.endpoint import CONVERT, CONVERT_FORM, DEADLINE, JOB, Body, Property, answer, endpoint
from service.web.jobs import create, serializers
from service.web.services import services

PREFER: dict[str, Property] = {
    "Prefer": {"type": "string", "enum": ["respond-async"], "description": "Make it a job (RFC 7240)."}
}


@endpoint(
    "POST /v1/convert",
    tag="Articles",
    scopes=CONVERT,
    cost=JOB,
    name="convertArticle",
    summary="Convert one article",
    description="Answers the artifact itself; for several formats a zip with manifest.json;"
    " with `Accept: application/json` the report; with `Prefer: respond-async` a job.",
    body=Body("Conversion", CONVERT_FORM, ()),
    headers=DEADLINE | PREFER,
    answers={
        200: answer(
            "The artifact, a zip of several, or the report.",
            **{each.media_type: "string" if each.is_text else "binary" for each in OUTPUT_FORMATS.values()},
        )
        | {"application/zip": "binary", "application/json": "Report or Ast"},
        202: answer("Accepted as a job, which is at Location.", **{"application/json": "Job"}),
        304: answer("The artifact is the one that If-None-Match names."),
    },
    problems=(400, 406, 409, 413, 415, 422, 500, 502, 503, 504, 507),
)
def convert_one() -> Response:
    deadline = uploads.deadline()
    if create.wants_async():
        return create.accept({"Preference-Applied": "respond-async"})
    source, conversion = uploads.read_request()
    as_report = responses.wants_report(
        [OUTPUT_FORMATS[conversion.to[0]].media_type] if len(conversion.to) == 1 else [responses.ZIP]
    )
    with authentication.spending() as cancellation:
        outcome, hit = services().convert(source, conversion, deadline, cancellation, authentication.tenant())
    response = report(outcome) if as_report else file_or_zip(outcome, source.name)
    response.headers["Cache-Status"] = "colophon; hit" if hit else "colophon; fwd=miss"  # RFC 9211
    return response


def file_or_zip(outcome: Outcome, source_name: str) -> Response:
    if len(outcome.artifacts) == 1:
        return responses.file_answer(outcome.artifacts[0])
    return responses.zip_answer(outcome, f"{PurePosixPath(source_name).stem or 'article'}.zip")


def report(outcome: Outcome) -> Response:
    """The report, with a link to each artifact that is valid until the artifact expires."""
    described = []
    for artifact in outcome.artifacts:
        key = services().store.put(artifact.data)
        if authentication.key() is not None:
            services().links.give(authentication.tenant(), key)
        link = f"{serializers.base()}/v1/artifacts/{key}/{responses.quoted(artifact.name)}"
        described.append(responses.described(artifact) | {"url": link})
    body = {
        "metadata": responses.public_metadata(outcome.metadata),
        "front_matter": outcome.metadata["front_matter"],
        "notices": [notice.as_dict() for notice in outcome.notices],
        "artifacts": described,
    }
    if len(described) == 1:
        body["artifact"] = described[0]
    return responses.json_answer(body)


@endpoint(
    "GET /v1/artifacts/<key>/<name>",
    tag="Articles",
    scopes=CONVERT,
    name="getLinkedArtifact",
    summary="Fetch an artifact that a report links to",
    description="The key is the SHA-256 of the artifact.",
    answers={200: answer("The artifact.", **{"application/octet-stream": "binary"}), 304: answer("Not changed.")},
    problems=(404, 410),
)
def artifact(key: str, name: str) -> Response:
    """`key` is the SHA-256 of the bytes. A caller who knows it had the bytes or a report. Tenants need a report."""
    if authentication.key() is not None:
        services().links.check(authentication.tenant(), key)
    suffix = PurePosixPath(name).suffix
    media_type = next((each.media_type for each in OUTPUT_FORMATS.values() if each.suffix == suffix), "application/octet-stream")
    return responses.stored_answer(services().store, key, uploads.label(name), media_type)
