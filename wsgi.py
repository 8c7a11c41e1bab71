"""For any WSGI server; `colophon serve` brings its own, with limits on slow callers (see docs/operations.md)."""

from service.app import create_app
from service.config import Settings
from service.keys.required import anywhere

application = create_app(anywhere(Settings.from_env()))
