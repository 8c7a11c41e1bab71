"""Reads and checks the options of a conversion in a request, by the rows of `service.model.options`.

`-` and `_` are equal on the wire.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from service.model import lengths, profiles
from service.model.document import Conversion
from service.model.errors import Place, ValidationFailed
from service.model.options import ALIASES, OPTIONS, Check, Option

KINDS: Mapping[type, type[fields.Field[Any]]] = {bool: fields.Boolean, int: fields.Integer, str: fields.String, dict: fields.Dict}


def _field(option: Option) -> fields.Field[Any]:
    checks: list[Callable[[Any], Any]] = []
    if option.choices:
        checks.append(validate.OneOf(option.choices, error="Must be one of: {choices}."))
    if option.range:
        checks.append(validate.Range(*option.range))
    if option.longest:
        checks.append(validate.Length(max=option.longest))
    if option.check:
        checks.append(_readable(option.check))
    default = option.default
    about: dict[str, Any] = {"validate": checks, "metadata": {"help": option.help.en}}
    if isinstance(default, Mapping):
        about |= {"keys": fields.String(), "load_default": dict}
    return KINDS[type(default)](**{"load_default": default} | about)


def _readable(check: Check) -> Callable[[str], None]:
    """A validator that calls `check` on a value that is not empty. Empty means: the profile decides."""

    def validator(value: str) -> None:
        try:
            if value:
                check(value)
        except ValueError as error:
            raise ValidationError(str(error)) from None

    return validator


SCHEMA = Schema.from_dict({name: _field(option) for name, option in OPTIONS.items()}, name="OptionsSchema")()


def load(to: tuple[str, ...], raw: Mapping[str, Any]) -> Conversion:
    """The Conversion for the options `raw`. Raises ValidationFailed with one place per field, pointer `/field`."""
    values = _named({name.replace("-", "_"): value for name, value in raw.items()})
    given = frozenset(values)
    values = {**_of_profile(values), **values}
    conversion = Conversion(
        to, given=given, **{OPTIONS[name].attribute: value for name, value in checked(SCHEMA, values).items()}
    )
    _check_fit(conversion)
    return conversion


def _named(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values by the names of the options. Raises ValidationFailed if one has values under two names."""
    twice = [alias for alias, name in ALIASES.items() if alias in values and name in values]
    if twice:
        detail = f"{twice[0]} is another name of {ALIASES[twice[0]]}. Send one of them."
        raise ValidationFailed(detail, places=[Place(detail, f"/{twice[0]}")])
    return {ALIASES.get(name, name): value for name, value in values.items()}


def checked(schema: Schema, raw: Mapping[str, Any], what: str = "option") -> dict[str, Any]:
    """The values with defaults. Raises ValidationFailed with one place per field. `what` is the word for a name in messages."""
    places = [Place(unknown(name, schema.fields, what), f"/{name}") for name in raw if name not in schema.fields]
    try:
        values: dict[str, Any] = schema.load({name: value for name, value in raw.items() if name in schema.fields})
    except ValidationError as error:
        messages = error.normalized_messages()  # type: ignore[no-untyped-call]
        places += [Place(sentence(problem), f"/{name}") for name, problem in sorted(messages.items())]
    if places:
        raise ValidationFailed(places[0].detail, places=places)
    return values


def _of_profile(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The defaults of the profile. An explicit option wins. Raises ValidationFailed for an unknown profile."""
    name = values.get("profile", "article")
    return profiles.load(name).options if isinstance(name, str) else {}


def _check_fit(conversion: Conversion) -> None:
    if conversion.csl and not conversion.bibliography:
        detail = "The option csl requires a bibliography."
        raise ValidationFailed(detail, places=[Place(detail, "/csl")])
    if conversion.margin:
        try:
            lengths.check_fit(conversion.paper, conversion.margin)
        except ValueError as error:
            raise ValidationFailed(str(error), places=[Place(str(error), "/margin")]) from error


def properties(schema: Schema = SCHEMA) -> dict[str, dict[str, Any]]:
    """Every field as a JSON Schema property by its wire name: the source of the OpenAPI form fields."""
    return {name: _property(field) for name, field in schema.fields.items()}


def _property(field: fields.Field[Any]) -> dict[str, Any]:
    kinds = {
        fields.Boolean: "boolean", fields.Integer: "integer", fields.Float: "number", fields.Dict: "object",
        fields.List: "array",
    }  # fmt: skip
    out: dict[str, Any] = {"type": next((kind for cls, kind in kinds.items() if isinstance(field, cls)), "string")}
    if isinstance(field, fields.List):
        out["items"] = {"type": "string"}
    for check in field.validators:
        if isinstance(check, validate.OneOf):
            out["enum"] = list(check.choices)
        elif isinstance(check, validate.Range):
            out |= {"minimum": check.min, "maximum": check.max}
        elif isinstance(check, validate.Regexp):
            out["pattern"] = check.regex.pattern
        elif isinstance(check, validate.Length) and check.max is not None:
            out["maxItems" if out["type"] == "array" else "maxLength"] = check.max
    default = field.load_default() if callable(field.load_default) else field.load_default
    return out | ({} if default is None else {"default": default}) | {"description": field.metadata["help"]}


def defaults(*to: str, **overrides: Any) -> Conversion:
    """A Conversion with the defaults and `overrides` (attributes of Options), for tests and callers in this process."""
    return Conversion(to, **overrides)


def unknown(name: str, known: Iterable[str], what: str = "option") -> str:
    """The message for an unknown name, with the nearest known one."""
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"Unknown {what} {name!r}; did you mean {near[0]!r}?" if near else f"Unknown {what} {name!r}."


def sentence(problem: Any) -> str:
    """The first message of marshmallow's nested ones."""
    while isinstance(problem, (dict, list)):
        problem = next(iter(problem.values() if isinstance(problem, dict) else problem))
    return str(problem)
