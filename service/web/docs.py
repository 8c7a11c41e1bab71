"""GET /docs: Swagger UI on /openapi.yaml, from the installed package. GET /docs/: the documentation, as `bin/docs` built it.

Nothing comes from another host.
"""

from __future__ import annotations

import base64
import hashlib
import mimetypes
import re
from functools import cache
from importlib.resources import files
from pathlib import Path

from flask import Response, request

from service.model.errors import NotFound
from service.web import problem_pages, responses
from service.web.endpoint import ANYBODY, answer, endpoint
from service.web.ui import NOT_CHANGED, static_answer

MEDIA_TYPES = {
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "swagger-ui.css": "text/css; charset=utf-8",
}
# Its icons are data: addresses; downloads of a trial request are blobs.
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


SITE = Path(__file__).resolve().parent / "site"
# The search runs in a worker, which has the policy of its own script.
SITE_POLICY = (
    "default-src 'none'; script-src 'self'{scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; worker-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)


NOT_BUILT = "This server has no documentation. `bin/docs` builds it; `bin/up` and the Docker image do so too."
NOT_THERE = answer("No such page, or no documentation.", **{"application/problem+json": "Problem", "text/html": "string"})


@endpoint(
    "GET /docs/",
    tag="Pages",
    scopes=ANYBODY,
    name="getDocsSite",
    summary="Get the documentation",
    description="The start page of the documentation, if this server has it.",
    answers={200: answer("The page.", **{"text/html": "string"}), 304: NOT_CHANGED, 404: NOT_THERE},
)
def site() -> Response:
    return site_answer("index.html")


@endpoint(
    "GET /docs/<path:name>",
    tag="Pages",
    scopes=ANYBODY,
    name="getDocsFile",
    summary="Get a file of the documentation or of Swagger UI",
    description="A page, a script, a style sheet or an image. `/docs/` is the start page.",
    answers={
        200: answer("The file.", **{"text/javascript": "string", "text/css": "string", "text/html": "string", "*/*": "binary"}),
        304: NOT_CHANGED,
        404: NOT_THERE,
    },
)
def file(name: str) -> Response:
    if name not in MEDIA_TYPES:
        return site_answer(name)
    data, etag = vendored(name)
    response = Response(data, content_type=MEDIA_TYPES[name])
    response.set_etag(etag)
    response.headers |= {"Cache-Control": "no-cache", "Content-Security-Policy": "default-src 'none'"}
    return responses.conditional(response)


def site_answer(name: str) -> Response:
    """A file of the built documentation. Raises NotFound, also if it is not built; a browser then gets a page."""
    if not SITE.is_dir():
        if request.accept_mimetypes.best_match(["application/problem+json", "text/html"]) == "text/html":
            return _not_built(root="../" * name.count("/") + "../")
        raise NotFound(NOT_BUILT)
    path = _within(name)
    if path is None:
        raise NotFound("The documentation has no such page.")
    data = path.read_bytes()
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    response = Response(data, content_type=media_type + ("; charset=utf-8" if media_type.startswith("text/") else ""))
    response.set_etag(hashlib.sha256(data).hexdigest()[:32])
    response.headers |= {"Cache-Control": "no-cache", "Content-Security-Policy": policy(data)}
    return responses.conditional(response)


def _not_built(root: str) -> Response:
    """`root` leads from the page to the root of the service."""
    lead = re.sub("`(.*?)`", r"<code>\1</code>", NOT_BUILT)
    body = (
        f'<p class="lead">{lead}</p>'
        f'<p>Here: <a href="{root}docs">the API to try</a>, <a href="{root}problems">the problems</a>.</p>'
    )
    response = problem_pages.page("Documentation", f'<div class="opening"><h1>Documentation</h1>{body}</div>', root=root)
    response.status_code = 404
    return response


def _within(name: str) -> Path | None:
    """The file of this name in the site, or None."""
    try:
        path = (SITE / name).resolve()
        return path if path.is_relative_to(SITE) and path.is_file() else None
    except (OSError, ValueError):  # too long, a NUL
        return None


def policy(page: bytes) -> str:
    """The policy of a page: only the scripts in it may run, by their hashes (CSP 3, section 2.3.1)."""
    scripts = (each.partition(b"</script>")[0] for each in page.split(b"<script>")[1:])
    sums = (base64.b64encode(hashlib.sha256(each).digest()).decode() for each in scripts)
    return SITE_POLICY.format(scripts="".join(f" 'sha256-{each}'" for each in sums))
