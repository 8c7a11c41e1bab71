"""What a view says of itself for OpenAPI, beside the view: `openapi.py` walks the routes and collects it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from schemas.options import properties
from service.model.formats import OUTPUT_FORMATS

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
OPTIONS: Property = {"type": "string", "contentMediaType": "application/json", "description": "All options as one JSON object."}
METADATA: Property = {
    "type": "string",
    "contentMediaType": "application/json",
    "description": "Metadata that overrides the front matter, as a JSON object.",
}
METADATA_DEFAULTS: Property = METADATA | {"description": properties()["metadata_defaults"]["description"]}


def targets() -> Property:
    return {
        "type": "array",
        "items": {"type": "string", "enum": list(OUTPUT_FORMATS)},
        "minItems": 1,
        "description": "What to make; repeated, or separated by commas.",
    }


DEADLINE: dict[str, Property] = {
    "Colophon-Deadline": {
        "type": "number",
        "exclusiveMinimum": 0,
        "maximum": 9999,
        "description": "Your own deadline, in seconds.",
    }
}
OBJECTS: dict[str, Property] = {"metadata": METADATA, "metadata_defaults": METADATA_DEFAULTS}
READ_FORM: dict[str, Property] = {"file": FILE, "asset": ASSETS, "options": OPTIONS, **properties(), **OBJECTS}
CONVERT_FORM: dict[str, Property] = {
    "file": FILE,
    "to": targets(),
    **{name: each for name, each in READ_FORM.items() if name != "file"},
}


def answer(description: str, **content: str) -> dict[str, Any]:
    """`content`: media type → "binary", "string", "object", a schema's name, or "A or B". Media types are passed with `**`."""
    return {"description": description, **content}


def operation(
    *,
    summary: str,
    answers: Mapping[int, Mapping[str, Any]],
    description: str = "",
    form: Mapping[str, Property] | None = None,
    query: Mapping[str, Property] | None = None,
    headers: Mapping[str, Property] | None = None,
    required: Sequence[str] = ("file",),
    problems: Sequence[int] = (),
) -> Callable[[View], View]:
    """Attaches the description to the view; it changes nothing about how the view runs."""

    def attach(view: View) -> View:
        described = {
            "summary": summary, "description": description, "form": form, "query": query or {}, "headers": headers or {},
            "required": tuple(required), "answers": dict(answers), "problems": tuple(problems),
        }  # fmt: skip
        setattr(view, NAME, described)
        return view

    return attach
