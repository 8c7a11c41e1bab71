"""Checks the names of requests if the service listens on loopback and requires no keys.

There every page that the user opens can reach it: by a name that changes its address to 127.0.0.1 (DNS rebinding), or
by a form, which a browser sends without a check. A key prevents both; without keys this check does. Fetch metadata:
https://www.w3.org/TR/fetch-metadata/.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, request

from service.jobs.keys.policy import is_loopback, required
from service.model.http_errors import CrossSite, Misdirected
from service.model.settings import Settings
from service.web.services import of

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def register(app: Flask) -> None:
    settings = of(app).settings
    if required(settings) or not is_loopback(settings.host):
        return
    public = _public_names(settings)

    def check() -> None:
        """Raises Misdirected, CrossSite."""
        host = request.environ.get("HTTP_HOST", "")
        if host and not _is_ours(f"//{host}", public):
            raise Misdirected(
                "Without API keys the service answers only to host names of this machine and of COLOPHON_PUBLIC_URL."
            )
        if request.method in SAFE:
            return
        origin, site = request.headers.get("Origin", ""), request.headers.get("Sec-Fetch-Site", "").strip().lower()
        own = origin == "null" and site == "same-origin"  # a form of the service's page, whose Referrer-Policy hides the origin
        if site == "cross-site" or (origin and not own and not _is_ours(origin, public)):
            raise CrossSite("Without API keys the service refuses requests from pages of other sites.")

    app.before_request(check)


def _public_names(settings: Settings) -> frozenset[str]:
    return frozenset({_host_of(settings.public_url), settings.host.lower(), "localhost"} - {""})


def _is_ours(url: str, public: frozenset[str]) -> bool:
    host = _host_of(url)
    return host in public or (bool(host) and is_loopback(host))


def _host_of(url: str) -> str:
    """The name or address in `url`, without a port; empty without one, or if it cannot be parsed."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""
