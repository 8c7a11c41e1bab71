"""The jobs that a request can see: those of its key, or with scope `admin` those of all keys, which is logged."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from flask import g, request

from service.jobs.records import Job
from service.jobs.store import Page
from service.web import authentication
from service.web.services import services

log = logging.getLogger("colophon.audit")


def seen() -> str | None:
    """The tenant whose jobs may be seen; None for all."""
    found = authentication.key()
    return None if found is not None and "admin" in found.scopes else authentication.tenant()


def job(job_id: str) -> Job:
    """The job. Raises NotFound for a job that the caller cannot see, Gone for one that has expired."""
    found = services().jobs.get(job_id, seen())
    _tell([found])
    return found


def page(cursor: str | None, limit: int, state: str | None, owner: str | None) -> Page:
    """The jobs that the caller can see; only of `owner` if one is named."""
    found, after = services().jobs.page(seen(), cursor, limit, state, owner)
    _tell(found)
    return found, after


def _tell(found: Iterable[Job]) -> None:
    """Logs once per request. The record contains the key and the request's id, like all records."""
    others = [each for each in found if each.tenant != authentication.tenant()]
    if not others or "audited" in g:
        return
    g.audited = True
    rule = request.url_rule.rule if request.url_rule else ""
    said = {"method": request.method, "route": rule, "owners": sorted({each.tenant for each in others})}
    log.info("an admin key accesses a job of another key", extra=said | {"jobs": [each.id for each in others]})
