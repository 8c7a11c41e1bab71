"""POST /v1/ast: the normalized document, as pandoc's JSON or as Markdown."""

from __future__ import annotations

from flask import Response, request

from service.model.errors import NotAcceptable
from service.web import authentication, responses, uploads
from service.web.endpoint import CONVERSION, CONVERT, DEADLINE, READ_FORM, Body, answer, endpoint
from service.web.services import services

TARGETS = {"application/json": "ast", "text/markdown": "markdown"}


@endpoint(
    "POST /v1/ast",
    tag="Articles",
    scopes=CONVERT,
    cost=CONVERSION,
    name="getDocument",
    summary="Get the normalized document",
    description="pandoc's JSON AST after all passes; with `Accept: text/markdown` the same as Markdown.",
    body=Body("Article", READ_FORM, ()),
    headers=DEADLINE,
    answers={200: answer("The document.", **{"application/json": "Ast", "text/markdown": "string"})},
    problems=(400, 406, 413, 415, 422, 502, 503, 504),
)
def ast() -> Response:
    best = request.accept_mimetypes.best_match(TARGETS) if request.accept_mimetypes.provided else "application/json"
    if best is None:
        raise NotAcceptable("The document can be application/json or text/markdown.")
    source, conversion = uploads.read_request(targets=(TARGETS[best],))
    with authentication.spending() as cancellation:
        outcome, _ = services().convert(source, conversion, uploads.deadline(), cancellation, authentication.tenant())
    return responses.file_answer(outcome.artifacts[0])
