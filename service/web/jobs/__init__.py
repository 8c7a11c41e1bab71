"""`/v1/jobs`: many articles, converted later."""

from __future__ import annotations

from service.web.jobs import create, delete, download, events, listing

BLUEPRINTS = (create.blueprint, listing.blueprint, events.blueprint, download.blueprint, delete.blueprint)
