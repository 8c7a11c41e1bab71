"""The row of an endpoint, next to its view. Routing, keys, limits, parameters and the contract follow from the row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FunctionType, ModuleType
from typing import Any, TypeVar, cast

from flask import Flask, Response, current_app, request
from marshmallow import Schema

from schemas.options import checked, properties

View = TypeVar("View", bound=Callable[..., Response])
NAME = "colophon_endpoint"
Scopes = tuple[str, ...]
ANYBODY, ANY_KEY = None, ()
CONVERT, JOBS, METRICS, ADMIN = ("convert",), ("jobs",), ("metrics",), ("admin",)
FREE, REQUEST, CONVERSION, JOB = "free", "request", "conversion", "job"
Property = dict[str, Any]

FILE: Property = {"type": "string", "format": "binary", "description": "The article; or a zip of one article with its images."}
ASSETS: Property = {
    "type": "array",
    "items": {"type": "string", "format": "binary"},
    "description": "Images and other files that the article refers to; the part's file name is the reference. metadata.yaml,"
    " .json or .toml is metadata over the front matter; of several articles, NAME.metadata.yaml is that of NAME. A file in the"
    " folder colophon-fonts is a font of the conversion, as is a file in the field `font`.",
}
URL: Property = {
    "type": "array",
    "items": {"type": "string", "maxLength": 2_048},
    "example": [],  # otherwise Swagger UI sends its own address
    "description": "The address of a page, instead of `file`, or next to it where several articles are sent. Its main text is"
    " converted unless `extract` says otherwise. Only where the operator allows it (COLOPHON_FETCH_PAGES): /v1/options then"
    " lists `url`.",
}
OPTIONS: Property = {"$ref": "#/components/schemas/Options"}
TARGETS: Property = {
    "type": "array",
    "items": {"$ref": "#/components/schemas/Target"},
    "minItems": 1,
    "description": "Output formats; repeated, or separated by commas. Without it, Accept names the format of /v1/convert.",
}


DEADLINE: dict[str, Property] = {
    "Colophon-Deadline": {
        "type": "number",
        "exclusiveMinimum": 0,
        "maximum": 9999,
        "description": "Your own deadline, in seconds.",
    }
}
READ_FORM: dict[str, Property] = {"file": FILE, "url": URL, "asset": ASSETS, "options": OPTIONS, **properties()}
CONVERT_FORM: dict[str, Property] = {"file": FILE, "to": TARGETS, **READ_FORM}


def answer(description: str, **content: str) -> dict[str, Any]:
    """`content`: media type → "binary", "string", "object", a schema's name, or "A or B". Media types are passed with `**`."""
    return {"description": description, **content}


@dataclass(frozen=True, slots=True)
class Body:
    """The body of a call. `name` is that of its schemas in components; `required` the fields of the form."""

    name: str
    form: Mapping[str, Property]
    required: tuple[str, ...] = ("file",)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A row: rights, parameters, body and answers of a call. `name` is its operationId: a verb and a noun.

    `scopes`: ANYBODY, ANY_KEY, or the scopes of which a key must have one. `cost` is what the call uses of the limits of a
    key: FREE, REQUEST, CONVERSION or JOB; each includes those before. `query` is the schema of the parameters: the view gets
    their values as `asked`, and unknown names are refused.
    """

    method: str
    path: str
    name: str
    summary: str
    description: str
    tag: str
    scopes: Scopes | None
    cost: str
    answers: Mapping[int, Mapping[str, Any]]
    view: Callable[..., Response]
    body: Body | None = None
    message: Property | None = None  # the schema of a JSON body that is not an article
    query: Schema | None = None
    headers: Mapping[str, Property] = field(default_factory=dict)
    problems: Sequence[int] = ()

    def answer(self, **path: str) -> Response:
        """The answer of the view. Raises ValidationFailed for parameters that do not match the schema."""
        if self.query is None:
            return self.view(**path)
        return self.view(**path, asked=checked(self.query, request.args, "parameter"))


def endpoint(route: str, **row: Any) -> Callable[[View], View]:
    """Attaches its row to a view; `route` is `METHOD /path`. The cost is REQUEST if the row names none, FREE without a key."""

    def attach(view: View) -> View:
        method, path = route.split()
        usual = FREE if row["scopes"] is ANYBODY else REQUEST
        setattr(view, NAME, Endpoint(method, path, view=view, **{"cost": usual, **row}))
        return view

    return attach


def of_module(module: ModuleType) -> list[Endpoint]:
    """The rows of the views in a module, in their order."""
    return [getattr(view, NAME) for view in vars(module).values() if isinstance(view, FunctionType) and hasattr(view, NAME)]


def register(app: Flask, rows: Iterable[Endpoint]) -> None:
    app.extensions[NAME] = {row.name: row for row in rows}
    for row in app.extensions[NAME].values():
        app.add_url_rule(row.path, row.name, row.answer, methods=[row.method])


def of_app(app: Flask) -> Mapping[str, Endpoint]:
    """Name → row of every endpoint."""
    return cast(Mapping[str, Endpoint], app.extensions[NAME])


def of_request() -> Endpoint | None:
    """The row of the current request; None if no endpoint has its path and method."""
    return None if request.endpoint is None else of_app(current_app).get(request.endpoint)


def needed() -> Scopes | None:
    """The rights that the current request needs. A route without a row needs a key; an unknown path is 404, or 405."""
    if request.url_rule is None:
        return ANYBODY
    row = of_request()
    return ANY_KEY if row is None else row.scopes
