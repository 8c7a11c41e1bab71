"""A page for each problem with its meaning. Plain HTML in the look of the page at `/`, without scripts or external files."""

from __future__ import annotations

import html

from flask import Response

from service.model.errors import NotFound, error_classes
from service.model.problem_hints import hint_of
from service.web.endpoint import ANYBODY, answer, endpoint

HTML = {"text/html": "string"}
POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}: Colophon</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="{root}static/mark.svg" type="image/svg+xml">
<link rel="stylesheet" href="{root}static/page.css">
</head>
<body>
<header class="masthead">
  <a class="wordmark" href="{root}."><img src="{root}static/mark.svg" alt="" width="28" height="28"><span>Colophon</span></a>
  <nav aria-label="Pages"><a href="{root}docs">API</a><a href="{root}problems">Problems</a></nav>
</header>
<main>{body}</main>
</body>
</html>
"""


def page(title: str, body: str, root: str = "") -> Response:
    """`root` leads from the page to the root of the service, also behind a proxy."""
    text = PAGE.format(title=html.escape(title), body=body, root=root)
    response = Response(text, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = POLICY
    return response


@endpoint(
    "GET /problems",
    tag="Pages",
    scopes=ANYBODY,
    name="listProblems",
    summary="List the problems",
    description="A page with every problem.",
    answers={200: answer("A page.", **HTML)},
)
def problem_list() -> Response:
    classes = sorted(error_classes().values(), key=lambda cls: (cls.status, cls.code))
    rows = "".join(
        f'<tr><td>{cls.status}</td><th scope="row"><a href="problems/{cls.code}"><code>{cls.code}</code></a></th>'
        f"<td>{html.escape(cls.title)}</td></tr>"
        for cls in classes
    )
    head = '<thead><tr><th scope="col">Status</th><th scope="col">Code</th><th scope="col">Meaning</th></tr></thead>'
    lead = '<p class="lead">The problems that this service reports (RFC 9457).</p>'
    return page("Problems", f'<div class="opening"><h1>Problems</h1>{lead}</div><table>{head}<tbody>{rows}</tbody></table>')


@endpoint(
    "GET /problems/<code>",
    tag="Pages",
    scopes=ANYBODY,
    name="getProblem",
    summary="Explain a problem",
    description="A page with the meaning of a problem, and what to do.",
    answers={200: answer("A page.", **HTML)},
    problems=(404,),
)
def problem_page(code: str) -> Response:
    cls = error_classes().get(code)
    if cls is None:
        raise NotFound("The problem does not exist.")
    retry = "It may go away: try again later." if cls.retryable else "The same request will fail again."
    body = f'<p class="lead">{html.escape(cls.title)}</p><p>{html.escape(hint_of(cls))}</p><p>Status {cls.status}. {retry}</p>'
    more = '<p><a href="../problems">All problems</a></p>'
    return page(cls.code, f'<div class="opening"><h1><code>{cls.code}</code></h1>{body}{more}</div>', root="../")
