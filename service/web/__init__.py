"""The only room that knows Flask: requests in, answers and problems out. What is done in between is `pipeline`'s."""

from __future__ import annotations

from flask import Flask

from service.web import ast, convert, docs, guard, hosts, inspect, jobs, meta, page, pages, preview, problems, validate, watch

BLUEPRINTS = (
    *(convert.blueprint, validate.blueprint, ast.blueprint, inspect.blueprint),
    *jobs.BLUEPRINTS,
    *(preview.blueprint, meta.blueprint, page.blueprint, docs.blueprint, pages.blueprint),
)


def register(app: Flask) -> None:
    watch.register(app)
    problems.register(app)
    hosts.register(app)
    guard.register(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
