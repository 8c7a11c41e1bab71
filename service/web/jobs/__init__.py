"""`/v1/jobs`: many articles, converted later."""

from __future__ import annotations

from service.web.jobs import accepting, endings, files, progress, reading

BLUEPRINTS = (accepting.blueprint, reading.blueprint, progress.blueprint, files.blueprint, endings.blueprint)
