"""The contract, collected from the routes and what each view says of itself: `colophon openapi` prints it.

openapi.yaml in the repository is this text; a test fails when it is stale.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml
from apispec import APISpec
from flask import Flask

from service import __version__
from service.model.settings import Settings
from service.web import request_bodies
from service.web.application import create_app
from service.web.authentication import ANYBODY, Scopes, need_of
from service.web.operation import NAME, Operation
from service.web.schemas import SCHEMAS

DESCRIPTION = """\
Turns article files into PDF, EPUB and DOCX, and keeps what their front matter said: it is in every file made,
and can be read back.

An article goes in as a part of multipart/form-data next to its options; as `text`, or as base64 in `files`, of a JSON object; or
as the body itself, with the media type of its format and the options in the query. Failures are application/problem+json
(RFC 9457). Every answer carries X-Request-Id; one that you send is kept.

Where the service requires API keys, everything with `security` needs one (401), of one of the scopes in `x-scopes` (403).
Calls count against the limits of the key (429, RateLimit and RateLimit-Policy). A service on loopback requires no keys.
"""
CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")
STATUS_TEXT = {
    400: "The request is not valid.", 401: "A key is missing or unknown.", 403: "The key does not allow it.",
    404: "The resource does not exist.", 406: "None of the accepted media types can be "
                                                                                   "produced.",
    409: "The state or another request conflicts.", 410: "The resource has expired.",
    413: "The upload is too large.", 414: "The address is too long: put options into the body.",
    415: "The format is not supported.", 422: "The content, a field or a limit prevents the conversion.",
    429: "A quota is used up, or too many invalid keys were "
         "sent.", 500: "The service failed.",
    503: "The service is busy or shutting down. Try again.", 504: "The conversion exceeded its deadline.",
    507: "The storage is full.",
}  # fmt: skip
# Tag → its description, and the prefixes of its paths. The first prefix that fits counts.
TAGS = {
    "Articles": (
        "One article, converted, read or checked at once.",
        ("/v1/convert", "/v1/artifacts", "/v1/preview", "/v1/validate", "/v1/ast", "/v1/inspect", "/v1/check"),
    ),
    "Jobs": ("Many articles, converted later. A job survives restarts of the service.", ("/v1/jobs",)),
    "Server": (
        "What this server can do, and how it is.",
        ("/v1/", "/healthz", "/readyz", "/version", "/metrics", "/openapi.yaml"),
    ),
    "Pages": ("Pages for people.", ("/",)),
}
SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "An API key, made by `colophon keys create`."},
    "header": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "The same key."},
}
PATH_PARAMETERS = {
    "job_id": "The id of the job.", "artifact_id": "The id of the artifact.", "item_id": "The id of the item.",
    "key": "The SHA-256 of the artifact.", "name": "The name of the file.", "code": "The code of the problem.",
}  # fmt: skip
REQUEST_ID = {"description": "The request's id, in the log too.", "schema": {"type": "string"}}
HEADERS = {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}}


def specification() -> dict[str, Any]:
    """OpenAPI 3.1 as plain data."""
    app = create_app(Settings())
    spec = APISpec(
        title="Colophon",
        version=__version__,
        openapi_version="3.1.0",
        info={
            "description": DESCRIPTION,
            "license": {"name": "MIT", "identifier": "MIT"},
            "contact": {"name": "The operator of this server"},
        },
        servers=[{"url": "/", "description": "This server."}],
        security=[{}],
        tags=[{"name": tag, "description": about} for tag, (about, _) in TAGS.items()],
    )
    paths = list(_paths(app))
    for name, schema in {**SCHEMAS, **request_bodies.schemas(_described(app))}.items():
        spec.components.schema(name, schema)
    for name, parameter in request_bodies.parameters().items():
        spec.components.parameter(name, "query", parameter)
    for name, scheme in SCHEMES.items():
        spec.components.security_scheme(name, scheme)
    spec.components.header("RequestId", REQUEST_ID)
    for status in STATUS_TEXT:
        spec.components.response(f"Problem{status}", _problem(status))
    for path, operations in paths:
        spec.path(path, operations=operations)
    found: dict[str, Any] = spec.to_dict()
    return found


def _described(app: Flask) -> Iterator[Operation]:
    """What the views say of themselves."""
    found = (getattr(view, NAME, None) for view in app.view_functions.values())
    return (said for said in found if said is not None)


def text() -> str:
    """The specification as YAML, keys in the order of the code."""
    dumped: str = yaml.safe_dump(_plain(specification()), sort_keys=False, allow_unicode=True, width=120, default_flow_style=None)
    return dumped


def _plain(value: Any) -> Any:
    """Copies, so that YAML has no anchors; tuples become lists."""
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value


def _paths(app: Flask) -> Iterator[tuple[str, dict[str, Any]]]:
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: (not rule.rule.startswith("/v1/"), rule.rule))
    for rule in rules:
        said = getattr(app.view_functions[rule.endpoint], NAME, None)
        if said is None:
            continue
        names = CONVERTER.findall(rule.rule)
        methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        tag = next(tag for tag, (_, prefixes) in TAGS.items() if rule.rule.startswith(prefixes))
        described = {"tags": [tag]} | _operation(said, names, need_of(rule.rule, methods[0]))
        yield CONVERTER.sub(r"{\1}", rule.rule), {method.lower(): described for method in methods}


def _operation(said: Operation, names: list[str], need: Scopes | None) -> dict[str, Any]:
    parameters: list[Any] = [
        {"name": name, "in": "path", "required": True, "description": PATH_PARAMETERS[name], "schema": {"type": "string"}}
        for name in names
    ]
    parameters += [_query(name, schema) for name, schema in said.query.items()]
    parameters += [_header(name, schema) for name, schema in said.headers.items()]
    parameters += request_bodies.parameters_of(said.body.form) if said.body else []
    operation: dict[str, Any] = {"operationId": said.name, "summary": said.summary, "description": said.description}
    if parameters:
        operation["parameters"] = parameters
    if said.body:
        operation["requestBody"] = request_bodies.of(said.body)
    answers = {str(status): _answer(each) for status, each in said.answers.items()}
    statuses = {*said.problems, 429, *({414} if said.body else set())} | ({401, 403} if need is not ANYBODY else set())
    shared = {str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in statuses}
    operation["responses"] = dict(sorted((shared | answers).items()))
    operation["security"] = []
    if need is not ANYBODY:
        operation["security"] = [*({name: list[str]()} for name in SCHEMES), {}]
        operation["x-scopes"] = list(need)
    return operation


def _query(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    rest = {key: value for key, value in schema.items() if key != "description"}
    return {"name": name, "in": "query", "description": schema.get("description", ""), "schema": rest}


def _header(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return _query(name, schema) | {"in": "header"}


def _answer(said: Mapping[str, Any]) -> dict[str, Any]:
    content = {media_type: {"schema": _schema(kind)} for media_type, kind in said.items() if media_type != "description"}
    answer: dict[str, Any] = {"description": said["description"], "headers": HEADERS}
    return answer | ({"content": content} if content else {})


def _schema(kind: str) -> dict[str, Any]:
    if kind == "binary":
        return {"type": "string", "format": "binary"}
    if kind in ("string", "object"):
        return {"type": kind}
    if " or " in kind:
        return {"anyOf": [_schema(each) for each in kind.split(" or ")]}
    return {"$ref": f"#/components/schemas/{kind}"}


def _problem(status: int) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    content = {"application/problem+json": {"schema": schema}}
    return {"description": STATUS_TEXT[status], "headers": HEADERS, "content": content}
