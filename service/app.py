"""The WSGI application by its usual name, for `wsgi.py` and other servers."""

from service.web.application import create_app

__all__ = ["create_app"]
