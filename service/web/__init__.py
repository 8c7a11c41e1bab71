"""The only room that knows Flask: requests in, answers and problems out.
Imports: the rooms from model to jobs, and schemas.
Start with `application.py`, then `convert.py`.
"""

from __future__ import annotations

from flask import Flask

from service.web import (
    ast,
    authentication,
    check,
    convert,
    docs,
    hosts,
    inspect,
    jobs,
    preview,
    problem_pages,
    problems,
    request_log,
    server_info,
    ui,
    validate,
)

BLUEPRINTS = (
    *(convert.blueprint, validate.blueprint, ast.blueprint, inspect.blueprint, check.blueprint),
    *jobs.BLUEPRINTS,
    *(preview.blueprint, server_info.blueprint, ui.blueprint, docs.blueprint, problem_pages.blueprint),
)


def register(app: Flask) -> None:
    request_log.register(app)
    problems.register(app)
    hosts.register(app)
    authentication.register(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
