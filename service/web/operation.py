"""What a view says of itself for OpenAPI, beside the view: `openapi.py` walks the routes and collects it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from schemas.options import properties

View = TypeVar("View", bound=Callable[..., Any])
NAME = "colophon_operation"
Property = dict[str, Any]

FILE: Property = {"type": "string", "format": "binary", "description": "The article; or a zip of one article with its images."}
ASSETS: Property = {
    "type": "array",
    "items": {"type": "string", "format": "binary"},
    "description": "Images and other files that the article refers to; the part's file name is the reference. metadata.yaml,"
    " .json or .toml is metadata over the front matter; of several articles, NAME.metadata.yaml is that of NAME.",
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
READ_FORM: dict[str, Property] = {"file": FILE, "asset": ASSETS, "options": OPTIONS, **properties()}
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
class Operation:
    """What the contract says of a call; `name` is its operationId: a verb and a noun."""

    name: str
    summary: str
    description: str
    answers: Mapping[int, Mapping[str, Any]]
    body: Body | None = None
    query: Mapping[str, Property] = field(default_factory=dict)
    headers: Mapping[str, Property] = field(default_factory=dict)
    problems: Sequence[int] = ()


def operation(**said: Any) -> Callable[[View], View]:
    """Attaches an Operation to the view; it changes nothing about how the view runs."""
    described = Operation(**said)

    def attach(view: View) -> View:
        setattr(view, NAME, described)
        return view

    return attach
