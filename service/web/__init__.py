"""The only room that knows Flask: requests in, answers and problems out.
Imports: the rooms from model to jobs, and schemas.
Start with `application.py`, then `convert.py`.
"""

from __future__ import annotations

from flask import Flask

from service.web import (
    agents,
    ast,
    authentication,
    check,
    convert,
    docs,
    endpoint,
    hosts,
    inspect,
    jobs,
    messages,
    opds,
    preview,
    problem_pages,
    problems,
    request_log,
    server_info,
    ui,
    validate,
)

# The modules whose views have rows: a new endpoint is a module here, or a view in one of them.
ENDPOINTS = (
    convert,
    validate,
    ast,
    inspect,
    check,
    *jobs.ENDPOINTS,
    *opds.ENDPOINTS,
    *agents.ENDPOINTS,
    preview,
    server_info,
    messages,
    ui,
    docs,
    problem_pages,
)


def register(app: Flask) -> None:
    request_log.register(app)
    problems.register(app)
    hosts.register(app)
    authentication.register(app)
    endpoint.register(app, (row for module in ENDPOINTS for row in endpoint.of_module(module)))
