"""For any WSGI server; `colophon serve` runs gunicorn with the settings that fit."""

from service.app import create_app
from service.config import Settings
from service.keys.required import anywhere

application = create_app(anywhere(Settings.from_env()))
