"""The only room that knows Flask: requests in, answers and problems out. What is done in between is `pipeline`'s."""

from __future__ import annotations

from flask import Flask

from service.web import ast, convert, guard, inspect, jobs, meta, pages, problems, validate

BLUEPRINTS = (
    *(convert.blueprint, validate.blueprint, ast.blueprint, inspect.blueprint),
    *jobs.BLUEPRINTS,
    *(meta.blueprint, pages.blueprint),
)


def register(app: Flask) -> None:
    problems.register(app)
    guard.register(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
