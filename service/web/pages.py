"""Pages for people: what this is, and what each problem means. Plain HTML, no script, nothing from elsewhere."""

from __future__ import annotations

import html

from flask import Blueprint, Response

from service.errors import NotFound, error_classes
from service.web.described import answer, operation

blueprint = Blueprint("pages", __name__)
HTML = {"text/html": "string"}
STYLE = (
    ":root{color-scheme:light dark}body{font:1rem/1.65 system-ui,sans-serif;max-width:44em;margin:3em auto;padding:0 1.2em}"
    "h1{font:600 1.7rem/1.3 Georgia,serif}code,pre{font:.92em/1.5 ui-monospace,monospace}pre{overflow-x:auto;padding:1em;"
    "background:#8881;border-radius:6px}table{border-collapse:collapse}td,th{text-align:start;padding:.3em .8em .3em 0;"
    "vertical-align:top;border-bottom:1px solid #8884}form{display:grid;gap:.8em;padding:1.2em;border:1px solid #8885;"
    "border-radius:8px}button{font:inherit;padding:.5em 1.2em;justify-self:start}"
)


def page(title: str, body: str) -> Response:
    text = (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>'
        f"<body>{body}</body></html>\n"
    )
    response = Response(text, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    return response


@blueprint.get("/problems")
@operation(summary="Every problem there is", answers={200: answer("A page.", **HTML)})
def problem_list() -> Response:
    classes = sorted(error_classes().values(), key=lambda cls: (cls.status, cls.code))
    rows = "".join(
        f'<tr><td>{cls.status}</td><td><a href="/problems/{cls.code}"><code>{cls.code}</code></a></td>'
        f"<td>{html.escape(cls.title)}</td></tr>"
        for cls in classes
    )
    return page("Problems", f"<h1>Problems</h1><table><tr><th>Status</th><th>Code</th><th>Meaning</th></tr>{rows}</table>")


@blueprint.get("/problems/<code>")
@operation(summary="What a problem means", answers={200: answer("A page.", **HTML)}, problems=(404,))
def problem_page(code: str) -> Response:
    cls = error_classes().get(code)
    if cls is None:
        raise NotFound("There is no such problem.")
    retry = "It may go away: try again later." if cls.retryable else "The same request will fail again."
    return page(cls.code, f"<h1><code>{cls.code}</code></h1><p>{html.escape(cls.title)}</p><p>Status {cls.status}. {retry}</p>")
