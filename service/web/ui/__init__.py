"""The page at `/`: static files that use the public API. No build step, no external files.

Modules are revalidated on each visit (ETag), so that a page never mixes files of two versions.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Response

from service.model.errors import NotFound
from service.web import responses
from service.web.endpoint import ANYBODY, answer, endpoint

FILES = Path(__file__).resolve().parent / "static"
MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
NOT_CHANGED = answer("Not changed.")
# Pictures of first pages are blobs. Markup is never made from text, so no trusted type is needed.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)


@cache
def contents() -> dict[str, tuple[bytes, str]]:
    """Name → bytes and ETag of every file of the page."""
    found = {file.name: file.read_bytes() for file in sorted(FILES.iterdir()) if file.suffix in MEDIA_TYPES}
    return {name: (data, hashlib.sha256(data).hexdigest()[:32]) for name, data in found.items()}


def static_answer(name: str, policy: str = "default-src 'none'") -> Response:
    """One of the files. Raises NotFound for any other name."""
    if name not in contents():
        raise NotFound("The file does not exist.")
    data, etag = contents()[name]
    response = Response(data, content_type=MEDIA_TYPES[Path(name).suffix])
    response.set_etag(etag)
    response.headers |= {"Cache-Control": "no-cache", "Content-Security-Policy": policy}
    return responses.conditional(response)


@endpoint(
    "GET /",
    tag="Pages",
    scopes=ANYBODY,
    name="getPage",
    summary="Get the upload page",
    description="The page for people.",
    answers={200: answer("The page.", **{"text/html": "string"}), 304: NOT_CHANGED},
)
def home() -> Response:
    return static_answer("index.html", POLICY)


@endpoint(
    "GET /static/<name>",
    tag="Pages",
    scopes=ANYBODY,
    name="getPageFile",
    summary="Get a file of the upload page",
    description="A script, a style sheet or an image.",
    answers={
        200: answer("Style, script or picture.", **{each.partition(";")[0]: "string" for each in MEDIA_TYPES.values()}),
        304: NOT_CHANGED,
    },
    problems=(404,),
)
def file(name: str) -> Response:
    return static_answer(name)
