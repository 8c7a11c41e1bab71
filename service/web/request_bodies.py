"""The request bodies in the contract: three for each call, all with the same schema of options."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from schemas.options import properties
from service.model.formats import OUTPUT_FORMATS
from service.web import bodies
from service.web.endpoint import Body, Endpoint, Property

TARGET: Property = {"type": "string", "enum": list(OUTPUT_FORMATS), "description": "An output format."}
BASE64: Property = {"type": "string", "contentEncoding": "base64"}
JSON_MEMBERS: Mapping[str, Property] = {
    bodies.TEXT: {"type": "string", "description": "The text of one article."},
    bodies.NAME: {"type": "string", "description": "The file name of `text`; its suffix names the format."},
    bodies.FILES: {
        "type": "object", "additionalProperties": BASE64,
        "description": "File name to base64: the articles and what they refer to; next to `text`, only the latter.",
    },
    bodies.FONTS: {
        "type": "object", "additionalProperties": BASE64,
        "description": "File name to base64: font files of this conversion (TTF, OTF, TTC, WOFF, WOFF2).",
    },
    bodies.ASSETS: {
        "type": "object", "additionalProperties": BASE64,
        "description": "File name to base64: images and other files that an article refers to, whatever their suffix.",
    },
}  # fmt: skip
FILE_NAME: Property = {
    "description": "The file name of an article that is the body itself. Without it, the Content-Type names the format.",
    "schema": {"type": "string"},
}
FILES_OF_FORM = frozenset({"file", "asset"})


def option_properties() -> dict[str, Property]:
    """The options; those with choices refer to a schema of their own, so that generated clients have one type for each.

    A default is in the description only: generated clients would send it, and it would win over that of the profile.
    """
    return {name: _documented(name, each) for name, each in properties().items()}


def options_without_defaults() -> dict[str, Property]:
    """The options, each with its choices; a default is in the description only."""
    return {name: _without_default(each) for name, each in properties().items()}


def _documented(name: str, each: Property) -> Property:
    plain = _without_default(each)
    if "enum" in each:
        return {"$ref": f"#/components/schemas/{_title(name)}", "description": plain["description"]}
    return plain


def _without_default(each: Property) -> Property:
    default = each.get("default")
    shown = str(default).lower() if isinstance(default, bool) else default
    about = each["description"] + (f" Default: {shown}." if default not in ("", {}, None) else "")
    return {key: value for key, value in each.items() if key != "default"} | {"description": about}


def _title(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def schemas(described: Iterable[Endpoint]) -> dict[str, Property]:
    """Name → schema: Options, their choices, and for each call with a body the form and the JSON object."""
    found: dict[str, Property] = {
        "Options": {
            "type": "object", "description": "The options of a conversion.", "properties": option_properties(),
        },
        "Target": TARGET,
    }  # fmt: skip
    for name, each in properties().items():
        if "enum" in each:
            found[_title(name)] = {"type": "string", "enum": each["enum"], "description": each["description"]}
    for said in described:
        if said.body:
            found |= _of(said.body)
    return found


def _of(body: Body) -> dict[str, Property]:
    options, own = _divided(body.form)
    own = {name: _without_default(each) if "default" in each else each for name, each in own.items()}
    as_form: Property = {"type": "object", "required": list(body.required), "properties": own}
    members = {name: each for name, each in own.items() if name not in FILES_OF_FORM}
    as_json: Property = {"type": "object", "properties": {**JSON_MEMBERS, **members}}
    about = {"description": "Options can also be members of `options`."} if options else {}
    schemas = ((f"{body.name}Form", as_form), (f"{body.name}Request", as_json))
    return {name: _with_options(schema, options) | about for name, schema in schemas}


def _divided(form: Mapping[str, Property]) -> tuple[bool, dict[str, Property]]:
    """Whether the form has the options, and its other fields."""
    known = properties()
    return any(name in known for name in form), {name: each for name, each in form.items() if name not in known}


def _with_options(schema: Property, options: bool) -> Property:
    return {"allOf": [{"$ref": "#/components/schemas/Options"}, schema]} if options else schema


def of(body: Body) -> Property:
    """The requestBody of a call."""
    content: dict[str, Property] = {
        media_type: {"schema": {"$ref": f"#/components/schemas/{body.name}{kind}"}}
        for media_type, kind in ((bodies.FORM, "Form"), (bodies.JSON, "Request"))
    }
    content |= {media_type: {"schema": {"type": "string"}} for media_type in ("text/markdown", "text/html")}
    content[bodies.OCTETS] = {"schema": {"type": "string", "format": "binary"}}
    about = "A form, a JSON object, or the article itself, with the media type of any reader (/v1/formats lists them)."
    return {"required": True, "description": about, "content": content}


def parameters() -> dict[str, Property]:
    """The options as parameters of the query: for articles that are the body itself. A style sheet is too long for it."""
    short = {name: each for name, each in option_properties().items() if each.get("type") != "object" and name != "css"}
    found = {name: _parameter(each) for name, each in short.items()}
    to = {"description": "Output formats.", "style": "form", "explode": True,
          "schema": {"type": "array", "items": {"$ref": "#/components/schemas/Target"}}}  # fmt: skip
    return {"to": to, bodies.NAME: FILE_NAME, **found}


def _parameter(each: Property) -> Property:
    return {"description": each["description"], "schema": {key: value for key, value in each.items() if key != "description"}}


def parameters_of(form: Mapping[str, Property]) -> list[str]:
    """The names of the parameters in components that a call with this form has."""
    return [name for name in parameters() if name in form or name == bodies.NAME]
