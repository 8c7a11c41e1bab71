"""The table of tools: each is one request to the service. The schemas of their options come from the table of options."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from schemas import requests
from schemas.options import unknown
from service.model.errors import Place, ValidationFailed
from service.model.formats import OUTPUT_FORMATS
from service.web import bodies, problems, request_bodies
from service.web.agents.calls import Answer, Call

Arguments = Mapping[str, Any]
Schema = dict[str, Any]
LINK, ID, WAIT = "link", "id", "wait"
LINKED = ("/v1/artifacts/", "/v1/jobs/")  # paths that a link may have
USUAL_WAIT = 20  # seconds

ARTICLE: Mapping[str, Schema] = {
    **{name: dict(each) for name, each in request_bodies.JSON_MEMBERS.items()},
    bodies.URL: {
        "type": "string", "description": "The address of a page, instead of `text`. Only where the operator allows it.",
    },
}  # fmt: skip
TARGETS: Schema = {
    "type": "array", "items": {"type": "string", "enum": list(OUTPUT_FORMATS)}, "minItems": 1, "description": "Output formats.",
}  # fmt: skip
OPTIONS: Schema = {
    "type": "object", "additionalProperties": False, "description": "Options of the conversion.",
    "properties": request_bodies.options_without_defaults(),
}  # fmt: skip
NAME: Schema = {"type": "string", "description": "A name of your own for the job."}
MADE: Mapping[str, Schema] = {
    bodies.FILES: {
        "type": "object", "additionalProperties": request_bodies.BASE64, "maxProperties": 1,
        "description": "File name to base64: one PDF, EPUB or DOCX of any program. Without it, send a link.",
    },
    LINK: {"type": "string", "description": "The link of an artifact, from a result of convert or job_status."},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Artifact:
    """An artifact of a result. `url` is its link, which expires with the artifact."""

    name: str
    media_type: str
    size: int
    url: str


@dataclass(frozen=True, slots=True)
class Result:
    """The JSON that a tool answers. `failed`: `body` is a problem (RFC 9457)."""

    body: Mapping[str, Any]
    artifacts: Sequence[Artifact] = ()
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Tool:
    """A row. `path` is the path of the request; `properties` are the members of its body, and of the arguments."""

    title: str
    description: str
    path: str
    properties: Mapping[str, Schema]
    required: tuple[str, ...] = ()
    reads_only: bool = True  # creates nothing that a later call can see

    @property
    def schema(self) -> Schema:
        """JSON Schema of the arguments."""
        return {
            "type": "object", "properties": dict(self.properties), "required": list(self.required), "additionalProperties": False,
        }  # fmt: skip


TOOLS: Mapping[str, Tool] = {
    "convert": Tool(
        "Convert an article",
        "Convert one article to PDF, EPUB, DOCX and other formats. The result has the metadata, the notices (what was recovered,"
        " dropped or replaced) and a link for each artifact.",
        "/v1/convert",
        {**ARTICLE, "to": TARGETS, "options": OPTIONS},
        required=("to",),
        reads_only=False,
    ),
    "validate": Tool(
        "Validate an article",
        "Read an article as a conversion would. The result has the metadata and the notices. Nothing is converted.",
        "/v1/validate",
        {**ARTICLE, "options": OPTIONS},
    ),
    "inspect": Tool(
        "Read the metadata of a PDF, EPUB or DOCX",
        "Read the metadata and the facts of a file, also of other programs.",
        "/v1/inspect",
        MADE,
    ),
    "check": Tool(
        "Check a PDF, EPUB or DOCX",
        "Check what a file claims (PDF/UA, PDF/A, EPUB Accessibility), and list each finding with its place and its repair.",
        "/v1/check",
        MADE,
    ),
    "job": Tool(
        "Convert articles as a job",
        "Convert one or more articles later. Use it for several articles or a long one. The result has the id of the job:"
        " call job_status with it.",
        "/v1/jobs",
        {**ARTICLE, "to": TARGETS, "options": OPTIONS, "name": NAME},
        required=("to",),
        reads_only=False,
    ),
    "job_status": Tool(
        "Get a job",
        "The state of a job, its problems and notices, and a link for each artifact.",
        "/v1/jobs/",
        {
            ID: {"type": "string", "description": "The id of the job."},
            WAIT: {
                "type": "number", "minimum": 0, "maximum": requests.LONGEST_WAIT,
                "description": f"Seconds to wait for the end of the job. Default: {USUAL_WAIT}.",
            },
        },
        required=(ID,),
    ),
}  # fmt: skip


def run(name: str, arguments: Arguments, call: Call) -> Result:
    """The result of a tool. Raises KeyError for an unknown name. A refusal of the service is a failed result."""
    tool = TOOLS[name]
    if wrong := sorted(arguments.keys() - tool.properties.keys()):
        return refusal(unknown(wrong[0], tool.properties, "argument"), wrong[0])
    if name == "job_status":
        return _shown(call("GET", _status_path(tool, arguments), None))
    if LINK in arguments:
        linked = read(str(arguments[LINK]), call)
        if linked.status != 200:
            return _shown(linked)
        # The bytes are in this process already: base64 is only their form in the request.
        arguments = {bodies.FILES: {file_name(str(arguments[LINK])): base64.b64encode(linked.body).decode()}}
    return _shown(call("POST", tool.path, json.dumps(arguments, ensure_ascii=False).encode()))


def read(link: str, call: Call) -> Answer:
    """The artifact at a link. Only the path of the link is used: the request always goes to this service."""
    path = urlsplit(link).path
    if not path.startswith(LINKED) or ".." in path:
        body = refusal("The link is not one of an artifact of this service.", LINK).body
        return Answer(422, "application/problem+json", json.dumps(body).encode())
    return call("GET", quote(path, safe="/%"), None)


def file_name(link: str) -> str:
    return urlsplit(link).path.rsplit("/", 1)[-1] or "artifact"


def refusal(detail: str, argument: str) -> Result:
    """The result for an argument that is not valid: a problem, as the service answers it."""
    return Result(problems.document(ValidationFailed(detail, places=[Place(detail, f"/{argument}")])), failed=True)


def _status_path(tool: Tool, arguments: Arguments) -> str:
    return f"{tool.path}{_quoted(arguments.get(ID)) or '-'}?wait={_quoted(arguments.get(WAIT, USUAL_WAIT))}"


def _quoted(value: Any) -> str:
    return quote("" if value is None else str(value), safe="")


def _shown(answer: Answer) -> Result:
    body = json.loads(answer.body)
    if answer.status >= 400:
        return Result(body, failed=True)
    return Result(_brief(body), tuple(map(_artifact, body.get("artifacts", ()))))


# Members that an agent does not need: they repeat others, or are long.
LONG: Mapping[str, Callable[[Any], Any]] = {
    "artifact": lambda _: None,
    "artifacts": lambda all: [{key: value for key, value in each.items() if key not in ("report", "notices")} for each in all],
    "items": lambda all: [{key: each[key] for key in ("id", "name", "state", "problem", "notices")} for each in all],
    "front_matter": lambda _: None,
    "metadata": lambda fields: {name: value for name, value in fields.items() if value},
}


def _brief(body: Mapping[str, Any]) -> dict[str, Any]:
    shown = {key: LONG[key](value) if key in LONG else value for key, value in body.items()}
    return {key: value for key, value in shown.items() if value is not None}


def _artifact(of: Mapping[str, Any]) -> Artifact:
    return Artifact(of["name"], of["media_type"], of["size"], of["url"])
