"""The contract, collected from the rows of the endpoints. `colophon openapi` prints it.

openapi.yaml in the repository is this text; a test fails when it is stale.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import yaml
from apispec import APISpec

from schemas.options import properties
from service import __version__
from service.model.settings import Settings
from service.web import endpoint, request_bodies
from service.web.application import create_app
from service.web.endpoint import ANYBODY, Endpoint
from service.web.schemas import SCHEMAS

DESCRIPTION = """\
Converts articles to PDF, EPUB and DOCX, and keeps their metadata: it is in every file, and can be read back.

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
    502: "The host of a page gives no page.",
    503: "The service is busy or shutting down. Try again.", 504: "The conversion exceeded its deadline.",
    507: "The storage is full.",
}  # fmt: skip
TAGS = {
    "Articles": "One article, converted, read or checked at once.",
    "Jobs": "Many articles, converted later. A job survives restarts of the service.",
    "Agents": "The tools of the Model Context Protocol.",
    "Server": "What this server can do, and how it is.",
    "Pages": "Pages for people.",
}
SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "An API key, created by `colophon keys create`."},
    "header": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "The same key."},
}
PATH_PARAMETERS = {
    "job_id": "The id of the job.", "artifact_id": "The id of the artifact.", "item_id": "The id of the item.",
    "key": "The SHA-256 of the artifact.", "name": "The name of the file.", "code": "The code of the problem.",
    "target": "The output format.",
}  # fmt: skip
REQUEST_ID = {"description": "The request's id, in the log too.", "schema": {"type": "string"}}
HEADERS = {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}}


def specification() -> dict[str, Any]:
    """OpenAPI 3.1 as plain data."""
    rows = endpoint.of_app(create_app(Settings())).values()
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
        tags=[{"name": tag, "description": about} for tag, about in TAGS.items()],
    )
    for name, schema in {**SCHEMAS, **request_bodies.schemas(rows)}.items():
        spec.components.schema(name, schema)
    for name, parameter in request_bodies.parameters().items():
        spec.components.parameter(name, "query", parameter)
    for name, scheme in SCHEMES.items():
        spec.components.security_scheme(name, scheme)
    spec.components.header("RequestId", REQUEST_ID)
    for status in STATUS_TEXT:
        spec.components.response(f"Problem{status}", _problem(status))
    for path, operations in _paths(rows):
        spec.path(path, operations=operations)
    found: dict[str, Any] = spec.to_dict()
    return found


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


def _paths(rows: Iterable[Endpoint]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The paths of the contract. `/docs/` is the page of `/docs/{name}` without a name, and not a path of its own."""
    described = [row for row in rows if row.path == "/" or not row.path.endswith("/")]
    for row in sorted(described, key=lambda row: (not row.path.startswith("/v1/"), row.path)):
        yield CONVERTER.sub(r"{\1}", row.path), {row.method.lower(): _operation(row)}


def _operation(row: Endpoint) -> dict[str, Any]:
    parameters: list[Any] = [
        {"name": name, "in": "path", "required": True, "description": PATH_PARAMETERS[name], "schema": {"type": "string"}}
        for name in CONVERTER.findall(row.path)
    ]
    parameters += [_query(name, schema) for name, schema in (properties(row.query) if row.query else {}).items()]
    parameters += [_header(name, schema) for name, schema in row.headers.items()]
    parameters += request_bodies.parameters_of(row.body.form) if row.body else []
    operation: dict[str, Any] = {
        "tags": [row.tag], "operationId": row.name, "summary": row.summary, "description": row.description,
    }  # fmt: skip
    if parameters:
        operation["parameters"] = parameters
    if row.body:
        operation["requestBody"] = request_bodies.of(row.body)
    if row.message:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": row.message}}}
    answers = {str(status): _answer(each) for status, each in row.answers.items()}
    statuses = {*row.problems, 429, *({414} if row.body else set())} | ({401, 403} if row.scopes is not ANYBODY else set())
    shared = {str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in statuses}
    operation["responses"] = dict(sorted((shared | answers).items()))
    operation["security"] = []
    if row.scopes is not ANYBODY:
        operation["security"] = [*({name: list[str]()} for name in SCHEMES), {}]
        operation["x-scopes"] = list(row.scopes)
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
