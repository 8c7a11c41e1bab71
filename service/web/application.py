"""The WSGI application, built from settings."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from service import web
from service.model.settings import Settings
from service.web import headers, services
from service.web.uploads import Request


def create_app(settings: Settings) -> Flask:
    app = Flask("service", static_folder=None)
    app.request_class = Request
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.config |= {
        "MAX_CONTENT_LENGTH": settings.max_upload,
        "MAX_FORM_MEMORY_SIZE": 500_000,
        "MAX_FORM_PARTS": settings.max_parts,
        "PROPAGATE_EXCEPTIONS": False,
    }
    app.extensions[services.NAME] = services.Services(settings)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=0, x_host=0)  # type: ignore[method-assign]
    app.after_request(headers.protect)
    web.register(app)
    return app
