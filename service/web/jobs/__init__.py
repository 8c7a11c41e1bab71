"""`/v1/jobs`: many articles, converted later."""

from __future__ import annotations

from service.web.jobs import create, delete, download, events, listing

ENDPOINTS = (create, listing, events, download, delete)
