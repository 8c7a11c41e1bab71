"""For any WSGI server; `colophon serve` runs gunicorn with the settings that fit."""

from service.app import create_app
from service.config import Settings

application = create_app(Settings.from_env())
