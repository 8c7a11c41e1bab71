"""GET /docs: Swagger UI on /openapi.yaml, from the installed package; nothing comes from elsewhere and nobody is told."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files

from flask import Response

from service.model.errors import NotFound
from service.web import responses
from service.web.endpoint import ANYBODY, answer, endpoint
from service.web.ui import NOT_CHANGED, static_answer

MEDIA_TYPES = {
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "swagger-ui.css": "text/css; charset=utf-8",
}
# Its icons are data: addresses; what is tried out and downloaded is a blob.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self' blob:;"
    " form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)


@cache
def vendored(name: str) -> tuple[bytes, str]:
    """Bytes and ETag of a file of Swagger UI."""
    data = (files("flask_swagger_ui") / "dist" / name).read_bytes()
    return data, hashlib.sha256(data).hexdigest()[:32]


@endpoint(
    "GET /docs",
    tag="Pages",
    scopes=ANYBODY,
    name="getDocs",
    summary="Get Swagger UI",
    description="The contract, to read and try.",
    answers={200: answer("Swagger UI.", **{"text/html": "string"}), 304: NOT_CHANGED},
)
def docs() -> Response:
    return static_answer("docs.html", POLICY)


@endpoint(
    "GET /docs/<name>",
    tag="Pages",
    scopes=ANYBODY,
    name="getDocsFile",
    summary="Get a file of Swagger UI",
    description="A script or a style sheet.",
    answers={200: answer("Script or style.", **{"text/javascript": "string", "text/css": "string"}), 304: NOT_CHANGED},
    problems=(404,),
)
def file(name: str) -> Response:
    if name not in MEDIA_TYPES:
        raise NotFound("The file does not exist.")
    data, etag = vendored(name)
    response = Response(data, content_type=MEDIA_TYPES[name])
    response.set_etag(etag)
    response.headers |= {"Cache-Control": "no-cache", "Content-Security-Policy": "default-src 'none'"}
    return responses.conditional(response)
