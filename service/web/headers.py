"""The headers of every answer, also of answers that do not come from Flask."""

from __future__ import annotations

from flask import Response

PROTECTION = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


def protect(response: Response) -> Response:
    """Adds the headers that the answer lacks."""
    for name, value in PROTECTION.items():
        response.headers.setdefault(name, value)
    return response
