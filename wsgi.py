"""For any WSGI server; `colophon serve` brings its own, with limits on slow callers (see docs/operations.md)."""

from schemas import house_profiles
from service.app import create_app
from service.jobs.keys.policy import anywhere
from service.model.settings import Settings

house_profiles.check()
application = create_app(anywhere(Settings.from_env()))
